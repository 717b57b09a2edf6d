"""What is refused for its credentials is not done."""

from __future__ import annotations

from conformance.checks.every_api.proofs import unproven
from conformance.checks.every_api.refusals import expect, refused
from conformance.checks.every_api.things import Thing, created, kinds
from conformance.judge import Judge
from conformance.marks import long, needs, requirement
from conformance.strategies.headers import Attempt
from conformance.target import Target


@long
@requirement("PUB-AUTH-007", "STB-AUTH-003", "EXP-AUTH-003", "CMP-EXP-007", "CMP-CALL-010")
@needs("writes", "admits")
def test_refused_write_changes_nothing(target: Target, judge: Judge) -> None:
    """A write that is refused for its credentials leaves everything as it was, whatever it wanted to write."""
    things = created(target, kinds(target))
    if not things:
        judge.unreached("nothing could be created that a refused write might change")
    attempts = unproven(target, judge)
    for thing in things:
        _, before = thing.state()
        for attempt in attempts:
            for request in thing.writes(attempt):
                refused(judge, target.send(request), attempt.flaw)
            _untouched(judge, thing, before, attempt)


def _untouched(judge: Judge, thing: Thing, before: object, attempt: Attempt) -> None:
    exchange, after = thing.state()
    same = after is not None and after == before
    judge.that(same, exchange, f"no write with {attempt.flaw} is to change a {thing!r}; it was {before}, it is {after}")
    other = thing.other()
    expect(judge, other.status == 404, other, f"no {thing!r} is to come of a write with {attempt.flaw}")
