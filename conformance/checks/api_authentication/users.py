"""Users that a check creates, to see whether they can prove who they are."""

from __future__ import annotations

from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.strategies.basic import basic
from conformance.strategies.credentials import Account
from conformance.target import Target

#: Passwords with colons, and characters that Latin-1, or only Unicode, has.
ODD_PASSWORDS = ("pä:ss:wörd", "pass ✓ word:")


def created(target: Target, judge: Judge, password: str, role: str = "Viewer") -> Account:
    """A new user with that password and a role that may read. Ends the check when it cannot be created."""
    account = Account(target.new_name("user"), password)
    body = {
        "username": account.username,
        "password": password,
        "email": f"{account.username}@example.org",
        "first_name": "Conformance",
        "last_name": "Check",
        "roles": [{"name": role}],
    }
    made = target.call("post_user", json=body)
    if made.status != 200:
        judge.that(False, made, f"an admin is to be able to create a user; it was answered with {made.status}")
        judge.unreached("no user could be created")
    return account


def deleted(target: Target, account: Account) -> Exchange:
    """The answer to deleting a user."""
    return target.call("delete_user", params={"username": account.username})


def asked(target: Target, account: Account, operation: str = "get_dags") -> Exchange:
    """The answer to a request with the account's name and password as Basic credentials, and nothing else."""
    return target.call(operation, role=None, authorization=basic(*account))
