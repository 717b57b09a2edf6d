"""One `pip install` carries everything: the wheel is built and opened."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("conformance", "mockserver", "profiles", "specs")


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = out.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_wheel_has_every_file_of_the_packages(names: set[str]) -> None:
    files = {path for each in PACKAGES for path in (ROOT / each).rglob("*") if path.is_file()}
    kept = {str(path.relative_to(ROOT)) for path in files if not {"__pycache__", ".ruff_cache"} & {*path.parts}}
    assert kept - names == set()


def test_wheel_has_nothing_else(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == set(PACKAGES)
