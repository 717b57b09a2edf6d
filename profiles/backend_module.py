"""Whether a module of one's own can be an authentication backend of Airflow 2, before it is deployed.

The interface is that of "Roll your own API authentication". The module is imported in another process, for it may do
anything; nothing of it is imported here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from profiles import pythonpath as search
from profiles.backend_probe import Finding
from profiles.errors import closest, shown

__all__ = ["Finding", "inspect"]

SECONDS = 30.0


def inspect(
    name: str,
    pythonpath: Sequence[str | os.PathLike[str]] = (),
    *,
    python: str | os.PathLike[str] = sys.executable,
    seconds: float = SECONDS,
) -> list[Finding]:
    """What there is to say about the module of that dotted name; it fits where no finding is a fault.

    It is looked for in `pythonpath`, then where `python` finds its modules: give the Python of an Airflow to check
    against what is installed there. What Airflow would bring and is not installed is stood in for, and a finding says
    so. It takes at most `seconds`.
    """
    if not all(part.isidentifier() for part in name.split(".")):
        return [Finding(True, f"{shown(name)} is no name of a module; write it with dots, as in an import")]
    folders = [Path(folder) for folder in pythonpath]
    for folder in folders:
        if not folder.is_dir():
            return [Finding(True, f"there is no folder {folder}; name one that is there as pythonpath")]
    return _hinted(_looked_at(name, folders, os.fspath(python), seconds), name, folders)


def _looked_at(name: str, folders: Sequence[Path], python: str, seconds: float) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="airflow-conformance-") as scratch:
        result = Path(scratch) / "findings.json"
        source = resources.files("profiles").joinpath("backend_probe.py").read_text(encoding="utf-8")
        try:
            done = subprocess.run(  # noqa: S603 - the user's own Python, on the user's own module
                [python, "-c", source, str(result), name],
                env=_environment(folders),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return [
                Finding(True, f"importing it took more than {seconds:g} seconds; let it do its work when it is called")
            ]
        except OSError as error:
            return [Finding(True, f"cannot run {python}: {error.strerror}; name a Python")]
        if not result.is_file():
            return [
                Finding(True, f"it ended the process that imported it (exit code {done.returncode}); take that out")
            ]
        return [Finding(*each) for each in json.loads(result.read_text(encoding="utf-8"))]


def _environment(folders: Sequence[Path]) -> dict[str, str]:
    """Ours, with the folders before all others; bytecode is not left beside the module."""
    path = [*(str(folder.absolute()) for folder in folders), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}


def _hinted(findings: list[Finding], name: str, folders: Sequence[Path]) -> list[Finding]:
    """The findings; where there is no such module, with the one in the folders that was probably meant."""
    there = [file.stem for folder in folders for file in folder.glob("*.py")]
    likely = closest(name, there)
    if likely and likely != name and search.find(name, folders) is None:
        return [each._replace(text=f"{each.text}; did you mean {likely}?") for each in findings]
    return findings
