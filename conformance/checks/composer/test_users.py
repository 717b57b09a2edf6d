"""Users of Cloud Composer: who may create them, and who is refused (composer, "... using a service account")."""

from __future__ import annotations

import secrets
from typing import Any

from conformance.checks.composer.accounts import closed, users_are_created
from conformance.checks.every_api.refusals import answers, expect, harmless, refused, sampled
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Operation

_LONGEST = 64


@requirement("CMP-ACCOUNT-001")
@needs("writes")
def test_longer_email_is_not_taken(target: Target, judge: Judge) -> None:
    """A user with an e-mail of 64 characters can be created, one with more cannot, nor can one be given that later."""
    users_are_created(target, judge)
    name = target.new_name("user")
    made = target.call("post_user", json=_user(target, name, _LONGEST))
    expect(judge, made.status == 200, made, f"an e-mail of {_LONGEST} characters is to be taken")
    for length in (_LONGEST + 1, _LONGEST + 40):
        other = target.new_name("user")
        answer = target.call("post_user", json=_user(target, other, length))
        ok = answer.status is not None and answer.status >= 400
        expect(judge, ok, answer, f"an e-mail of {length} characters is not to be taken")
        _none(target, judge, other)
        changed = target.call("patch_user", params={"username": name}, json=_user(target, name, length))
        ok = changed.status is not None and changed.status >= 400
        expect(judge, ok, changed, f"an e-mail of {length} characters is not to be given to a user")
        seen = target.call("get_user", params={"username": name})
        kept = seen.status == 200 and len(str(seen.json().get("email"))) == _LONGEST
        judge.that(kept, seen, "the user is to keep the e-mail of 64 characters")


@requirement("CMP-ACCOUNT-008")
@needs("roles", "writes")
def test_only_an_admin_creates_users(target: Target, judge: Judge) -> None:
    """Every other role is refused with 403, and no user comes of it."""
    users_are_created(target, judge)
    others = [role for role in target.roles if role != "admin"]
    if not others:
        judge.unreached("there are credentials for admin only")
    for role in others:
        name = target.new_name("user")
        answer = target.call("post_user", role=role, json=_user(target, name, 40))
        expect(judge, answer.status == 403, answer, f"{role} may not create a user: 403")
        _none(target, judge, name)
    name = target.new_name("user")
    made = target.call("post_user", json=_user(target, name, 40))
    expect(judge, made.status == 200, made, "an admin is to be able to create a user")


@requirement("CMP-ACCOUNT-012")
def test_inactive_user_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """The account of a user who is not active opens no operation, however often it comes."""
    ours: Harmless = harmless(target)
    asked = sampled(closed(target, operations), depth)
    for exchange in answers(target, (ours.request(each, role="inactive") for each in asked)):
        refused(judge, exchange, "the account of a user who is not active")


def _user(target: Target, name: str, length: int) -> dict[str, Any]:
    """A user whose e-mail has so many characters."""
    password = secrets.token_urlsafe(16)
    target.redactor.learn(password)
    domain = "@conformance.example"
    local = f"{name}{'x' * length}"[: length - len(domain)]
    words = {"username": name, "first_name": "conformance", "last_name": "check", "email": f"{local}{domain}"}
    return {**words, "password": password, "roles": [{"name": "Viewer"}]}


def _none(target: Target, judge: Judge, name: str) -> Exchange:
    """Judge that there is no user of that name."""
    gone = target.call("get_user", params={"username": name})
    expect(judge, gone.status == 404, gone, "no user is to come of it")
    return gone
