"""Proof counts only where a configured backend looks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from conformance.checks.every_api.proofs import account, cookie_of
from conformance.checks.every_api.refusals import answers, guarded, harmless, refused, tried
from conformance.exchange import Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.basic import basic
from conformance.strategies.credentials import Account
from conformance.strategies.headers import COOKIES, Attempt, elsewhere
from conformance.target import Target
from specs.contract import Operation

#: Statuses that say that a request is not understood, which Airflow 2 finds out before it asks who sends it.
MALFORMED = (400, 415)


@requirement("STB-AUTH-009")
def test_misplaced_proof_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Right name, password or session in another header, another cookie or the query does not authenticate."""
    ours = harmless(target)
    attempts = list(_misplaced(target, judge))
    for operation in tried(guarded(target, operations, proven=True), depth)[: 3 if depth == "standard" else None]:
        exchanges = answers(target, (ours.request(operation, one) for one in attempts))
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            refused(judge, exchange, attempt.flaw, also=MALFORMED)


@requirement("STB-AUTH-009")
def test_proof_in_a_lax_query_is_not_taken(target: Target, judge: Judge) -> None:
    """Nor does it in the query of an operation that takes any (get_providers does; measured on 2.2.5 to 2.11.2)."""
    for attempt in _misplaced(target, judge):
        if attempt.query:
            exchange = target.call("get_providers", role=None, query=attempt.query)
            refused(judge, exchange, attempt.flaw, also=MALFORMED)


@requirement("STB-AUTH-009")
def test_proof_in_a_body_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Right name and password in the body, as form fields or in JSON, do not authenticate."""
    one = account(target, judge)
    ours = harmless(target)
    for operation in tried(guarded(target, operations, proven=True), depth):
        requests = list(_in_bodies(target, ours.request(operation, Attempt("")), operation, one))
        for exchange in answers(target, requests):
            refused(judge, exchange, "name and password in the body", also=MALFORMED)


def _misplaced(target: Target, judge: Judge) -> Iterator[Attempt]:
    one = account(target, judge)
    header = basic(*one)
    yield from elsewhere("name and password", header.partition(" ")[2], header, one.username)
    for flaw, pairs in (
        ("name and password in the query", (("username", one.username), ("password", one.password))),
        ("name and password in the query, as a login has them", (("user", one.username), ("pass", one.password))),
    ):
        yield Attempt(flaw, query=pairs)
    bare = header.partition(" ")[2]
    for name in COOKIES:
        yield Attempt(f"name and password in the cookie {name}", (("Cookie", f"{name}={bare}"),))
    if "session" in target.drivers:
        cookie = cookie_of(judge, target.drivers["session"].headers("admin"))
        for scheme in ("Bearer", "Basic", "Session", "Cookie", "Token"):
            yield Attempt(f"the session under the scheme {scheme}", (("Authorization", f"{scheme} {cookie.value}"),))
        yield Attempt("the session alone in the Authorization header", (("Authorization", cookie.value),))
        for name in ("X-Session", "Session", "X-Session-Id", "Set-Cookie", "X-Cookie", "Cookie2", "X-Airflow-Session"):
            yield Attempt(f"the session in the header {name}", ((name, f"{cookie.name}={cookie.value}"),))
            yield Attempt(f"the bare session in the header {name}", ((name, cookie.value),))
        for name in (cookie.name, "sessionid", "sid", "session_id", "cookie"):
            yield Attempt(f"the session in the query as {name}", query=((name, cookie.value),))
        for name in (n for n in COOKIES if n != cookie.name):
            yield Attempt(f"the session in the cookie {name}", (("Cookie", f"{name}={cookie.value}"),))
    if "custom" in target.drivers:
        good = target.drivers["custom"].headers("admin")
        yield Attempt("the module's headers in the query", query=good)
        yield Attempt("the module's headers in cookies", (("Cookie", "; ".join(f"{k}={v}" for k, v in good)),))


def _in_bodies(target: Target, straight: Request, operation: Operation, one: Account) -> Iterable[Request]:
    """The request with name and password in its body; a read gets a body for that."""
    fields = {"username": one.username, "password": one.password}
    media = [("Content-Type", "application/x-www-form-urlencoded")]
    form = urlencode(fields).encode()
    yield target.request(straight.method, straight.target, role=None, body=form, headers=media)
    given = json.loads(straight.body) if operation.body is not None and straight.body else None
    both = {**(given or {}), **fields, "authorization": basic(*one)}
    yield target.request(straight.method, straight.target, role=None, json=both)
