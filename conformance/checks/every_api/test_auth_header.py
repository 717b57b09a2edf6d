"""The Authorization header itself: malformed ones, and what a refusal says about it."""

from __future__ import annotations

from hypothesis import given

from conformance.checks.every_api.proofs import authorization
from conformance.checks.every_api.refusals import common, expect, guarded, harmless, refused, sampled, tried
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.headers import NOTHING, Attempt, controls, doubled, empty, malformed, noise
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-010", "STB-AUTH-008", "EXP-AUTH-007")
def test_refusal_names_the_scheme(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """An answer 401 has a WWW-Authenticate header that names a scheme; Bearer where tokens are what counts."""
    ours = harmless(target)
    wanted = "bearer" if "jwt" in target.drivers else ""
    asked = sampled(guarded(target, operations), depth)
    for exchange in target.all(ours.request(one, NOTHING) for one in asked):
        offered = exchange.response.all("WWW-Authenticate") if exchange.response else ()
        ok = exchange.status != 401 or any(value.strip() and wanted in value.lower() for value in offered)
        came = f"there is {', '.join(offered)}" if offered else "there is none"
        name = exchange.request.operation
        judge.that(ok, exchange, f"{name}: a 401 is to name {wanted or 'a scheme'} in WWW-Authenticate; {came}")


@requirement("PUB-AUTH-015", "PUB-AUTH-002", "STB-AUTH-004", "EXP-AUTH-004", "CMP-CALL-007")
def test_empty_header_opens_no_operation(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """An Authorization header with no credentials in it is refused, on every operation."""
    ours = harmless(target)
    scheme, _ = authorization(target)
    attempts = list(empty(scheme))[: 6 if depth == "deep" else 2]
    for attempt in attempts:
        asked = sampled(guarded(target, operations), depth)
        for exchange in target.all(ours.request(one, attempt) for one in asked):
            _turned_away(judge, exchange, attempt)


@requirement("PUB-AUTH-015", "STB-AUTH-004", "EXP-AUTH-004", "CMP-CALL-007")
def test_malformed_header_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """An Authorization header that is malformed in any way is refused, never answered with an error of the server."""
    ours = harmless(target)
    scheme, good = authorization(target)
    for operation in tried(target, guarded(target, operations), depth)[: 3 if depth == "standard" else None]:
        attempts = list(malformed(good, scheme))
        exchanges = target.all(ours.request(operation, one) for one in attempts)
        for attempt, exchange in zip(attempts, exchanges, strict=True):
            _turned_away(judge, exchange, attempt)


@requirement("PUB-AUTH-015", "STB-AUTH-004", "EXP-AUTH-004", "CMP-CALL-007")
def test_control_characters_are_refused(target: Target, judge: Judge) -> None:
    """An Authorization header with control characters is refused; closing the connection is a refusal too."""
    scheme, good = authorization(target)
    for attempt in controls(good, scheme):
        exchange = common(target, headers=attempt.headers)
        if exchange.response is not None:
            _turned_away(judge, exchange, attempt)


@requirement("PUB-AUTH-015", "STB-AUTH-004", "EXP-AUTH-004")
def test_doubled_header_is_no_error(target: Target, judge: Judge) -> None:
    """Two Authorization headers, one of them good, are taken or refused, but no error of the server."""
    scheme, good = authorization(target)
    for attempt in doubled(good, scheme):
        exchange = common(target, headers=attempt.headers)
        ok = exchange.status is not None and exchange.status < 500
        expect(judge, ok, exchange, f"{attempt.flaw} is to be taken or refused")


@requirement("PUB-AUTH-015", "PUB-AUTH-003", "STB-AUTH-004", "EXP-AUTH-004", "CMP-CALL-007")
@given(attempt=noise())
def test_noise_is_refused(target: Target, judge: Judge, attempt: Attempt) -> None:
    """An Authorization header of any visible characters that proves nothing is refused."""
    _turned_away(judge, common(target, headers=attempt.headers), attempt)


def _turned_away(judge: Judge, exchange: Exchange, attempt: Attempt) -> None:
    """Judge that the answer is a client error: 401, 403, or one that says the request itself cannot be read."""
    refused(judge, exchange, attempt.flaw, also=(400, 413, 431))
