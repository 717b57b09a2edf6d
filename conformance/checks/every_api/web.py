"""Web logins, as a browser makes them, good and bad ones, and the sessions that come of them.

From 2.6 on Airflow allows five in forty seconds (measured on 2.6.3 and 2.11.2), so they are few.
"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.auth import session
from conformance.auth.base import LoginError
from conformance.auth.session import Session
from conformance.checks.every_api.proofs import account
from conformance.exchange import Exchange, Headers, Request
from conformance.judge import Judge
from conformance.strategies.credentials import Account, misses
from conformance.strategies.headers import Attempt
from conformance.strategies.sessions import as_shipped
from conformance.target import Target

#: The near misses of a password that are tried at a login at the depth standard; at deep all of `misses` are.
FEW = ("with one character more",)
#: Where the web interfaces of Airflow 1.10 and 2 give a visitor a session.
PAGES = ("/admin/", "/login/", "/home")


def browser(target: Target) -> Session:
    """A driver for web logins, also where no backend looks at their sessions."""
    return Session(target.send, target.credentials.by_role, target.redactor.add)


def session_of(target: Target, judge: Judge, account: Account) -> Headers:
    """A session of an admin, where the run has one already that, else a new one of the account."""
    if "session" in target.drivers:
        return target.drivers["session"].headers("admin")
    _, answer = logged_in(target, judge, account)
    return session.cookie(session.given(answer))


def logged_in(target: Target, judge: Judge, account: Account) -> tuple[Session, Exchange]:
    """The driver that has logged the account in, and the answer to it. Ends the check where the login fails."""
    driver = browser(target)
    answer = driver.log_in(*account)
    if not (session.succeeded(answer) and session.given(answer)):
        judge.unreached(f"the web login of {account.username} fails; it was answered with {answer.status}")
    return driver, answer


def ways_in(target: Target, judge: Judge) -> list[Attempt]:
    """Requests with sessions of the web interface, which nobody is to look at.

    That of a login where there is a form for it. Airflow 1.10 has none as shipped, and lets every visitor do all: there
    it is the sessions of visitors, and those of users, signed with the key that it is shipped with.
    """
    try:
        browser(target).visit()
    except LoginError:
        return [*_visitors(target), *as_shipped()]
    return [Attempt("the session of a web login", session_of(target, judge, account(target, judge)))]


def _visitors(target: Target) -> Iterator[Attempt]:
    for page in PAGES:
        if given := session.given(target.send(Request("GET", page))):
            target.redactor.learn(given)
            yield Attempt(f"the session of a visitor of {page}", session.cookie(given))


def visited(answer: Exchange) -> Headers:
    """The session that a login was made with: that of somebody who only saw the form."""
    return tuple((name, value) for name, value in answer.request.headers if name.lower() == "cookie")


def failing(target: Target, account: Account, inactive: list[Account], depth: str) -> Iterator[tuple[str, Exchange]]:
    """Logins that have to fail: what is wrong with them, and the answer."""
    driver = browser(target)
    wrong = [(flaw, word) for flaw, word in misses(account.password) if depth == "deep" or flaw in FEW]
    for flaw, one in (
        *((f"the password {flaw}", Account(account.username, word)) for flaw, word in wrong),
        ("a name that is no user's", Account(target.new_name("nobody"), account.password)),
        *((f"the right password of {one.username}, who is not active", one) for one in inactive),
    ):
        yield flaw, driver.log_in(*one)
    yield "no CSRF token", driver.log_in(*account, csrf=False)
