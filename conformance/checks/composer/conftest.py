"""What the checks of Cloud Composer share."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def alone() -> Iterator[None]:
    """Be the only check on this machine that uses the accounts that Airflow does not know yet.

    There is one account of each kind for all workers of pytest-xdist, and what one check makes of it another would take
    for the target's doing. What is locked is this file: it is there, and nothing is left behind.
    """
    with Path(__file__).open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
