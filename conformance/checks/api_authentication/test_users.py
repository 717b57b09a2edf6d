"""What counts is how a user is now: the password, the roles and what they grant (api-authentication, both sections)."""

from __future__ import annotations

from typing import Any

from conformance.auth import session
from conformance.checks.api_authentication.users import asked, body_of, created, role_created
from conformance.checks.every_api import web
from conformance.checks.every_api.refusals import expect, refused
from conformance.exchange import Exchange, Headers
from conformance.findings import told
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.basic import authorization, basic
from conformance.strategies.credentials import Account
from conformance.target import Target

#: What of a user is shown and can be changed.
_SHOWN = ("email", "first_name", "last_name", "roles")
_OLD, _NEW = "first-Password:1", "second-Password:2"


@requirement("STB-BASIC-002", "STB-BASIC-007")
@needs("writes")
def test_only_the_present_password_passes(target: Target, judge: Judge) -> None:
    """Once a password is changed, the old one is refused, though it was used before, and the new one passes."""
    one = created(target, judge, _OLD)
    before = asked(target, one)
    expect(judge, before.status == 200, before, "a user who was created is to pass", "STB-BASIC-007")
    _changed(target, judge, one, "STB-BASIC-007", password=_NEW)
    for _ in range(2):  # one after the other, for somebody may keep what was found right or wrong
        refused(judge, asked(target, one), "the password from before the change", "STB-BASIC-002")
        after = asked(target, one._replace(password=_NEW))
        expect(judge, after.status == 200, after, "the new password is to pass", "STB-BASIC-007")


@requirement("STB-BASIC-002", "STB-BASIC-007")
@needs("writes")
def test_mask_keeps_the_password(target: Target, judge: Judge) -> None:
    """A change with an update mask that does not name the password leaves it, and one that names it changes it."""
    one = created(target, judge, _OLD)
    _changed(target, judge, one, "STB-BASIC-007", mask="first_name", password=_NEW, first_name="Other")
    other = one._replace(password=_NEW)
    refused(judge, asked(target, other), "a password that the mask kept back", "STB-BASIC-002")
    kept = asked(target, one)
    expect(judge, kept.status == 200, kept, "the password is to be as before", "STB-BASIC-007")
    _changed(target, judge, one, "STB-BASIC-007", mask="password", password=_NEW, first_name="Third")
    refused(judge, asked(target, one), "the password from before the change", "STB-BASIC-002")
    given = asked(target, other)
    expect(judge, given.status == 200, given, "the password that the mask names is to pass", "STB-BASIC-007")


@requirement("STB-AUTH-006")
@needs("writes", "roles", "own_users")
def test_rights_follow_the_roles(target: Target, judge: Judge) -> None:
    """A user's next request has the permissions of the roles that the user has then, under whatever name."""
    one = created(target, judge, _OLD)
    proof = _proof(target, judge, one)
    _may(target, judge, proof, "get_variables", "Viewer", may=False)
    _changed(target, judge, one, "STB-AUTH-006", roles=[{"name": "Op"}])
    _may(target, judge, proof, "get_variables", "Op, no longer Viewer", may=True)
    own = role_created(target, judge, "Variables")
    _changed(target, judge, one, "STB-AUTH-006", mask="roles", roles=[{"name": own}])
    _may(target, judge, proof, "get_variables", "a role that reads variables", may=True)
    _may(target, judge, proof, "get_connections", "a role that reads variables, no longer Op", may=False)
    name = target.new_name("role")
    grants = [{"action": {"name": "can_read"}, "resource": {"name": "Variables"}}]
    renamed = target.call("patch_role", params={"role_name": own}, json={"name": name, "actions": grants})
    expect(judge, renamed.status == 200, renamed, "an admin is to be able to rename a role")
    _may(target, judge, proof, "get_variables", "a role that has another name now", may=True)
    _changed(target, judge, one, "STB-AUTH-006", roles=[{"name": "Viewer"}])
    _may(target, judge, proof, "get_variables", "Viewer again", may=False)
    _may(target, judge, proof, "get_dags", "Viewer again", may=True)


@requirement("STB-API-001")
@needs("writes", "creates_users")
def test_mask_changes_what_it_names(target: Target, judge: Judge) -> None:
    """Of a user a change with an update mask changes what the mask names, and nothing else that the body has."""
    one = created(target, judge, _OLD)
    shown = _shown(target.call("get_user", params={"username": one.username}))
    for number, name in enumerate(_SHOWN):
        word = f"{one.username}{number}"
        others = {"first_name": word, "last_name": word, "email": f"{word}@example.org", "roles": [{"name": "Op"}]}
        _changed(target, judge, one, "STB-API-001", mask=name, **others)
        seen = target.call("get_user", params={"username": one.username})
        shown, found = {**shown, name: others[name]}, _shown(seen)
        wish = f"of a user a change with the mask {name} is to change that alone: {shown}; there is {found}"
        judge.that(found == shown, seen, wish)


@requirement("STB-API-003")
@needs("writes", "creates_users")
def test_two_users_have_not_one_address(target: Target, judge: Judge) -> None:
    """A name or an e-mail that a user has is refused for another one, who is not created or stays as before."""
    one, other = created(target, judge, _OLD), created(target, judge, _NEW)
    taken = body_of(one)["email"]
    third = Account(target.new_name("user"), _NEW)
    again = target.call("post_user", json={**body_of(third), "email": taken})
    expect(judge, _no(again), again, "a second user with the e-mail of the first is to be refused")
    seen = target.call("get_user", params={"username": third.username})
    expect(judge, seen.status == 404, seen, "no user is to come of what was refused")
    for name, body in (("e-mail", {**body_of(other), "email": taken}), ("name", body_of(one))):
        changed = target.call("patch_user", params={"username": other.username}, json=body)
        expect(judge, _no(changed), changed, f"to give a user the {name} of another is to be refused")
    seen = target.call("get_user", params={"username": other.username})
    kept = told(seen).get("email") == body_of(other)["email"]
    judge.that(kept, seen, f"a user whose change was refused is to keep the e-mail; it is {told(seen).get('email')}")


def _changed(
    target: Target, judge: Judge, one: Account, requirement: str, mask: str | None = None, **fields: Any
) -> None:
    """Have an admin change a user; a body has everything, with a mask too (measured)."""
    body = {name: value for name, value in body_of(one).items() if name not in ("password", "roles")}
    query = {"update_mask": mask} if mask else {}
    answer = target.call("patch_user", params={"username": one.username}, query=query, json={**body, **fields})
    expect(judge, answer.status == 200, answer, "an admin is to be able to change a user", requirement)


def _proof(target: Target, judge: Judge, one: Account) -> Headers:
    """What lets a user in: name and password, where they do, else the session of a login."""
    if "basic" in target.drivers:
        return authorization("right Basic credentials", basic(*one)).headers
    _, answer = web.logged_in(target, judge, one)
    return session.cookie(session.given(answer))


def _may(target: Target, judge: Judge, proof: Headers, operation: str, role: str, *, may: bool) -> None:
    exchange = target.call(operation, role=None, headers=proof)
    wish = f"{operation} is to be {'open' if may else 'refused with 403'} to a user who has the role {role}"
    expect(judge, exchange.status == (200 if may else 403), exchange, wish)


def _shown(seen: Exchange) -> dict[str, Any]:
    """What of a user is shown and can be changed."""
    return {name: told(seen).get(name) for name in _SHOWN}


def _no(exchange: Exchange) -> bool:
    """Whether it is the client's fault."""
    return exchange.status is not None and 400 <= exchange.status < 500
