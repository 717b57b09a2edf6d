"""A request for a pool that cannot be understood is refused, and changes nothing (experimental-api, "Endpoints")."""

from __future__ import annotations

import json
from typing import Any

from conformance.checks.experimental_api.answers import records, refused
from conformance.checks.experimental_api.pools import Pool, created, gone, there
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.ownership import ABSENT_NUMBERS
from conformance.strategies.malformed import no_json
from conformance.target import Target

#: Slots that are no number.
NO_SLOTS: tuple[Any, ...] = ("many", "", "1.5", "0x2", None, [3], {"slots": 3})


def lacking(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The body without each of its members in turn."""
    return [{name: value for name, value in body.items() if name != left_out} for left_out in body]


@requirement("EXP-POOL-007")
def test_what_is_no_pool_creates_none(target: Target, judge: Judge) -> None:
    """No JSON, no object, a member missing or of another type: refused, and the list of pools is as it was."""
    before = _own(target)
    name = target.new_name("pool")
    for what, octets in _wrong(Pool(name, 3, name).body):
        answer = target.call("create_pool", body=octets, headers=[("Content-Type", "application/json")])
        refused(judge, answer, f"a pool of a body {what}")
    gone(target, judge, name, "after it was refused")
    after = _own(target)
    judge.that(after == before, None, f"what is refused is to create no pool; new are {after - before}")


@requirement("EXP-POOL-007")
def test_what_is_no_pool_changes_none(target: Target, judge: Judge) -> None:
    """The same of a pool that is there: it stays as it is."""
    pool = Pool(target.new_name("pool"), 3, "as it was")
    if created(target, judge, [pool]):
        for what, octets in _wrong(Pool(pool.name, 7, pool.name).body):
            answer = target.call("create_pool", body=octets, headers=[("Content-Type", "application/json")])
            refused(judge, answer, f"a pool of a body {what}")
        there(target, judge, [pool], "after changes that were refused")


def _wrong(body: dict[str, Any]) -> list[tuple[str, bytes]]:
    """What is wrong, and the octets."""
    values: list[Any] = [
        *lacking(body),
        *({**body, "slots": slots} for slots in NO_SLOTS),
        {**body, "name": None},
        {**body, "name": ABSENT_NUMBERS[0]},
        {**body, "name": [body["name"]]},
        [body],
        body["name"],
        None,
        3,
    ]
    return [
        ("that is empty", b""),
        *no_json(body),
        *((f"that is {json.dumps(value)}", json.dumps(value).encode()) for value in values),
    ]


def _own(target: Target) -> set[str]:
    names = {str(each.get("pool")) for each in records(target.call("get_pools"))}
    return {name for name in names if name.startswith(target.prefix)}
