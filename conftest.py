"""Options of this repository's own tests. (The suite's options come with the plugin of the package `conformance`.)"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and every run; a random search is a maintainer's choice: --hypothesis-profile=random
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None, max_examples=50)
settings.register_profile("random", database=None, deadline=None, max_examples=500)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("real Airflow")
    group.addoption("--airflow", metavar="VERSION", help="test against a real Airflow of this version: 3.3 or 3.0")
    group.addoption("--airflow-venv", metavar="DIR", type=Path, help="virtual environment that has it installed")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests on a real Airflow are no part of a run that was not given one."""
    if collection_path == config.rootpath / "tests" / "live" and not config.getoption("--airflow"):
        return True
    return None
