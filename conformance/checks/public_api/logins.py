"""Logins that are to succeed, one for each account whose password is known."""

from __future__ import annotations

from typing import Any, NamedTuple

from conformance.auth import jwt
from conformance.auth.base import LoginError
from conformance.exchange import Exchange, NotJson, Request
from conformance.judge import Judge
from conformance.strategies.credentials import Account
from conformance.target import Target

_ORDER = ("viewer", "user", "op", "admin")


class Login(NamedTuple):
    """A request for a token, and the account that it is for."""

    request: Request
    username: str
    password: str


def accounts(target: Target) -> list[Account]:
    """The accounts whose passwords are known, the one that may least first."""
    by_role = target.credentials.by_role
    ordered = [by_role[role] for role in (*_ORDER, *by_role.keys() - set(_ORDER)) if role in by_role]
    return [Account(one.username, one.password) for one in ordered if one.username and one.password is not None]


def logins(target: Target, judge: Judge) -> list[Login]:
    """A login for each account; where everybody is admin, of anybody. Ends the check when there is none."""
    found = [Account("anybody", "any-password")] if target.profile.all_admins else accounts(target)
    if not found:
        judge.unreached("there is no user name with a password, so no login can be made")
    return [Login(jwt.login(name, password), name, password) for name, password in found]


def token_of(target: Target, judge: Judge, exchange: Exchange) -> str:
    """The token of an answer, from now on a secret. An answer without one is a violation, and ends the check."""
    try:
        token = jwt.token_of(exchange)
    except LoginError as error:
        judge.that(False, exchange, f"a login is to give a token; {error}")
        judge.unreached("a login gave no token")
    target.redactor.add(token)
    return token


def said(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of an answer; empty when it is none."""
    try:
        found = exchange.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
