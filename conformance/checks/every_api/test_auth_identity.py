"""What is done is put down to who proved to be asking."""

from __future__ import annotations

from conformance.checks.every_api.proofs import writers
from conformance.checks.every_api.refusals import expect
from conformance.checks.every_api.roles import order
from conformance.checks.every_api.things import Thing, kinds
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target


@requirement("PUB-AUTH-009", "STB-AUTH-007")
@needs("writes")
def test_event_log_names_who_did_it(target: Target, judge: Judge) -> None:
    """What was done with proof is in the event log under the name of the user whose proof it is."""
    users = writers(target)
    if not users:
        judge.unreached("there are no credentials with a user name")
    ranks = order(target)
    for role, username in users.items():
        for kind in kinds(target, logged=True):
            thing = Thing(target, kind)
            if ranks.index(role) >= ranks.index(thing.role):
                made = thing.create(role)
                expect(judge, made.status in (200, 201), made, f"{role} is to be able to create a {thing!r}")
                changed = thing.change(role)
                expect(judge, changed.status == 200, changed, f"{role} is to be able to change a {thing!r}")
                _put_down(judge, thing, username)


def _put_down(judge: Judge, thing: Thing, username: str) -> None:
    """Judge that the event log has what was done, under the name of the user and no other."""
    logs, entries = thing.events()
    owners = {str(entry.get("owner")) for entry in entries}
    found = ", ".join(sorted(owners)) or "nobody"
    ok = bool(owners) and owners <= known_as(thing.target, username)
    judge.that(ok, logs, f"what was done with a {thing!r} is to be put down to {username}; it is to {found}")


def known_as(target: Target, username: str) -> set[str]:
    """How the event log may name a user: 2.6 has the full name behind the user's, 2.7 has it instead (measured)."""
    if "get_user" not in target.interface.operations:
        return {username}
    answer = target.call("get_user", params={"username": username})
    found = answer.json() if answer.status == 200 else {}
    full = f"{found.get('first_name')} {found.get('last_name')}"
    return {username, full, f"{username} ({full})"}
