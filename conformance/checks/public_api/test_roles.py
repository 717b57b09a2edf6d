"""A token carries the permissions of its user."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

from conformance import apis
from conformance.checks.public_api.refusals import answers, expect, guarded, harmless, sampled
from conformance.checks.public_api.things import Thing, kinds
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.harmless import closed
from conformance.target import Target
from specs.contract import Operation

#: From the one who may least to the one who may most.
ROLES = ("viewer", "user", "op", "admin")


@requirement("PUB-AUTH-008")
@needs("roles")
def test_higher_role_may_what_a_lower_may(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """Whatever a role may do, every higher role may do too, on every operation."""
    asked = sampled(guarded(target, operations, proven=True), depth)
    seen = _by_role(target, judge, asked)
    for operation in asked:
        line = [(role, given[operation.id]) for role, given in seen.items()]
        for role, exchange in line:
            expect(judge, exchange.status != 401, exchange, f"{operation.id} is to know the role {role} by its token")
        for (lower, less), (higher, more) in pairwise(line):
            ok = less.status == 403 or more.status != 403
            judge.that(
                ok, [less, more], f"{operation.id} is open to {lower}, so to be open to {higher}; it was refused"
            )


@requirement("PUB-AUTH-008")
@needs("roles")
def test_role_may_what_it_is_there_for(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Each role is refused what is beyond it, with 403, and not refused what is within it."""
    least = _least(target.profile.auth_manager)
    known = [one for one in sampled(operations, depth) if one.id in least and not closed(target, one.id)]
    asked = guarded(target, known, proven=True)
    for role, given in _by_role(target, judge, asked).items():
        for operation in asked:
            beyond = ROLES.index(role) < ROLES.index(least[operation.id])
            exchange = given[operation.id]
            ok = exchange.status == 403 if beyond else exchange.status not in (401, 403)
            wanted = "refused with 403" if beyond else "answered"
            expect(judge, ok, exchange, f"{operation.id} for the role {role} is to be {wanted}")


@requirement("PUB-AUTH-008")
@needs("roles", "writes")
def test_write_beyond_a_role_changes_nothing(target: Target, judge: Judge) -> None:
    """A write that is beyond a role is refused with 403 and changes nothing of what is there."""
    for kind in kinds(target):
        thing = Thing(target, kind)
        made = thing.create()
        expect(judge, made.status in (200, 201), made, f"an admin is to be able to create a {thing!r}")
        _, before = thing.state()
        for role in _roles(target, judge)[: ROLES.index(thing.role)]:
            for request in thing.writes(role=role):
                exchange = target.send(request)
                name = exchange.request.operation
                expect(judge, exchange.status == 403, exchange, f"{name} is beyond the role {role}: 403")
            exchange, after = thing.state()
            judge.that(
                after == before,
                exchange,
                f"a {thing!r} is to stay as it was when {role} may not write it; it was {before}, it is {after}",
            )
            other = thing.other()
            expect(judge, other.status == 404, other, f"no {thing!r} is to come of a write by {role}")


@requirement("PUB-AUTH-008")
@needs("roles", "writes")
def test_write_within_a_role_is_done(target: Target, judge: Judge) -> None:
    """A role that may write creates, changes and deletes, and is not merely not refused."""
    for kind in kinds(target):
        for role in ROLES[ROLES.index(Thing(target, kind).role) :]:
            if role in target.roles:
                _life(judge, Thing(target, kind), role)


def _life(judge: Judge, thing: Thing, role: str) -> None:
    made = thing.create(role)
    expect(judge, made.status in (200, 201), made, f"{role} is to be able to create a {thing!r}")
    exchange, first = thing.state()
    expect(judge, first is not None, exchange, f"the {thing!r} that {role} created is to be there")
    changed = thing.change(role)
    expect(judge, changed.status == 200, changed, f"{role} is to be able to change a {thing!r}")
    exchange, second = thing.state()
    judge.that(
        second not in (None, first),
        exchange,
        f"the {thing!r} that {role} changed is to be another than before; it is {second}",
    )
    gone = thing.delete(role)
    expect(judge, gone.status == 204, gone, f"{role} is to be able to delete a {thing!r}")
    exchange, third = thing.state()
    judge.that(third is None, exchange, f"the {thing!r} that {role} deleted is to be gone; it is {third}")


def _by_role(target: Target, judge: Judge, asked: list[Operation]) -> dict[str, dict[str, Exchange]]:
    """What each role, from the lowest on, was answered on each operation."""
    seen: dict[str, dict[str, Exchange]] = {}
    for role in _roles(target, judge):
        ours = harmless(target, role)
        exchanges = answers(target, (ours.request(one, role=role) for one in asked))
        seen[role] = {one.id: exchange for one, exchange in zip(asked, exchanges, strict=True)}
    return seen


def _roles(target: Target, judge: Judge) -> list[str]:
    """The roles that can log in, from the lowest to the highest."""
    found = [role for role in ROLES if role in target.roles]
    if len(found) < 2:
        judge.unreached(
            f"there are credentials for {', '.join(found) or 'no role'} only; permissions show with two roles or more"
        )
    return found


@cache
def _least(auth_manager: str) -> dict[str, str]:
    """The least role that may do an operation, by operation."""
    data: dict[str, Any] = apis.load("public-v2").data("roles")
    own = data[auth_manager]
    return {name: role for role in ROLES for name in (*data.get(role, ()), *own.get(role, ()))}
