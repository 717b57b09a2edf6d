"""Users who are named by the number of an account (composer, "Access Airflow REST API using a service account")."""

from __future__ import annotations

import pytest

from conformance.checks.composer.accounts import account, nobody, registered, users
from conformance.checks.every_api.refusals import common, expect, refused
from conformance.checks.every_api.test_auth_identity import known_as
from conformance.checks.every_api.things import Thing
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.google import Account
from conformance.target import Target

pytestmark = pytest.mark.usefixtures("alone")
_WHO = pytest.mark.parametrize("who", ["long_email", "newcomer"])


@requirement("CMP-ACCOUNT-005", "CMP-ACCOUNT-007", "CMP-ACCOUNT-010", "CMP-ACCOUNT-013", "CMP-ACCOUNT-015")
@needs("writes", "new-accounts")
@_WHO
def test_preregistered_account_is_its_user(target: Target, judge: Judge, who: str) -> None:
    """An account whose number names a user is that user, with any e-mail and names, until the user is deleted."""
    one = account(target, judge, who)
    nobody(target, judge, one)
    unique = target.new_name("any unique string")
    names = {"email": unique, "first_name": unique, "last_name": "-"}
    with registered(target, judge, one.username, "Op", **names) as (made, _):
        answer = common(target, role=who)
        expect(judge, answer.status == 200, answer, f"the account of {one.username} is to be let in")
        found = users(target, one)
        as_made = [(each.get("username"), each.get("email"), each.get("first_name")) for each in found]
        wanted = [(one.username, unique, unique)]
        judge.that(as_made == wanted, [made, answer], f"the account is to be {wanted} and nobody else; it is {as_made}")
        _put_down(target, judge, one, who)
    if who == "long_email":  # the other one would become a user anew
        refused(judge, common(target, role=who), "the account of a user who was deleted")


@requirement("CMP-ACCOUNT-009")
@needs("writes", "new-accounts")
def test_another_number_is_another_account(target: Target, judge: Judge) -> None:
    """A user whose number is nearly an account's, or who is named otherwise, is not that account's."""
    one = account(target, judge, "long_email")
    nobody(target, judge, one)
    last = "0" if one.number[-1] != "0" else "1"
    for number in (f"{one.number[:-1]}{last}", one.number[:-1], f"{one.number}{last}"):
        username = one._replace(number=number).username
        if target.call("get_user", params={"username": username}).status == 404:
            with registered(target, judge, username, "Op", email=target.new_name("email")):
                refused(judge, common(target, role="long_email"), f"a number that is not that of {username}")
    for username in (f"{target.prefix}{one.number}", f"{target.prefix}:{one.username}"):
        with registered(target, judge, username, "Op", email=target.new_name("email")):
            refused(judge, common(target, role="long_email"), f"an account that the name {username} is not of")


@requirement("CMP-ACCOUNT-011")
@needs("writes", "new-accounts")
@_WHO
def test_role_of_the_user_counts(target: Target, judge: Judge, who: str) -> None:
    """A preregistered user has the role that it was given, not that of registration, and keeps it."""
    one, newcomers = account(target, judge, who), str(target.facts["registration_role"])
    nobody(target, judge, one)
    role = "Viewer" if newcomers != "Viewer" else "Op"
    with registered(target, judge, one.username, role, email=target.new_name("email")):
        for _ in range(2):
            read = target.call("get_dags", role=who)
            expect(judge, read.status == 200, read, f"a user with the role {role} is to be let in")
            wanted = 403 if role == "Viewer" else 200
            secret = target.call("get_variables", role=who)
            expect(judge, secret.status == wanted, secret, f"get_variables for the role {role} is to be {wanted}")
            roles = [each["name"] for user in users(target, one) for each in user.get("roles") or ()]
            judge.that(roles == [role], secret, f"the user is to keep the role {role}; it has {roles}")


def _put_down(target: Target, judge: Judge, one: Account, who: str) -> None:
    """Judge that what the account does is done, and put down to its user, as far as the event log tells."""
    thing = Thing(target, "variable")
    for done in (thing.create(who), thing.change(who)):
        expect(judge, done.status == 200, done, f"the account of {one.username} is to be able to write a variable")
    logs, entries = thing.events()
    owners = {str(entry.get("owner")) for entry in entries}
    ok = bool(owners) and owners <= known_as(target, one.username)
    wish = f"what was done is to be put down to {one.username}; it is to {', '.join(owners) or 'nobody'}"
    judge.that(ok, logs, wish, requirement="CMP-ACCOUNT-015")
