"""Logins that are to succeed, one for each account whose password is known."""

from __future__ import annotations

from typing import Any, NamedTuple

from conformance.auth import jwt
from conformance.auth.base import LoginError
from conformance.checks.every_api.proofs import accounts
from conformance.exchange import Exchange, NotJson, Request
from conformance.judge import Judge
from conformance.strategies.credentials import Account
from conformance.target import Target


class Login(NamedTuple):
    """A request for a token, and the account that it is for."""

    request: Request
    username: str
    password: str


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
