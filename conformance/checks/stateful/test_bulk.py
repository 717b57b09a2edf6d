"""A bulk request does what the single ones in a row do, and tells what of it was done."""

from __future__ import annotations

from collections.abc import Sequence

import hypothesis

from conformance.checks.stateful import bulk
from conformance.checks.stateful.bulk import ABSENT, THERE, Action
from conformance.checks.stateful.client import record
from conformance.checks.stateful.patience import Patience
from conformance.checks.stateful.place import place
from conformance.checks.stateful.resource import Bulk, Resource
from conformance.checks.stateful.trial import Trial
from conformance.depths import LIVES, Depth
from conformance.judge import Judge
from conformance.marks import long, needs, requirement
from conformance.target import Target

_ENDS = THERE + ABSENT


@long
@requirement("PUB-API-008")
@needs("writes")
def test_bulk_does_what_single_ones_do(
    target: Target, judge: Judge, resource: Resource, seed: int, depth: Depth
) -> None:
    """Actions that create, change and delete, some of which cannot be done: the same things are there as in a row."""
    where, patience = place(target, judge, resource), Patience()

    @hypothesis.settings(max_examples=3 * LIVES[depth][0])
    @hypothesis.seed(seed)
    @hypothesis.given(actions=bulk.requests(resource))
    def law(actions: list[Action]) -> None:
        if patience.over():
            return
        many, row = (Trial(target, judge, resource, where, looks=False) for _ in range(2))
        with patience.noting():
            for trial in (many, row):
                for end in THERE:
                    trial.create(trial.name(end), resource.least)
            _same(target, judge, actions, many, row)

    with patience.telling():
        law()


def _same(target: Target, judge: Judge, actions: Sequence[Action], many: Trial, row: Trial) -> None:
    """Send the actions in one request about the ones, in a row about the others, and compare."""
    how = many.resource.bulk or Bulk("")
    body = {"actions": [action.body(many) for action in actions]}
    answer = target.call(how.operation, params=many.client.place, json=body)
    told = {end: how.told.format_map({**many.client.place, "name": many.name(end)}) for end in _ENDS}
    wanted = bulk.expected(actions, [action.in_a_row(row) for action in actions], told)
    found = bulk.said(record(answer))
    ok = judge.that(answer.status == 200, answer, f"{how.operation} is to be answered; it was with {answer.status}")
    if ok and judge.that(found == wanted, answer, f"{how.operation} is to tell of {wanted}; it tells of {found}"):
        judge.reached(answer)
    row.listing.whole()
    many.follow(row, _ENDS, answer)
    left = Action("delete", [(end, {}) for end in _ENDS], "skip")
    for trial in (many, row):
        target.call(how.operation, params=trial.client.place, json={"actions": [left.body(trial)]})
