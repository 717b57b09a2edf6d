"""What the checks of the experimental API share."""

from __future__ import annotations

import pytest

from conformance.checks.experimental_api.runs import Runs
from conformance.target import Target


@pytest.fixture(scope="session")
def runs(target: Target) -> Runs:
    """The few runs that a run of the suite makes."""
    return Runs(target)
