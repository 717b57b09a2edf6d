"""Who is asking may do what the user's role may, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from conformance.checks.every_api.queries import optional
from conformance.checks.every_api.refusals import answers, expect, guarded, harmless, sampled
from conformance.checks.every_api.roles import least, order
from conformance.checks.every_api.things import Thing, kinds
from conformance.exchange import Exchange
from conformance.findings import told
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import long, needs, requirement
from conformance.strategies.harmless import closed
from conformance.target import Target
from specs import fixtures
from specs.contract import Operation


@long
@requirement("PUB-AUTH-008", "STB-AUTH-006", "CMP-STABLE-003")
@needs("roles")
def test_role_may_what_it_is_there_for(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A role is refused what is beyond it, with 403, and not what is within it; a higher one may what a lower may."""
    asked = sampled(guarded(target, operations, proven=True), depth)
    seen = _by_role(target, judge, asked)
    for operation in asked:
        line = [(role, given[operation.id]) for role, given in seen.items()]
        for role, exchange in line:
            _as_is_due(target, judge, operation, role, exchange)
        for (lower, less), (higher, more) in pairwise(line):
            ok = less.status == 403 or more.status != 403
            wish = f"{operation.id} is open to {lower}, so to be open to {higher}; it was refused"
            judge.that(ok, [less, more], wish)


@requirement("PUB-AUTH-008", "STB-AUTH-006", "CMP-STABLE-003")
@needs("roles")
@at_depth("standard")
def test_query_lifts_no_role(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """What is beyond a role is refused with 403 whichever parameter of the contract goes along."""
    for operation, role in _beyond(target, judge, guarded(target, operations, proven=True)):
        ours = harmless(target)
        given = ours.query(operation)
        extras = [one for one in optional(target.interface, operation, ours.name) if one.name not in given]
        requests = (ours.request(operation, more=[one], role=role) for one in extras)
        for extra, exchange in zip(extras, answers(target, requests), strict=True):
            wish = f"{operation.id} with {extra} is to be refused to the role {role} with 403"
            expect(judge, exchange.status == 403, exchange, wish)


@requirement("PUB-AUTH-008", "STB-AUTH-006", "CMP-STABLE-003")
@needs("roles", "writes", "fixture-dags")
def test_role_counts_for_every_dag(target: Target, judge: Judge, depth: str) -> None:
    """Who may only read is refused, with 403, to pause or unpause any DAG, though it be as it is already."""
    dags = [dag.id for dag in fixtures.load().dags]
    spare = [target.spare_dag(number) for number in range(len(dags) if depth == "deep" else 3)]
    patch = target.interface.operations["patch_dag"]
    for _, role in _beyond(target, judge, [patch]):
        for dag in dict.fromkeys([*(each for each in dags if not each.startswith("conformance_page_")), *spare]):
            paused = told(target.call("get_dag", params={"dag_id": dag})).get("is_paused")
            if isinstance(paused, bool):
                answer = target.call(patch.id, params={"dag_id": dag}, json={"is_paused": paused}, role=role)
                expect(judge, answer.status == 403, answer, f"to change the DAG {dag} is beyond the role {role}: 403")


@requirement("PUB-AUTH-008", "STB-AUTH-006", "CMP-STABLE-003")
@needs("roles", "writes")
def test_write_beyond_a_role_changes_nothing(target: Target, judge: Judge) -> None:
    """A write that is beyond a role is refused with 403 and changes nothing of what is there."""
    for kind in kinds(target):
        thing = Thing(target, kind)
        made = thing.create()
        expect(judge, made.status in (200, 201), made, f"an admin is to be able to create a {thing!r}")
        _, before = thing.state()
        ranks = order(target)
        for role in _roles(target, judge):
            if ranks.index(role) < ranks.index(thing.role):
                _no_change(judge, thing, role, before)


@requirement("PUB-AUTH-008", "STB-AUTH-006", "CMP-STABLE-003")
@needs("roles", "writes")
def test_write_within_a_role_is_done(target: Target, judge: Judge) -> None:
    """A role that may write creates, changes and deletes, and is not merely not refused."""
    ranks = order(target)
    for kind in kinds(target):
        for role in ranks[ranks.index(Thing(target, kind).role) :]:
            if role in target.roles:
                _life(judge, Thing(target, kind), role)


def _as_is_due(target: Target, judge: Judge, operation: Operation, role: str, exchange: Exchange) -> None:
    """Judge what a role was answered by the least role that the operation is there for, where that is known."""
    expect(judge, exchange.status != 401, exchange, f"{operation.id} is to know the role {role} by its proof")
    due = least(target).get(operation.id)
    if due is None or closed(target, operation.id):
        return
    ranks = order(target)
    beyond = ranks.index(role) < ranks.index(due)
    ok = exchange.status == 403 if beyond else exchange.status not in (401, 403)
    wanted = "refused with 403" if beyond else "answered"
    expect(judge, ok, exchange, f"{operation.id} for the role {role} is to be {wanted}")


def _beyond(target: Target, judge: Judge, operations: list[Operation]) -> Iterator[tuple[Operation, str]]:
    """Operations, each with every role of those that can log in that may not do it."""
    ranks, due, roles = order(target), least(target), _roles(target, judge)
    for operation in operations:
        if operation.id in due and not closed(target, operation.id):
            yield from ((operation, role) for role in roles if ranks.index(role) < ranks.index(due[operation.id]))


def _no_change(judge: Judge, thing: Thing, role: str, before: object) -> None:
    for request in thing.writes(role=role):
        exchange = thing.target.send(request)
        expect(judge, exchange.status == 403, exchange, f"{request.operation} is beyond the role {role}: 403")
    exchange, after = thing.state()
    wish = f"a {thing!r} is to stay as it was when {role} may not write it; it was {before}, it is {after}"
    judge.that(after == before, exchange, wish)
    other = thing.other()
    expect(judge, other.status == 404, other, f"no {thing!r} is to come of a write by {role}")


def _life(judge: Judge, thing: Thing, role: str) -> None:
    made = thing.create(role)
    expect(judge, made.status in (200, 201), made, f"{role} is to be able to create a {thing!r}")
    exchange, first = thing.state()
    expect(judge, first is not None, exchange, f"the {thing!r} that {role} created is to be there")
    changed = thing.change(role)
    expect(judge, changed.status == 200, changed, f"{role} is to be able to change a {thing!r}")
    exchange, second = thing.state()
    differs = second not in (None, first)
    judge.that(differs, exchange, f"the {thing!r} that {role} changed is to be another than before; it is {second}")
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
    found = [role for role in order(target) if role in target.roles]
    if len(found) < 2:
        known = ", ".join(found) or "no role"
        judge.unreached(f"there are credentials for {known} only; permissions show with two roles or more")
    return found
