"""The session of the web login (api-authentication, "API Authentication")."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.auth import session
from conformance.checks.every_api import web
from conformance.checks.every_api.proofs import account, cookie_of
from conformance.checks.every_api.refusals import all_refused, expect, guarded, harmless, refused, sampled, tried
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies import sessions
from conformance.strategies.basic import basic
from conformance.strategies.credentials import Account
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-SESSION-002")
def test_only_the_session_counts(target: Target, judge: Judge) -> None:
    """Where no backend is configured, a web login opens the API, and name and password do not."""
    cookie = web.session_of(target, judge, account(target, judge))
    opened = target.call("get_dags", role=None, headers=cookie)
    expect(judge, opened.status == 200, opened, "a request with the session of a web login is to be answered")
    plain = target.call("get_dags", role=None, authorization=basic(*account(target, judge)))
    refused(judge, plain, "right Basic credentials, where only the session counts")


@requirement("STB-SESSION-003")
def test_no_forged_session_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A session is refused that was made up, changed, cut, or signed by anybody but the server."""
    cookie = cookie_of(judge, target.drivers["session"].headers("admin"))
    ours = harmless(target)
    for operation in tried(target, guarded(target, operations), depth)[: 3 if depth == "standard" else None]:
        attempts = list(sessions.forgeries(cookie))
        exchanges = target.all(ours.request(operation, one) for one in attempts)
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            refused(judge, exchange, attempt.flaw)


@requirement("STB-SESSION-003")
@given(data=st.data())
def test_changed_session_is_not_taken(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A session with any one character changed is refused."""
    cookie = cookie_of(judge, target.drivers["session"].headers("admin"))
    attempt = data.draw(sessions.bent(cookie), label="session")
    refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)


@requirement("STB-SESSION-003")
def test_visitor_has_no_session(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """The session of somebody who only saw the login page is refused, on every operation."""
    value, _ = web.browser(target).visit()
    visitor = Attempt("the session of a visitor", session.cookie(value))
    ours = harmless(target)
    asked = sampled(guarded(target, operations), depth)
    all_refused(target, judge, (ours.request(each, visitor) for each in asked), visitor.flaw)


@requirement("STB-SESSION-004")
def test_failed_login_gives_no_session(target: Target, judge: Judge, depth: str) -> None:
    """A login with a wrong password, of an unknown or inactive user, or without a CSRF token opens nothing."""
    out = target.credentials.inactive
    inactive = [Account(out.username, out.password)] if out and out.username and out.password else []
    for flaw, answer in web.failing(target, account(target, judge), inactive, depth):
        if answer.status == 429:
            judge.unreached("the target limits how often one may log in, for longer than the check waits")
        for label, headers in (("before", web.visited(answer)), ("from", session.cookie(session.given(answer)))):
            exchange = target.call("get_dags", role=None, headers=headers)
            refused(judge, exchange, f"the session {label} a login with {flaw}")


@requirement("STB-SESSION-003", "STB-SESSION-005")
@needs("writes")
def test_ended_session_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A session is refused before its login and once its user has logged out; the user's other one stays valid."""
    other = target.drivers["session"].headers("admin")
    driver, answer = web.logged_in(target, judge, account(target, judge))
    ended = session.cookie(session.given(answer))
    if web.visited(answer) != ended:  # before 2.3 a login keeps the name of the session
        early = target.call("get_dags", role=None, headers=web.visited(answer))
        refused(judge, early, "the session from before the login", "STB-SESSION-003")
    before = target.call("get_dags", role=None, headers=ended)
    expect(judge, before.status == 200, before, "a fresh session is to be answered", "STB-SESSION-005")
    driver.log_out(ended)
    flaw = Attempt("a session that was ended by logging out", ended)
    ours = harmless(target)
    asked = tried(target, guarded(target, operations), depth)  # real Airflow writes at each such request
    all_refused(target, judge, (ours.request(each, flaw) for each in asked), flaw.flaw, "STB-SESSION-005")
    stays = target.call("get_dags", role=None, headers=other)
    expect(judge, stays.status == 200, stays, "another session of the user is to stay valid", "STB-SESSION-005")
