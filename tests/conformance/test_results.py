from __future__ import annotations

import pytest

from conformance.outcome import UNOBSERVED, Outcome
from conformance.verdict import Verdict
from tests.conformance.samples import book

ID = "PUB-AUTH-001"


def outcome(name: str, unreached: str | None = None) -> Outcome:
    return Outcome(name, "A sample.", [ID], unreached=unreached)


@pytest.mark.parametrize("order", [1, -1])
def test_reason_is_one_that_says_more_than_that_nothing_was_seen(order: int) -> None:
    told = [outcome("saw.nothing"), outcome("had.no.ticket", "there is no ticket")][::order]
    (row,) = book(*told).rows()
    assert (row.verdict, row.reason) == (Verdict.UNREACHED, "there is no ticket")


def test_where_nothing_was_seen_and_nobody_says_why() -> None:
    (row,) = book(outcome("saw.nothing")).rows()
    assert (row.verdict, row.reason) == (Verdict.UNREACHED, UNOBSERVED)
