"""Google accounts that Airflow does not know yet (composer, "Enable the stable ...", "... using a service account").

All of it is one check for each account, for a user who has come of one is in the way of the others.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.checks.composer.accounts import account, closed, nobody, users
from conformance.checks.every_api.refusals import answers, common, expect, harmless, refused, sampled
from conformance.checks.every_api.roles import least, order
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target
from specs.contract import Operation

pytestmark = pytest.mark.usefixtures("alone")
#: Characters that Airflow's database has for an e-mail (the document).
LONGEST = 64
#: Operations that tell the roles apart, the least of whom may them.
_TELLING = ("get_dags", "get_variables", "get_users")


@requirement("CMP-STABLE-004", "CMP-STABLE-006")
@needs("writes", "new-accounts")
def test_newcomer_gets_the_role_of_registration(target: Target, judge: Judge) -> None:
    """Who comes for the first time is one new user, with that role alone and what it may; coming again adds nothing."""
    one, role = account(target, judge, "newcomer"), str(target.facts["registration_role"])
    nobody(target, judge, one)
    first = _known_by(common(target, role="newcomer"), judge)
    if role.lower() in order(target)[1:]:
        expect(judge, first.status == 200, first, f"the first request of a new {role} is to be let in")
    for _ in range(2):
        found = users(target, one)
        judge.that(len(found) == 1, first, f"a new user is to come of the account {one.email}; there are {len(found)}")
        for user in found:
            names = [each.get("name") for each in user.get("roles") or ()]
            judge.that(names == [role], first, f"the new user is to have the role {role} alone; it has {names}")
        _may(target, judge, role)
    _given_another(target, judge, found)
    target.call("delete_user", params={"username": one.username})


@requirement("CMP-ACCOUNT-003", "CMP-ACCOUNT-004")
@needs("writes", "new-accounts")
def test_long_address_is_no_user(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """An account with an e-mail of more than 64 characters is refused on every operation and becomes no user."""
    one = account(target, judge, "long_email")
    if len(one.email) <= LONGEST:
        judge.unreached(f"the e-mail {one.email} has {len(one.email)} characters; it is to have more than {LONGEST}")
    nobody(target, judge, one)
    ours = harmless(target)
    asked = sampled(closed(target, operations), depth)
    exchanges = answers(target, (ours.request(each, role="long_email") for each in asked))
    for exchange in exchanges:
        refused(judge, exchange, "an account whose e-mail is too long", "CMP-ACCOUNT-004")
    judge.evidence(*{exchange.status: exchange for exchange in exchanges}.values())
    found = [user.get("username") for user in users(target, one)]
    wish = f"no user is to come of {one.email}; there is {found}"
    judge.that(not found, exchanges, wish, requirement="CMP-ACCOUNT-003")


def _given_another(target: Target, judge: Judge, found: list[dict[str, Any]]) -> None:
    """Judge that a role which an admin gives the newcomer stays, though the account comes again."""
    for user in found[:1]:
        body = {name: user[name] for name in ("username", "email", "first_name", "last_name")}
        params = {"username": user["username"]}
        changed = target.call("patch_user", params=params, json={**body, "roles": [{"name": "Viewer"}]})
        expect(judge, changed.status == 200, changed, "an admin is to be able to change the role of the new user")
        for _ in range(2):
            _may(target, judge, "Viewer")


def _known_by(exchange: Exchange, judge: Judge) -> Exchange:
    expect(judge, exchange.status != 401, exchange, "a new account is to be let in as a new user")
    return exchange


def _may(target: Target, judge: Judge, role: str) -> None:
    """Judge that the newcomer may what the role may, where that is one of Airflow's own."""
    ranks = order(target)
    for name in _TELLING if role.lower() in ranks else ():
        beyond = ranks.index(role.lower()) < ranks.index(least(target)[name])
        exchange = target.call(name, role="newcomer")
        wish = f"{name} is to be {'refused to' if beyond else 'open to'} a new user with the role {role}"
        expect(judge, exchange.status == (403 if beyond else 200), exchange, wish)
