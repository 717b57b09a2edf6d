"""Web logins, as a browser makes them, good and bad ones."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.auth import session
from conformance.auth.session import Session
from conformance.exchange import Exchange, Headers
from conformance.judge import Judge
from conformance.strategies.credentials import Account, misses
from conformance.target import Target


def browser(target: Target) -> Session:
    """A driver for web logins, also where no backend looks at their sessions."""
    return Session(target.send, target.credentials.by_role, target.redactor.learn)


def logged_in(target: Target, judge: Judge, account: Account) -> tuple[Session, Headers]:
    """The driver that has logged the account in, and the session. Ends the check where the login fails."""
    driver = browser(target)
    answer = driver.log_in(*account)
    if not (session.succeeded(answer) and session.given(answer)):
        judge.unreached(f"the web login of {account.username} fails; it was answered with {answer.status}")
    return driver, session.cookie(session.given(answer))


def failing(target: Target, account: Account, inactive: list[Account]) -> Iterator[tuple[str, Headers, Exchange]]:
    """Logins that have to fail: what is wrong with them, the session that only visited, and the answer."""
    driver = browser(target)
    wrong = [(f"the password {flaw}", Account(account.username, word)) for flaw, word in misses(account.password)]
    few = [one for one in wrong if one[0] in _FEW]
    for flaw, one in (
        *few,
        ("a name that is no user's", Account(target.new_name("nobody"), account.password)),
        *((f"the right password of {one.username}, who is not active", one) for one in inactive),
    ):
        visited, token = driver.visit()
        yield flaw, session.cookie(visited), target.send(session.form(*one, visited, token))
    visited, _ = driver.visit()
    yield "no CSRF token", session.cookie(visited), target.send(session.form(*account, visited, None))
    yield "another's CSRF token", session.cookie(visited), target.send(session.form(*account, visited, "x.y.z"))


_FEW = (
    "the password empty",
    "the password without its last character",
    "the password with one character more",
    "the password in capitals",
    "the password with a blank after it",
)
