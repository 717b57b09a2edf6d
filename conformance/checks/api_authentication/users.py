"""Users that a check creates, to see whether they can prove who they are."""

from __future__ import annotations

from typing import Any

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
    made = target.call("post_user", json=body_of(account, role))
    if made.status != 200:
        judge.that(False, made, f"an admin is to be able to create a user; it was answered with {made.status}")
        judge.unreached("no user could be created")
    return account


def body_of(account: Account, role: str = "Viewer") -> dict[str, Any]:
    """The whole of a user, as a request for one has it."""
    return {
        "username": account.username,
        "password": account.password,
        "email": f"{account.username}@example.org",
        "first_name": "Conformance",
        "last_name": "Check",
        "roles": [{"name": role}],
    }


def role_created(target: Target, judge: Judge, resource: str) -> str:
    """The name of a new role that may read one resource, and nothing else."""
    name = target.new_name("role")
    grants = [{"action": {"name": "can_read"}, "resource": {"name": resource}}]
    made = target.call("post_role", json={"name": name, "actions": grants})
    judge.that(made.status == 200, made, f"an admin is to be able to create a role; it was answered with {made.status}")
    return name


def deleted(target: Target, account: Account) -> Exchange:
    """The answer to deleting a user."""
    return target.call("delete_user", params={"username": account.username})


def asked(target: Target, account: Account, operation: str = "get_dags") -> Exchange:
    """The answer to a request with the account's name and password as Basic credentials, and nothing else."""
    return target.call(operation, role=None, authorization=basic(*account))
