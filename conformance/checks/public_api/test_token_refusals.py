"""Who gets no token."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.auth.jwt import login
from conformance.checks.every_api.proofs import accounts
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.credentials import (
    Account,
    Pair,
    bodies,
    mixed_up,
    near,
    wrong_passwords,
    wrong_usernames,
)
from conformance.target import Target

_JWT = re.compile(rb"eyJ[\w-]+\.[\w-]+\.[\w-]*")
#: What a token is asked for with; the second route has tokens that live for a shorter time.
ROUTES = ("/auth/token", "/auth/token/cli")
#: Logins with a wrong password are slow on purpose where passwords are hashed: 0.15 s was measured with FAB. So random
#: ones are few, and only at the depth deep every near miss is tried of user names as well.
STEP = {"smoke": 6, "standard": 3, "deep": 1}
FEW = 10


@requirement("PUB-TOKEN-004")
def test_wrong_password_gets_no_token(target: Target, judge: Judge, depth: str) -> None:
    """A password that is empty or nearly the right one gets no token."""
    for account in _accounts(target, judge)[: 1 if depth != "deep" else None]:
        _all_refused(target, judge, list(wrong_passwords(account))[:: STEP[depth] if depth == "smoke" else 1])


@requirement("PUB-TOKEN-004")
def test_wrong_user_name_gets_no_token(target: Target, judge: Judge, depth: str) -> None:
    """The right password with a user name that is nearly right gets no token."""
    counts = target.profile.auth_manager != "fab"
    for account in _accounts(target, judge)[: 1 if depth != "deep" else None]:
        _all_refused(target, judge, list(wrong_usernames(account, case_counts=counts))[:: STEP[depth]])


@requirement("PUB-TOKEN-004")
def test_credentials_of_two_users_do_not_mix(target: Target, judge: Judge, depth: str) -> None:
    """A user with another's password, a swapped pair and a user that does not exist get no token."""
    some = _accounts(target, judge)[: None if depth == "deep" else 2]
    _all_refused(target, judge, list(mixed_up(some, target.new_name("nobody"))))


@requirement("PUB-TOKEN-004")
@settings(max_examples=FEW)
@given(data=st.data())
def test_nearly_right_password_gets_no_token(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A password that is one edit away from the right one gets no token."""
    account = _accounts(target, judge)[0]
    miss = data.draw(near(account.password), label="password")
    _without_token(judge, target.send(login(account.username, miss.word)), f"a password {miss.how}")


@requirement("PUB-TOKEN-005")
def test_body_without_credentials_gets_no_token(target: Target, judge: Judge) -> None:
    """A body that does not hold the credentials gets no token and a client error, on every token route."""
    account = next(iter(accounts(target)), Account("anybody", "any-password"))
    for path in _routes(target):
        for body in bodies(account):
            headers = [("Content-Type", body.media)] if body.media else []
            exchange = target.call("POST", path, role=None, body=body.content, headers=headers)
            _without_token(judge, exchange, body.flaw)


@requirement("PUB-TOKEN-006")
def test_other_method_gets_no_token(target: Target, judge: Judge) -> None:
    """No method but POST yields a token, whatever goes along."""
    account = _accounts(target, judge)[0]
    content = login(account.username, account.password).body
    json = [("Content-Type", "application/json")]
    for path in _routes(target):
        for method in ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "post"):
            for body in (None, content):
                exchange = target.call(method, path, role=None, body=body, headers=json if body else [])
                ok = exchange.response is None or not _gives_token(exchange)
                judge.that(
                    ok, exchange, f"{method} {path} is to yield no token; its answer {exchange.status} holds one"
                )


def _all_refused(target: Target, judge: Judge, pairs: list[Pair]) -> None:
    for pair, exchange in zip(pairs, target.all(login(pair.username, pair.password) for pair in pairs), strict=True):
        _without_token(judge, exchange, pair.flaw)


def _without_token(judge: Judge, exchange: Exchange, flaw: str) -> None:
    """Judge that the answer is a client error without a token."""
    refused = exchange.status is not None and 400 <= exchange.status < 500
    given = _gives_token(exchange)
    came = "the answer holds a token" if given else f"it was answered with {exchange.status}"
    judge.that(refused and not given, exchange, f"a login with {flaw} is to be refused; {came}")


def _gives_token(exchange: Exchange) -> bool:
    answer = exchange.response
    if answer is None:
        return False
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers).encode()
    return b'"access_token"' in answer.body or bool(_JWT.search(answer.body) or _JWT.search(headers))


def _routes(target: Target) -> list[str]:
    """The paths at which the auth manager makes tokens."""
    there = {operation.path for operation in target.interface.operations.values() if operation.method == "POST"}
    return [path for path in ROUTES if path in there]


def _accounts(target: Target, judge: Judge) -> list[Account]:
    return accounts(target) or judge.unreached("there is no user name with a password to make near misses of")
