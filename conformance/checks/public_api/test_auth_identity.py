"""A token carries the identity of its user."""

from __future__ import annotations

from conformance.auth.jwt import claims
from conformance.checks.public_api.refusals import expect
from conformance.checks.public_api.things import Thing, kinds
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target


@requirement("PUB-AUTH-009")
@needs("writes")
def test_event_log_names_who_did_it(target: Target, judge: Judge) -> None:
    """What was done with a token is in the event log under the name of the token's user."""
    users = _users(target)
    if not users:
        judge.unreached("there are no credentials with a user name")
    for role, username in users.items():
        for kind in kinds(target):
            thing = Thing(target, kind)
            if role in ROLES[thing.role]:
                made = thing.create(role)
                expect(judge, made.status in (200, 201), made, f"{role} is to be able to create a {thing!r}")
                _put_down(target, judge, thing, username)


@requirement("PUB-AUTH-009")
def test_tokens_of_two_users_differ(target: Target, judge: Judge) -> None:
    """The tokens of two users name two subjects, and two tokens of one user name one."""
    subjects = {role: claims(target.token(role)).get("sub") for role in _users(target)}
    distinct = len(set(subjects.values())) == len(subjects)
    judge.that(distinct, None, f"every user is to be a subject of its own; they are {subjects}")
    for role, subject in subjects.items():
        again = claims(target.token(role, fresh=True)).get("sub")
        judge.that(again == subject, None, f"a second token of {role} is to have subject {subject!r}; it has {again!r}")


#: Who may create a thing whose least role is the key.
ROLES = {"user": ("user", "op", "admin"), "op": ("op", "admin")}


def _put_down(target: Target, judge: Judge, thing: Thing, username: str) -> None:
    """Judge that the event log has the creation, under the name of the user and no other."""
    logs = target.call("get_event_logs", query={"event": thing.event, "order_by": "-event_log_id", "limit": 50})
    entries = logs.json().get("event_logs", []) if logs.status == 200 else []
    about = [entry for entry in entries if thing.own in f"{entry.get('extra')} {entry.get('run_id')}"]
    owners = {entry.get("owner") for entry in about}
    found = ", ".join(map(str, owners)) or "nobody"
    judge.that(owners == {username}, logs, f"creating a {thing!r} is to be put down to {username}; it is to {found}")


def _users(target: Target) -> dict[str, str]:
    """The user name of every role that may write: the one that logs in, or whom its token names."""
    known = target.credentials.by_role
    named = {role: one.username or _named(target, role) for role, one in known.items() if role in ROLES["user"]}
    return {role: name for role, name in named.items() if name}


def _named(target: Target, role: str) -> str:
    """The user whom a token names; FAB's name a number instead (measured on 3.3.2)."""
    subject = claims(target.token(role)).get("sub")
    return str(subject or "") if target.profile.auth_manager == "simple" else ""
