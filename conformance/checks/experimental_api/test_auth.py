"""Whoever proves nothing gets nothing, and changes nothing (experimental-api, "Authentication")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from conformance.checks.every_api.proofs import unproven
from conformance.checks.every_api.refusals import all_refused, guarded, harmless, refused, sampled, tried
from conformance.checks.every_api.things import Thing
from conformance.exchange import Exchange, Request
from conformance.guard import GuardRefusal
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.headers import NOTHING
from conformance.strategies.paths import methods, spellings
from conformance.target import Target
from specs.contract import Operation

#: Bodies that would be found wrong, were they read before it is asked who sends them.
BODIES = (b"", b"{", b"null", b"[]", b"5", b'"conf"', b"\xff\xfe", b"name=x", b'{"conf": "{"}', b'{"slots": {}}')
JSON, FORM = ("Content-Type", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")


@requirement("EXP-AUTH-002", "EXP-DENY-001")
def test_no_head_is_let_through(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """HEAD is refused without proof wherever GET is, on every operation."""
    ours = harmless(target)
    asked = [one for one in guarded(target, operations) if one.method == "GET"]
    heads = (replace(ours.request(one, NOTHING), method="HEAD") for one in asked)
    all_refused(target, judge, heads, NOTHING.flaw)


@requirement("EXP-AUTH-002", "EXP-DENY-001")
def test_no_body_is_let_through(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Without proof a request is refused whatever its body, or its query, is: it is not looked at before."""
    ours = harmless(target)
    asked = sampled(guarded(target, operations), depth)
    for operation in [one for one in asked if one.body is not None or one in tried(target, asked, depth)]:
        for request in _bodies(ours.request(operation, NOTHING)):
            if exchange := _sent(target, request):
                refused(judge, exchange, f"no credentials and the body {request.body!r}")


@requirement("EXP-AUTH-003", "EXP-AUTH-005")
@needs("writes", "fixture-dags", "admits")
def test_refused_pausing_changes_nothing(target: Target, judge: Judge) -> None:
    """The GET that pauses a DAG does nothing without proof, under no method and no spelling of its path."""
    thing = Thing(target, "pause")
    made = thing.create()
    if made.status != 200:
        judge.unreached(f"a DAG could not be paused; it was answered with {made.status}")
    _, before = thing.state()
    requests = [request for attempt in unproven(target, judge) for request in thing.writes(attempt)]
    for request in [*requests, *(replace(one, method="HEAD") for one in requests), *_spelled(target, requests[0])]:
        _sent(target, request)
    exchange, after = thing.state()
    same = after is not None and after == before
    judge.that(same, exchange, f"a request without proof is not to unpause a DAG; it was {before}, it is {after}")


def _bodies(request: Request) -> Iterator[Request]:
    for body in BODIES:
        yield replace(request, body=body, headers=(JSON,))
    if request.body:
        yield replace(request, headers=())
        yield replace(request, headers=(FORM,))
        yield replace(request, body=None, headers=())
    yield replace(request, target=f"{request.target}?state=%FF&limit=x&conf={{")


def _spelled(target: Target, request: Request) -> Iterator[Request]:
    base = target.url.removesuffix(target.transport.base.path)
    for spelling in (*spellings(request.path, base, target.api), *methods(request.path)):
        yield target.request(spelling.method, spelling.target, role=None, headers=spelling.headers)


def _sent(target: Target, request: Request) -> Exchange | None:
    """The answer; None where the guard holds the request back, or the target would not answer it."""
    try:
        exchange = target.send(request)
    except GuardRefusal:
        return None
    return exchange if exchange.response else None
