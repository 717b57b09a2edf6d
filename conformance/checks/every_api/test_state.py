"""What the API answers to a write is what it has done."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.checks.every_api.things import Thing
from conformance.checks.every_api.writing import LAWS, masked
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target

KINDS = ("pool", "variable", "connection", pytest.param("dag_run", marks=needs("fixture-dags")))
#: The mask of Airflow 2's variables does not know the value (measured: 400 on 2.11.2).
MASKED = ("pool", "connection")


@requirement("PUB-STATE-001", "STB-STATE-001")
@needs("writes")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_writes_are_kept(target: Target, judge: Judge, kind: str, law: Callable[[Thing, Judge], None]) -> None:
    """What is created, changed or deleted is found so afterwards, and what is refused changes nothing."""
    law(Thing(target, kind), judge)


@requirement("PUB-STATE-001", "STB-STATE-001")
@needs("writes")
@pytest.mark.parametrize("kind", MASKED)
def test_masks_are_kept_to(target: Target, judge: Judge, kind: str) -> None:
    """A change with an update mask changes what the mask names, and nothing else that the body says."""
    masked(Thing(target, kind), judge)
