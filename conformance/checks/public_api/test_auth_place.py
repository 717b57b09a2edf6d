"""Where a token counts: in the Authorization header, under the scheme Bearer, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterable

from conformance.checks.every_api.refusals import answers, guarded, harmless, refused, sampled, tried
from conformance.exchange import Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.headers import Attempt, in_cookies, misplaced
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-004")
def test_misplaced_token_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A valid token under another scheme, in another header or in the query does not authenticate."""
    ours = harmless(target)
    attempts = _misplaced(target)
    for operation in tried(target, guarded(target, operations, proven=True), depth):
        exchanges = answers(target, (ours.request(operation, attempt) for attempt in attempts))
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-004")
def test_misplaced_token_opens_no_operation(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A valid token under the scheme Basic, in the query or in a header of another name opens no operation."""
    ours = harmless(target)
    token = target.token()
    asked = sampled(guarded(target, operations, proven=True), depth)
    for attempt in (
        Attempt("the token under the scheme Basic", (("Authorization", f"Basic {token}"),)),
        Attempt("the token in query and other header", (("X-Access-Token", token),), (("access_token", token),)),
    ):
        for exchange in answers(target, (ours.request(one, attempt) for one in asked)):
            refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-004")
def test_token_in_a_body_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A valid token in the body, as a form field or in JSON, does not authenticate."""
    ours = harmless(target)
    for operation in tried(target, guarded(target, operations, proven=True), depth):
        requests = _in_bodies(target, ours.request(operation, Attempt("")), operation, target.token())
        for exchange in answers(target, requests):
            refused(judge, exchange, "the token in the body")


@requirement("PUB-AUTH-005")
def test_token_in_a_cookie_opens_no_operation(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A valid token in the cookie of the user interface, and nowhere else, does not authenticate, on any operation."""
    ours = harmless(target)
    attempt = next(in_cookies(target.token()))
    asked = sampled(guarded(target, operations, proven=True), depth)
    for exchange in answers(target, (ours.request(one, attempt) for one in asked)):
        refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-005")
def test_no_cookie_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A valid token in a cookie of any name does not authenticate."""
    ours = harmless(target)
    attempts = list(in_cookies(target.token()))
    for operation in tried(target, guarded(target, operations, proven=True), depth):
        exchanges = answers(target, (ours.request(operation, attempt) for attempt in attempts))
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-005")
def test_cookie_does_not_mend_a_bad_header(target: Target, judge: Judge) -> None:
    """A token that is not valid is refused even when a valid one comes along in a cookie."""
    cookie = next(in_cookies(target.token())).headers
    refused(
        judge,
        target.call("get_dags", authorization="Bearer bad", headers=cookie),
        "a bad token and the valid one in a cookie",
    )


def _misplaced(target: Target) -> list[Attempt]:
    admin = target.credentials.by_role.get("admin")
    username, password = (admin.username, admin.password) if admin else (None, None)
    return list(misplaced(target.token(), username or "admin", password))


def _in_bodies(target: Target, straight: Request, operation: Operation, token: str) -> Iterable[Request]:
    """The request with the token in its body; a read gets a body for that."""
    fields = {"access_token": token, "token": token}
    form = "&".join(f"{name}={value}" for name, value in fields.items()).encode()
    media = [("Content-Type", "application/x-www-form-urlencoded")]
    yield target.request(straight.method, straight.target, role=None, body=form, headers=media)
    given = json.loads(straight.body) if operation.body is not None and straight.body else None
    both = {**(given or {}), **fields, "authorization": f"Bearer {token}"}
    yield target.request(straight.method, straight.target, role=None, json=both)
