"""Options of this repository's own tests. (The suite's options come with the plugin of the package `conformance`.)"""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples on every machine and every run; to search at random: --hypothesis-profile=random
settings.register_profile("repeatable", derandomize=True, database=None, deadline=None, max_examples=50)
settings.register_profile("random", database=None, deadline=None, max_examples=500)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Ask for the tests that take minutes."""
    group = parser.getgroup("this repository")
    group.addoption("--airflow", metavar="VERSION", help="test against a real Airflow of this version, such as 2.11")
    group.addoption("--proof", action="store_true", help="test that the suite finds every deviation of the mock")
    group.addoption("--clients", metavar="DIR", type=Path, help="virtual environments that have the Python clients")
    group.addoption(
        "--record", action="store_true", help="keep transcripts and outcomes of the real Airflow under test"
    )
    group.addoption("--airflow-venv", metavar="DIR", type=Path, help="virtual environment that has it installed")


def pytest_configure() -> None:
    """Let SIGTERM, with which CI ends what takes too long, stop what tests have started, as Ctrl-C does."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Tests that take minutes are no part of a run that did not ask for them."""
    asked = {"live": config.getoption("--airflow")}
    asked |= {name: config.getoption(f"--{name}") for name in ("proof", "clients")}
    if collection_path.parent == config.rootpath / "tests" and not asked.get(collection_path.name, True):
        return True
    return None
