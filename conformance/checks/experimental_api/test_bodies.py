"""A request for a run that cannot be understood is refused, and creates nothing (experimental-api, "Endpoints")."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.checks.experimental_api.answers import refused
from conformance.checks.experimental_api.runs import Runs
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.dates import NO_DATES, NO_ZONE, no_dates
from conformance.strategies.malformed import no_json

#: Values that are not of the type that the contract has for the member.
WRONG: tuple[dict[str, Any], ...] = (
    {"conf": 5},
    {"conf": True},
    {"conf": ["key"]},
    {"conf": "{"},
    {"execution_date": 5},
    {"execution_date": True},
    {"execution_date": {"year": 2025}},
    {"execution_date": ["2025-03-01T00:00:00"]},
    {"replace_microseconds": 5},
    {"replace_microseconds": ["false"]},
)


@requirement("EXP-RUN-008")
def test_what_is_no_json_creates_nothing(judge: Judge, runs: Runs) -> None:
    """A body that is no JSON is refused, however much of a run it still has."""
    for what, octets in no_json(runs.new()):
        _nothing_comes(judge, runs, f"a body {what}", body=octets, headers=[("Content-Type", "application/json")])


@requirement("EXP-RUN-008")
def test_values_of_other_types_create_nothing(judge: Judge, runs: Runs) -> None:
    """A member whose value is of another type than it is to have is refused."""
    for wrong in WRONG:
        _nothing_comes(judge, runs, f"a body with {wrong}", json=runs.new(**wrong))


@requirement("EXP-RUN-009")
def test_what_is_no_date_creates_nothing(judge: Judge, runs: Runs, depth: str) -> None:
    """A date that is none is refused with 400."""
    for date in ("", NO_ZONE, *(NO_DATES[::4] if depth == "smoke" else NO_DATES)):
        _nothing_comes(judge, runs, f"the date {date[:40]!r}", 400, json=runs.new(execution_date=date))


@requirement("EXP-RUN-009")
@settings(max_examples=5)
@given(data=st.data())
def test_drawn_dates_that_are_none_create_nothing(judge: Judge, runs: Runs, data: st.DataObject) -> None:
    """Dates of which a number is out of its range."""
    date = data.draw(no_dates(), label="date")
    _nothing_comes(judge, runs, f"the date {date[:40]!r}", 400, json=runs.new(execution_date=date))


def _nothing_comes(judge: Judge, runs: Runs, what: str, *statuses: int, **how: Any) -> None:
    tried = runs.trigger(runs.dag, **how)
    refused(judge, tried.answer, what, *statuses)
    judge.that(not tried.new, tried.story, f"{what} is to create no run; new are {tried.new}")
