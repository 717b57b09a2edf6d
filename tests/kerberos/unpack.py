"""`python -m tests.kerberos.unpack DIR`: the programs of a realm, where a Debian or Ubuntu has only apt.

The packages that are missing are downloaded and unpacked into the folder; nothing is installed, and nothing needs root.
Prints the PATH and the LD_LIBRARY_PATH with which they are found; nothing where this machine has them anyway. Ends with
1 and one sentence where they cannot be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.kerberos.tools import PROGRAMS, Tools, find

#: What the runtime library of GSSAPI is in; the suite and the mock use it.
LIBRARY = "libgssapi-krb5-2"


class UnpackError(Exception):
    """The packages cannot be had. One sentence."""


def unpack(folder: Path, *options: str) -> dict[str, str]:
    """Download and unpack what is missing; the variables that make it be found. `options` go to apt-get."""
    if missing := [name for name in ("apt-get", "dpkg") if shutil.which(name) is None]:
        raise UnpackError(f"no {' and no '.join(missing)} here: install the MIT Kerberos server by other means")
    root = folder / "root"
    if not root.exists():
        apt = [*_private(folder), *options]
        _run(folder, *apt, "update")
        planned = _run(folder, *apt, "--simulate", "--no-install-recommends", "install", *_wanted())
        names = [line.split()[1] for line in planned.splitlines() if line.startswith("Inst ")]
        _run(folder, *apt, "download", *names)
        for package in sorted(folder.glob("*.deb")):
            _run(folder, "dpkg", "--extract", str(package), str(folder / "fresh"))
        (folder / "fresh").rename(root)
    libraries = sorted({str(each.parent) for each in root.glob("usr/lib/*/lib*.so.*")})
    programs = [str(root / "usr" / each) for each in ("bin", "sbin")]
    return {"PATH": _before("PATH", programs), "LD_LIBRARY_PATH": _before("LD_LIBRARY_PATH", libraries)}


def _private(folder: Path) -> list[str]:
    """apt-get with lists and a cache of its own."""
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (folder / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Debug::NoLocking": "true",
        "APT::Sandbox::User": "",
    }
    return ["apt-get", "--quiet", *(word for name, value in settings.items() for word in ("-o", f"{name}={value}"))]


def _wanted() -> list[str]:
    return [*dict.fromkeys(PROGRAMS.values()), LIBRARY]


def _run(folder: Path, *command: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, "LC_ALL": "C"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = next((line for line in done.stderr.splitlines() if line.startswith("E:")), done.stderr.strip()[-300:])
        raise UnpackError(f"{command[0]} could not get {' '.join(_wanted())}: {why}")
    return done.stdout


def _before(name: str, folders: list[str]) -> str:
    return os.pathsep.join([*folders, *filter(None, [os.environ.get(name)])])


def main(arguments: list[str]) -> int:
    """Print NAME=VALUE lines; returns the exit code."""
    if isinstance(find(), Tools):
        return 0
    folder = Path(arguments[0]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        found = unpack(folder)
    except UnpackError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{name}={value}\n" for name, value in found.items())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
