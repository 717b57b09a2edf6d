"""Google accounts, and the users that they are in Airflow."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from conformance.auth.base import NoCredential
from conformance.checks.every_api.refusals import guarded
from conformance.exchange import Exchange
from conformance.items import items
from conformance.judge import Judge
from conformance.strategies import google
from conformance.strategies.google import Account
from conformance.target import Target
from specs.contract import Operation


def users_are_created(target: Target, judge: Judge) -> None:
    """End the check where the API creates no users (before Airflow 2.2)."""
    if "post_user" not in target.interface.operations:
        judge.unreached(f"the API of Airflow {target.version} creates no users")


def account(target: Target, judge: Judge, role: str) -> Account:
    """The account of a role, to be made a user. Ends the check where no key of it was given or users cannot be made."""
    users_are_created(target, judge)
    try:
        return google.account(target.google.key_file(role))
    except (NoCredential, OSError, ValueError) as error:
        judge.unreached(str(error))


def somebody(target: Target) -> Account:
    """The admin's account; one that nobody has where no key of it was given."""
    try:
        return google.account(target.google.key_file("admin"))
    except (NoCredential, OSError, ValueError):
        return google.nobody()


def known(target: Target) -> list[str]:
    """Everybody who has an account, by role or by what the one is called who has none."""
    return [role for role in target.credentials.everybody if target.google.has(role)]


def closed(target: Target, operations: Iterable[Operation]) -> list[Operation]:
    """The operations that this run may send with good credentials, and that Airflow does not have open to everybody."""
    return [one for one in guarded(target, operations, proven=True) if not one.open]


def users(target: Target, one: Account) -> list[dict[str, Any]]:
    """The users that could be the account's: of its name, or of its e-mail, whole or cut."""
    return [
        dict(user)
        for user in items(target, target.kinds["user"])
        if user.get("username") == one.username or _alike(str(user.get("email") or ""), one.email)
    ]


def nobody(target: Target, judge: Judge, one: Account) -> None:
    """End the check where the account is a user already; else take over what user comes of it from now on."""
    if found := users(target, one):
        name = found[0].get("username")
        judge.unreached(f"{one.email} is the user {name} already; it is to be an account that Airflow does not know")
    take_over(target, one.username)


def take_over(target: Target, username: str) -> None:
    """Let a user of that name, who is not there yet, be the run's: it is removed at the end."""
    target.guard.own("username", username)
    target.journal.ended(target.journal.note("user", {"username": username}), refused=False)


@contextmanager
def registered(
    target: Target, judge: Judge, username: str, role: str, **fields: str
) -> Iterator[tuple[Exchange, dict[str, Any]]]:
    """Have a user of that name for a while, whose password nobody knows. Ends the check where there can be none."""
    password = secrets.token_urlsafe(24)
    target.redactor.learn(password)
    take_over(target, username)
    body = {"username": username, "first_name": "-", "last_name": "-", "roles": [{"name": role}], **fields}
    made = target.call("post_user", json={**body, "password": password})
    judge.that(made.status == 200, made, f"an admin is to be able to create the user {username}; it was {made.status}")
    if made.status != 200:
        judge.unreached(f"the user {username} could not be created")
    try:
        yield made, body
    finally:
        target.call("delete_user", params={"username": username})


def _alike(found: str, email: str) -> bool:
    """Whether an e-mail is the account's, or so much of it as somebody may have kept."""
    return found.casefold() == email.casefold() or (len(found) >= 32 and email.startswith(found))
