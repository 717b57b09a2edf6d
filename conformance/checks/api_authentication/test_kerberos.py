"""Whose ticket it is (api-authentication, "Kerberos authentication"): the user whose name is the ticket's principal."""

from __future__ import annotations

from conformance.checks.every_api.refusals import answers, expect, guarded, harmless, refused, tried
from conformance.checks.every_api.roles import least, order
from conformance.credentials import STRANGER
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.harmless import closed
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-KERBEROS-008")
@needs("roles")
def test_ticket_has_the_role_of_its_user(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """With the ticket of each role a request may what the role may: no more, no less."""
    ranks, due = order(target), least(target)
    asked = [one for one in tried(target, guarded(target, operations, proven=True), depth) if one.id in due]
    for role in _roles(target, judge):
        ours = harmless(target, f"ticket_{role}")
        exchanges = answers(target, (ours.request(one, role=role, via="kerberos") for one in asked))
        for operation, exchange in zip(asked, exchanges, strict=True):
            beyond = ranks.index(role) < ranks.index(due[operation.id]) or closed(target, operation.id)
            ok = exchange.status == 403 if beyond else exchange.status not in (401, 403)
            wish = f"{operation.id} with the ticket of {target.kerberos.principal(role)}, who is {role}, "
            expect(judge, ok, exchange, wish + ("is to be refused with 403" if beyond else "is to be answered"))


@requirement("STB-KERBEROS-008")
def test_stranger_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A ticket whose principal is no user's name opens nothing, though the realm knows it."""
    if not target.kerberos.has(STRANGER):
        judge.unreached(
            "there is no ticket of anybody who is no user of the target: name the cache of one in --credentials FILE, "
            "as in stranger: {ccache: 'FILE:...'}"
        )
    ours = harmless(target, "stranger")
    requests = [
        ours.request(one, role=STRANGER, via="kerberos") for one in tried(target, guarded(target, operations), depth)
    ]
    for exchange in answers(target, requests):
        refused(judge, exchange, f"the ticket of {target.kerberos.principal(STRANGER)}, who is no user")


def _roles(target: Target, judge: Judge) -> list[str]:
    """The roles of which there is a ticket, from the lowest to the highest."""
    found = [role for role in order(target) if target.kerberos.has(role)]
    if len(found) < 2:
        known = ", ".join(found) or "no role"
        judge.unreached(
            f"there is a ticket of {known} only; permissions show with two roles or more: name the caches of others "
            "with ccache: in --credentials FILE"
        )
    return found
