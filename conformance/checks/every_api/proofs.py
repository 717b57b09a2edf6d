"""Proof of who asks: what each way of authentication takes, and what comes near it without being it.

A way is a driver of the target: "jwt" for Airflow 3, else one for each backend that lets somebody in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from conformance.auth.basic import encoded
from conformance.auth.jwt import claims
from conformance.credentials import COMPOSER
from conformance.exchange import Exchange, Headers
from conformance.judge import Judge
from conformance.strategies import basic, google, own_headers, sessions, tickets, tokens
from conformance.strategies.credentials import Account, Pair
from conformance.strategies.headers import NOTHING, Attempt, bearer, empty
from conformance.target import Target

#: The requirements that say of each way that good proof opens the API, of each API one.
OPENS = {
    "jwt": ("PUB-AUTH-001",),
    "session": ("STB-SESSION-001",),
    "basic": ("STB-BASIC-001",),
    "custom": ("STB-CUSTOM-001",),
    "password": ("EXP-PASSWORD-001",),
    "kerberos": ("STB-KERBEROS-001", "EXP-KERBEROS-001"),
    "open": ("EXP-OPEN-001",),
    "composer_auth": (
        *("CMP-API-001", "CMP-API-003", "CMP-STABLE-001", "CMP-CALL-003"),
        *("CMP-API-005", "CMP-EXP-003"),
    ),
}
#: Real Airflow takes its time to find a password right or wrong: a tenth of a second in 2.x, a fifth in 1.10.
COSTLY = ("basic", "password")

_ORDER = ("public", "viewer", "user", "op", "admin")


class Wrong(NamedTuple):
    """A request whose proof is not good, and the requirement that says so; `costly`: real Airflow takes its time."""

    attempt: Attempt
    requirement: str
    costly: bool = False


def accounts(target: Target) -> list[Account]:
    """The accounts whose passwords are known, the one that may least first."""
    by_role = target.credentials.by_role
    ordered = [by_role[role] for role in (*_ORDER, *by_role.keys() - set(_ORDER)) if role in by_role]
    return [Account(one.username, one.password) for one in ordered if one.username and one.password is not None]


def account(target: Target, judge: Judge, role: str = "admin") -> Account:
    """The account of the role, of the highest one there is if that has none. Ends the check when there is none."""
    one = target.credentials.by_role.get(role)
    if one and one.username and one.password is not None:
        return Account(one.username, one.password)
    if not (found := accounts(target)):
        judge.unreached("there is no user name with a password")
    return found[-1]


def writers(target: Target) -> dict[str, str]:
    """The user name of every role that may write: the one that logs in, or whom its token names."""
    known = {role: one for role, one in target.credentials.by_role.items() if role not in ("public", "viewer")}
    named = {role: one.username or _named(target, role) for role, one in known.items()}
    return {role: name for role, name in named.items() if name}


def jwt_of(judge: Judge, token: str, exchange: Exchange | None = None) -> tokens.Jwt:
    """A token taken apart; one that is no JWT ends the check, as a violation where it is judged by its exchange."""
    try:
        return tokens.read(token)
    except ValueError as error:
        if exchange:
            judge.that(False, exchange, f"a token is to be a JWT; {error}")
        judge.unreached(f"the target's token is no JWT: {error}")


def cookie_of(judge: Judge, headers: Headers) -> sessions.Cookie:
    """The session in the headers that a login gave; where there is none, the check ends."""
    sent = next((value for name, value in headers if name.lower() == "cookie"), "")
    try:
        return sessions.read(sent)
    except ValueError as error:
        judge.unreached(f"a login gave no session: {error}")


def wrong(target: Target, judge: Judge) -> list[Wrong]:
    """Proof that is not good, a few for each way that the target knows, and for all of its ways at once."""
    found = [one for kind, make in _WRONG.items() for one in make(target, judge, kind)]
    each = {one.attempt.headers[0][0].lower(): one.attempt.headers for one in found if not one.costly}
    if len(each) > 1:
        headers = tuple(header for headers in each.values() for header in headers)
        found.append(Wrong(Attempt("bad proof of every kind at once", headers), "STB-CHAIN-003"))
    return found


def unproven(target: Target, judge: Judge) -> list[Attempt]:
    """Nothing, bad proof of every sort, and good proof in the wrong place."""
    scheme, _ = authorization(target)
    bad = [one.attempt for one in wrong(target, judge) if not one.costly]
    return [NOTHING, *bad, next(empty(scheme)), *_misnamed(target)]


def authorization(target: Target) -> tuple[str, str]:
    """Scheme and credentials of an admin's Authorization header; where no backend looks at it, they are right too."""
    if "jwt" in target.drivers:
        return "Bearer", target.token()
    if target.profile.platform == COMPOSER:
        return "Bearer", target.google.token()
    one = next(reversed(accounts(target)), Account("anybody", "any-password"))
    return "Basic", encoded(*one)


