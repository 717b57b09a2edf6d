"""Maintainers' commands: `nox -l` lists them, `nox` runs what has to pass before a commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_existing_virtualenvs = True
nox.options.sessions = ["style", "typing", "imports", "tests"]

ROOT = Path(__file__).parent
PINS = ROOT / "tests" / "live" / "pins"


def _install_project(session: nox.Session) -> None:
    session.install("-e", ".[suite]", *nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "dev"))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the repository's tests (arguments go to pytest)."""
    _install_project(session)
    session.run("pytest", *session.posargs)


@nox.session
def style(session: nox.Session) -> None:
    """Check style and format with ruff."""
    session.install("ruff>=0.14,<1")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types with mypy, strictly."""
    _install_project(session)
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Check that suite and mock share data only (the import rule)."""
    _install_project(session)
    session.run("lint-imports")


@nox.session
def contract(session: nox.Session) -> None:
    """Refresh the interface contract from the published Airflow packages (-- --check compares only)."""
    _install_project(session)
    session.install("pip")
    session.run("python", "-m", "specs.refresh", *session.posargs)


@nox.session
def proof(session: nox.Session) -> None:
    """Prove that the suite finds the deviations that a change touched; -- --all: every one, and the impostors."""
    _install_project(session)
    session.run("python", "-m", "tests.proof", *session.posargs, env=_realm(session))
    if "--all" in session.posargs:
        session.run("pytest", "tests/proof", "--proof", "-n", "auto")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure the mock against a bare application that sends the same bytes; -- suite: the suite at a distance."""
    _install_project(session)
    subject, *others = session.posargs if session.posargs[:1] == ["suite"] else ["mock", *session.posargs]
    session.run("python", "-m", f"tests.bench.{subject}", *others)


#: The versions that stock Schemathesis was let loose on, and the API of each that was measured.
STOCK = {"3.3": "public-v2", "2.11": "stable-v1"}


@nox.session
def stock(session: nox.Session) -> None:
    """Let stock Schemathesis loose on the mock; with -- 3.3 or -- 2.11 on that Airflow too, to measure it anew."""
    _install_project(session)
    command = ["python", "-m", "tests.stock"]
    measured = [version for version in STOCK if version in session.posargs]
    rest = [word for word in session.posargs if word not in STOCK]
    for version in measured:
        session.run(*command, STOCK[version], "--venv", str(_installed(session, version)), *rest)
    if not measured:
        session.run(*command, *rest)


@nox.session
def twins(session: nox.Session) -> None:
    """Compare the mock with recordings of real Airflow; with -- 3.3 or other versions, record those anew before."""
    _install_project(session)
    command = ["python", "-m", "tests.twins"]
    for version in session.posargs:
        venv = _installed(session, version)
        session.run(*command, version, "--venv", str(venv), success_codes=[0, 1])  # what differs is told in the end
    session.run(*command)


@nox.session
def docs(session: nox.Session) -> None:
    """Write the pages of docs/ that are made from data (-- --check says only which are stale)."""
    _install_project(session)
    session.run("python", "-m", "tests.docs", *session.posargs)


@nox.session
def clients(session: nox.Session) -> None:
    """Play a day's calls through Airflow's own clients, against the mock, as real Airflow answered them."""
    _install_project(session)
    folder = _clients(session, *CLIENTS.values())
    if python := _python("1.10"):
        _airflow(session, "1.10", python, "airflow-1.10")
    session.run("pytest", "tests/clients", "--clients", str(folder), *session.posargs, env=_realm(session))


@nox.session
def kerberos(session: nox.Session) -> None:
    """Run the tests that take a Kerberos realm, made on loopback; a KDC that is not here is unpacked, not installed."""
    _install_project(session)
    session.run("pytest", "-m", "kerberos", *session.posargs, env=_realm(session))


#: The Pythons that each version runs on and that it was tried with; the first that is found is taken.
PYTHONS = {
    "3.3": ["3.11"],
    "3.0": ["3.11"],
    "2.11": ["3.11"],
    "2.10": ["3.11"],
    "2.6": ["3.8"],
    "2.2": ["3.8"],
    "1.10": ["3.7", "3.8"],
}
#: The versions that are booted with Kerberos, and what it takes to build what they need for it.
KERBEROS = ["2.11", "1.10"]
BUILD_KERBEROS = {"gcc": "gcc", "krb5-config": "libkrb5-dev"}
#: The versions that a transcript of an official Python client is kept of, the contract that it speaks, and the client.
CLIENTS = {"2.11": "stable-v1", "3.3": "public-v2"}
RELEASES = {"stable-v1": "2.10.0", "public-v2": "3.3.2"}


def _session(version: str) -> None:
    @nox.session(name=f"live-{version}")
    def live(session: nox.Session) -> None:
        _live(session, version)

    live.__doc__ = f"Install a real Airflow {version}, boot it from the profiles on loopback, run the suite against it."


for _version in PYTHONS:
    _session(_version)


def _live(session: nox.Session, version: str) -> None:
    _install_project(session)
    venv = _installed(session, version)
    options = ["--airflow", version, "--airflow-venv", str(venv)]
    if version in CLIENTS:
        options += ["--clients", str(_clients(session, CLIENTS[version]))]
    realm = _realm(session) if version in KERBEROS else {}
    session.run("pytest", "tests/live", *options, *session.posargs, env=realm)


def _installed(session: nox.Session, version: str) -> Path:
    """An environment with a real Airflow of that version; the session is skipped where no Python runs it."""
    if version not in PYTHONS:
        session.error(f"no Airflow {version!r} is installed here; there are {', '.join(PYTHONS)}")
    python = _python(version)
    if python is None:
        wanted = " or ".join(PYTHONS[version])
        session.skip(f"no Python {wanted} on this machine, which Airflow {version} needs: not run")
    return _airflow(session, version, python, "airflow")


def _airflow(session: nox.Session, version: str, python: str, name: str) -> Path:
    """An environment with a real Airflow, with Kerberos where that can be built."""
    pins = ["-r", str(PINS / f"airflow-{version}.txt")]
    missing = [package for program, package in BUILD_KERBEROS.items() if not shutil.which(program)]
    if version in KERBEROS and missing:
        session.warn(f"Airflow {version} without Kerberos, which cannot be built here: install {' '.join(missing)}")
    elif version in KERBEROS:
        pins += ["-r", str(PINS / "kerberos.txt")]
    return _environment(session, name, python, *pins)


def _realm(session: nox.Session) -> dict[str, str]:
    """Where the programs of a Kerberos realm are; tests that need them skip where they cannot be had."""
    folder = Path(session.create_tmp()) / "programs"
    command = ["python", "-m", "tests.kerberos.unpack", str(folder)]
    said = session.run(*command, silent=True, success_codes=[0, 1])
    return dict(line.split("=", 1) for line in str(said or "").splitlines() if line.startswith(("PATH=", "LD_")))


def _clients(session: nox.Session, *contracts: str) -> Path:
    """A folder with one environment for each official Python client, named after the contract that it speaks."""
    for contract in contracts:
        _environment(session, contract, sys.executable, f"apache-airflow-client=={RELEASES[contract]}")
    return Path(session.create_tmp())


def _environment(session: nox.Session, name: str, python: str, *requirements: str) -> Path:
    """A virtual environment of its own with these requirements."""
    venv = Path(session.create_tmp()) / name
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    if uv := shutil.which("uv", path=beside):
        session.run(uv, "venv", "-q", "--clear", "--python", python, str(venv), external=True)
        installer = [uv, "pip", "install", "-q", "--python", str(venv / "bin" / "python")]
    else:
        session.run(python, "-m", "venv", "--clear", str(venv), external=True)
        installer = [str(venv / "bin" / "python"), "-m", "pip", "install", "-q"]
    session.run(*installer, *requirements, external=True)
    return venv


def _python(version: str) -> str | None:
    """A Python that this version of Airflow runs on."""
    return next(filter(None, map(_interpreter, PYTHONS[version])), None)


def _interpreter(version: str) -> str | None:
    """A Python of that minor version that starts: this one, one on the PATH, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    on_path = shutil.which(f"python{version}")
    places = [sys.executable, *([on_path] if on_path else []), *map(str, kept.glob(f"{version}.*/bin/python"))]
    ask = "import sys; print('.'.join(map(str, sys.version_info[:2])))"
    for place in places:
        told = subprocess.run(  # noqa: S603 - Pythons that this machine has
            [place, "-c", ask], capture_output=True, text=True, check=False
        ).stdout
        if told.strip() == version:
            return place
    return None
