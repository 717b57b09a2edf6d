"""What the API answers to a write of a user or a role is what it has done; only Airflow 2's API has these."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance.checks.every_api.things import Thing
from conformance.checks.every_api.writing import LAWS, masked
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target


@requirement("STB-STATE-001")
@needs("writes")
@pytest.mark.parametrize("kind", ["user", "role"])
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_writes_of_users_and_roles_are_kept(
    target: Target, judge: Judge, kind: str, law: Callable[[Thing, Judge], None]
) -> None:
    """A user or role that is created, changed or deleted is found so afterwards; what is refused changes nothing."""
    law(Thing(target, kind), judge)


@requirement("STB-STATE-001")
@needs("writes")
def test_masks_of_users_are_kept_to(target: Target, judge: Judge) -> None:
    """A change of a user with an update mask changes what the mask names alone."""
    masked(Thing(target, "user"), judge)
