"""Where the web server gives everybody a role (AUTH_ROLE_PUBLIC; api-authentication, "API Authentication")."""

from __future__ import annotations

from conformance.checks.every_api.refusals import REFUSED, answers, expect, guarded, harmless, refused, sampled
from conformance.checks.every_api.roles import least, order
from conformance.checks.every_api.things import Thing, kinds
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.harmless import closed
from conformance.strategies.headers import NOTHING
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-AUTH-010")
def test_anybody_has_the_public_role(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Who proves nothing may do what the public role may, and is refused what is beyond it, on every operation."""
    ranks, rank = order(target), _rank(target, judge)
    due = least(target)
    ours = harmless(target, "anybody", run=True)
    known = [one for one in guarded(target, operations, proven=True) if one.id in due and not closed(target, one.id)]
    asked = sampled(known, depth)
    for operation, exchange in zip(asked, answers(target, (ours.request(one, NOTHING) for one in asked)), strict=True):
        if ranks.index(due[operation.id]) > rank:
            refused(judge, exchange, f"no proof, where everybody is {ranks[rank]}")
        else:
            ok = exchange.status not in REFUSED
            expect(judge, ok, exchange, f"{operation.id} is to be answered to anybody, who is {ranks[rank]}")


@requirement("STB-AUTH-010")
@needs("writes")
def test_anybody_changes_nothing_beyond_the_public_role(target: Target, judge: Judge) -> None:
    """A write without proof that is beyond the public role changes nothing."""
    ranks, rank = order(target), _rank(target, judge)
    beyond = [kind for kind in kinds(target) if ranks.index(Thing(target, kind).role) > rank]
    if not beyond:
        judge.unreached(f"nothing that the suite can create is beyond the public role {ranks[rank]}")
    for kind in beyond:
        thing = Thing(target, kind)
        made = thing.create()
        expect(judge, made.status in (200, 201), made, f"an admin is to be able to create a {thing!r}")
        _, before = thing.state()
        for request in thing.writes(NOTHING):
            refused(judge, target.send(request), f"no proof, where everybody is {ranks[rank]}")
        exchange, after = thing.state()
        judge.that(after == before, exchange, f"a {thing!r} is to stay as it was; it was {before}, it is {after}")
        other = thing.other()
        expect(judge, other.status == 404, other, f"no {thing!r} is to come of a write without proof")


def _rank(target: Target, judge: Judge) -> int:
    """The place of the public role among the roles as they come; of another role it is not known what it may."""
    role = str(target.facts["public_role"]).lower()
    if role not in order(target):
        judge.unreached(f"it is not known what the public role {role} may do")
    return order(target).index(role)
