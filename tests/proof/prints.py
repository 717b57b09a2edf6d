"""Fingerprints of what a row of the matrix rests on: when one differs from the one that is kept, the row is run again.

A row rests on the module that declares its deviation, on the modules of the checks that found it, on the words of the
requirements that it breaks, and on its setup. All rows rest on the core: the rest of suite, mock and shared data. When
only the core differs, a few rows are run again as a sample.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from conformance.catalogue import checks
from conformance.paths import CHECKS, check_name
from mockserver.deviations import Deviation, catalogue
from specs import requirements
from tests.proof.matrix import Row

ROOT = Path(__file__).parents[2]
_DATA = ("*.py", "*.yaml", "*.json")


def rests_on(deviation: Deviation, row: Row) -> str:
    """The fingerprint of what a row rests on."""
    words = [requirements.find(name).text for name in deviation.breaks]
    files = [module_of(deviation), *sorted({modules()[check] for check in row.checks if check in modules()})]
    return _digest([*row.setup, *words, *(_text(file) for file in files)])


def core() -> str:
    """The fingerprint of what all rows rest on."""
    own = {module_of(each) for each in catalogue().values()} | set(modules().values())
    files = {file for part in ("conformance", "mockserver", "specs", "profiles") for file in _files(ROOT / part)}
    return _digest(text for file in sorted(files - own) for text in (str(file.relative_to(ROOT)), _text(file)))


def module_of(deviation: Deviation) -> Path:
    """The file that declares a deviation."""
    return Path(str(sys.modules[deviation.change.__module__].__file__))


@cache
def modules() -> dict[str, Path]:
    """The file of each check, by the name of the check without parameters."""
    files = {check_name(file, ""): file for file in CHECKS.rglob("test_*.py")}
    return {each.name: files[each.name.rpartition(".")[0] + "."] for each in checks()}


def _files(folder: Path) -> Iterable[Path]:
    return (file for pattern in _DATA for file in folder.rglob(pattern))


@cache
def _text(file: Path) -> str:
    return file.read_text()


def _digest(texts: Iterable[str]) -> str:
    made = hashlib.sha256()
    for text in texts:
        made.update(f"{len(text)} {text}\n".encode())
    return made.hexdigest()[:12]
