"""Credentials of every kind, for backends that none may open, or that are not to look at any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from conformance.strategies import basic, sessions
from conformance.strategies.credentials import Account, Pair
from conformance.strategies.headers import Attempt

#: Pairs that somebody may have left as they come.
GUESSABLE = (Account("admin", "admin"), Account("airflow", "airflow"), Account("root", ""))
_NAMED = ("Remote-User", "X-Forwarded-User", "X-Remote-User", "X-Authenticated-User", "From")


def decisive(right: Sequence[Account]) -> list[Attempt]:
    """The few that stand for all: right credentials, or guessed ones where none are known, a token, a session."""
    one = next(reversed(right), GUESSABLE[0])
    return [
        basic.authorization(f"Basic credentials of {one.username}", basic.basic(*one)),
        basic.authorization("a token that nobody gave", "Bearer conformance"),
        *sessions.as_shipped(),
    ]


def others(right: Sequence[Account], nobody: str) -> Iterator[Attempt]:
    """All others: right credentials where any are known, guessable, wrong and made-up ones; `nobody` is no user."""
    for one in dict.fromkeys((*right, *GUESSABLE)):
        yield basic.authorization(f"Basic credentials of {one.username}", basic.basic(*one))
    yield basic.attempt(Pair("Basic credentials of nobody", nobody, "any-password"))
    for flaw, value in (
        ("an empty header", ""),
        ("a scheme without credentials", "Basic"),
        ("what is no base64", "Basic !!!"),
        ("a pair without a colon", "Basic Y29uZm9ybWFuY2U="),
        ("a ticket that nobody gave", "Negotiate Y29uZm9ybWFuY2U="),
        ("a ticket of another kind", "Negotiate TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA="),
        ("a digest", 'Digest username="admin", realm="airflow", nonce="x", uri="/", response="x"'),
    ):
        yield basic.authorization(flaw, value)
    yield sessions.made_up()
    for name in _NAMED:
        yield Attempt(f"the name of a user in {name}", ((name, "admin"),))