def _misnamed(target: Target) -> list[Attempt]:
    """Good proof under another scheme; none where the scheme does not count, as in Airflow 1.10 (measured)."""
    scheme, good = authorization(target)
    other = "Basic" if scheme == "Bearer" else "Bearer"
    place = Attempt(f"good credentials under the scheme {other}", (("Authorization", f"{other} {good}"),))
    return [] if "password" in target.drivers else [place]


def _named(target: Target, role: str) -> str:
    """The user whom a token names; FAB's name a number instead (measured on 3.3.2)."""
    if "jwt" not in target.drivers or target.profile.auth_manager != "simple":
        return ""
    return str(claims(target.token(role)).get("sub") or "")


def _wrong_tokens(target: Target, judge: Judge, kind: str) -> Iterable[Wrong]:
    if kind in target.drivers:
        for forgery in tokens.decisive(jwt_of(judge, target.token())):
            yield Wrong(bearer(repr(forgery), forgery.token), "PUB-AUTH-003")


def _wrong_sessions(target: Target, judge: Judge, kind: str) -> Iterable[Wrong]:
    if kind in target.drivers:
        for attempt in sessions.decisive(cookie_of(judge, target.drivers[kind].headers("admin"))):
            yield Wrong(attempt, "STB-SESSION-003")


def _wrong_pairs(target: Target, judge: Judge, kind: str) -> Iterable[Wrong]:
    """Of nobody, and of a user that does not exist, which takes a server as long as to find a password wrong."""
    if kind in target.drivers:
        password = account(target, judge).password
        yield Wrong(basic.attempt(Pair("a password without a user", "", password)), "STB-BASIC-006")
        nobody = Pair("the password of another for a user that does not exist", target.new_name("nobody"), password)
        yield Wrong(basic.attempt(nobody), "STB-BASIC-006", costly=True)


def _wrong_names(target: Target, judge: Judge, kind: str) -> Iterable[Wrong]:
    """The same in Airflow 1.10, which finds out quickly that there is no such user."""
    for attempt, *_ in _wrong_pairs(target, judge, kind):
        yield Wrong(attempt, "EXP-PASSWORD-002")


def _wrong_headers(target: Target, _judge: Judge, kind: str) -> Iterable[Wrong]:
    if kind in target.drivers:
        for attempt in own_headers.decisive(target.drivers[kind].headers("admin"), target.new_name("nobody")):
            yield Wrong(attempt, "STB-CUSTOM-002")


def _wrong_tickets(target: Target, _judge: Judge, kind: str) -> Iterable[Wrong]:
    if kind in target.drivers:
        name = "EXP-KERBEROS-003" if target.api.name == "experimental" else "STB-KERBEROS-002"
        for attempt in tickets.decisive(target.kerberos.context("admin").token):
            yield Wrong(attempt, name)


def _wrong_tokens_of_google(target: Target, _judge: Judge, _kind: str) -> Iterable[Wrong]:
    """Wherever the proxy stands, whatever stands behind it."""
    if target.profile.platform == COMPOSER:
        for attempt in google.decisive(target.google.token()):
            yield Wrong(attempt, "CMP-CALL-007")


_Make = Callable[[Target, Judge, str], Iterable[Wrong]]
_WRONG: dict[str, _Make] = {
    "jwt": _wrong_tokens,
    "session": _wrong_sessions,
    "basic": _wrong_pairs,
    "custom": _wrong_headers,
    "password": _wrong_names,
    "kerberos": _wrong_tickets,
    "composer_auth": _wrong_tokens_of_google,
}
