"""Proof counts only where a configured backend looks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlencode

from conformance.checks.every_api.proofs import accounts, cookie_of
from conformance.checks.every_api.refusals import answers, guarded, harmless, refused, tried
from conformance.credentials import COMPOSER
from conformance.exchange import Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.basic import basic
from conformance.strategies.headers import COOKIES, Attempt, elsewhere
from conformance.target import Target
from specs.contract import Operation

#: Statuses that say that a request is not understood, which Airflow 2 finds out before it asks who sends it.
MALFORMED = (400, 415)


class Proof(NamedTuple):
    """What lets somebody in as the value of an Authorization header, and the fields of a form that say the same."""

    what: str
    header: str
    fields: dict[str, str]


@requirement("STB-AUTH-009", "EXP-AUTH-006")
def test_misplaced_proof_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Right name, password, session or ticket in another header, another cookie or the query does not authenticate."""
    ours = harmless(target)
    attempts = list(_misplaced(target, judge))
    asked = tried(target, guarded(target, operations, proven=True), depth)
    for operation in asked[: 3 if depth == "standard" else None]:
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


@requirement("STB-AUTH-009", "EXP-AUTH-006")
def test_proof_in_a_body_is_not_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Right name and password, or a ticket, in the body, as form fields or in JSON, do not authenticate."""
    proof = _proofs(target, judge)[0]
    ours = harmless(target)
    for operation in tried(target, guarded(target, operations, proven=True), depth):
        requests = list(_in_bodies(target, ours.request(operation, Attempt("")), operation, proof))
        for exchange in answers(target, requests):
            refused(judge, exchange, "good credentials in the body", also=MALFORMED)


def _proofs(target: Target, judge: Judge) -> list[Proof]:
    """What is right in an Authorization header, here or elsewhere. Ends the check where nothing is known."""
    found = [Proof("name and password", basic(*one), one._asdict()) for one in accounts(target)[-1:]]
    if "kerberos" in target.drivers:
        found += [Proof("ticket", value, {}) for _, value in target.drivers["kerberos"].headers("admin")]
    if target.profile.platform == COMPOSER:
        found.append(Proof("access token", f"Bearer {target.google.token()}", {}))
    if not found:
        judge.unreached("nothing is known that would let anybody in")
    return found


def _misplaced(target: Target, judge: Judge) -> Iterator[Attempt]:
    for what, header, fields in _proofs(target, judge):
        bare = header.partition(" ")[2]
        yield from elsewhere(what, bare, header, fields.get("username", "admin"))
        for name in COOKIES:
            yield Attempt(f"the {what} in the cookie {name}", (("Cookie", f"{name}={bare}"),))
        if fields:
            yield Attempt("name and password in the query", query=tuple(fields.items()))
            short = tuple((name[:4], value) for name, value in fields.items())
            yield Attempt("name and password in the query, as a login has them", query=short)
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


def _in_bodies(target: Target, straight: Request, operation: Operation, proof: Proof) -> Iterable[Request]:
    """The request with good credentials in its body; a read gets a body for that."""
    both = {**proof.fields, "authorization": proof.header}
    media = [("Content-Type", "application/x-www-form-urlencoded")]
    form = urlencode(both).encode()
    yield target.request(straight.method, straight.target, role=None, body=form, headers=media)
    given = json.loads(straight.body) if operation.body is not None and straight.body else None
    yield target.request(straight.method, straight.target, role=None, json={**(given or {}), **both})
