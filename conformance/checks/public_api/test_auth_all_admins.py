"""Where the auth manager makes everybody an administrator."""

from __future__ import annotations

from conformance.checks.every_api.proofs import jwt_of
from conformance.checks.every_api.refusals import REFUSED, answers, expect, guarded, harmless, refused, sampled
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tokens
from conformance.strategies.harmless import closed
from conformance.strategies.headers import NOTHING, bearer
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-014")
def test_everybody_needs_no_token(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """A request without a token is answered as an administrator's, on every operation."""
    ours = harmless(target, "everybody")
    asked = guarded(target, operations, proven=True)
    for operation, exchange in zip(asked, answers(target, (ours.request(one, NOTHING) for one in asked)), strict=True):
        ok = closed(target, operation.id) or exchange.status not in REFUSED
        expect(judge, ok, exchange, f"{operation.id} without a token is to be answered")


@requirement("PUB-AUTH-014")
def test_bad_token_is_refused_all_the_same(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A token that is not valid is refused, on every operation, although none would be needed."""
    ours = harmless(target)
    for forgery in tokens.decisive(jwt_of(judge, target.token())):
        attempt = bearer(repr(forgery), forgery.token)
        for exchange in target.all(ours.request(one, attempt) for one in sampled(guarded(target, operations), depth)):
            refused(judge, exchange, attempt.flaw)
