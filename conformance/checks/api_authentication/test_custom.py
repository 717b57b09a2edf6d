"""A backend of one's own (api-authentication, "Roll your own API authentication")."""

from __future__ import annotations

from conformance.checks.every_api.refusals import all_refused, answers, expect, guarded, harmless, refused, tried
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import own_headers
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation

#: The view that conformance_backend adds, and what it answers.
PING, PONG = "/conformance/ping", "pong"


@requirement("STB-CUSTOM-001")
def test_each_user_of_the_module_is_answered(target: Target, judge: Judge) -> None:
    """What the module accepts opens the API for every user, not for the first alone."""
    for role in target.roles:
        exchange = target.call("get_dags", role=role, via="custom")
        wanted = 403 if role == "public" else 200  # who may nothing is refused for that
        expect(judge, exchange.status == wanted, exchange, f"{role} is to be answered {wanted}")


@requirement("STB-CUSTOM-002")
def test_altered_proof_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """What is nearly that which the module accepts is refused, on reads and writes alike."""
    ours = harmless(target)
    good = target.drivers["custom"].headers("admin")
    for operation in tried(target, guarded(target, operations, proven=True), depth)[: 7 if depth == "deep" else 1]:
        attempts = list(own_headers.altered(good))
        exchanges = answers(target, (ours.request(operation, one) for one in attempts))
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            refused(judge, exchange, attempt.flaw)


@requirement("STB-CUSTOM-002")
def test_proof_of_another_is_refused(target: Target, judge: Judge) -> None:
    """The name of one user with what proves another is refused."""
    proofs = {role: target.drivers["custom"].headers(role) for role in target.roles}
    for one, mine in proofs.items():
        for other, theirs in proofs.items():
            mixed = (*mine[:1], *theirs[1:])
            if mixed not in proofs.values():
                exchange = target.call("get_dags", role=None, headers=mixed)
                refused(judge, exchange, f"the name of {one} and the proof of {other}")


@requirement("STB-CUSTOM-002")
def test_inactive_user_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """The proof of a user who is not active is refused, on every operation tried."""
    one = target.credentials.inactive
    if one is None or not one.headers:
        judge.unreached("neither profile nor credentials name a user who is not active, with headers that would do")
    proof = Attempt("the right proof of a user who is not active", tuple(one.headers.items()))
    ours = harmless(target)
    requests = (ours.request(each, proof) for each in tried(target, guarded(target, operations), depth))
    all_refused(target, judge, requests, proof.flaw)


@requirement("STB-CUSTOM-003")
def test_view_of_the_module_is_served(target: Target, judge: Judge) -> None:
    """The view that the module adds to the application is served, to anybody."""
    exchange = target.call("GET", PING, role=None)
    said = exchange.response.text.strip() if exchange.response else ""
    judge.that(
        exchange.status == 200 and said == PONG,
        exchange,
        f"GET {PING} is to answer {PONG!r} with 200; it was {exchange.status} with {said[:40]!r}",
    )
