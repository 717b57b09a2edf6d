"""Laws over every operation: a valid token opens it, nothing else does (public-api, "... authentication")."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.public_api.refusals import (
    REFUSED,
    answers,
    expect,
    guarded,
    harmless,
    jwt_of,
    refused,
    sampled,
    tried,
)
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tokens
from conformance.strategies.harmless import closed
from conformance.strategies.headers import NOTHING, bearer
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-001")
def test_valid_token_opens_every_operation(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """A request with a valid token is never refused for its token, on any operation."""
    ours = harmless(target, "valid", run=True)
    asked = guarded(target, operations, proven=True)
    for operation, exchange in zip(asked, answers(target, map(ours.request, asked)), strict=True):
        refusals = (401,) if closed(target, operation.id) else REFUSED
        ok = exchange.status not in refusals
        expect(judge, ok, exchange, f"{operation.id} with a valid token is to be answered")
        if exchange.status in operation.success:
            judge.reached(exchange)


@requirement("PUB-AUTH-002")
def test_no_token_opens_no_operation(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A request without a token is refused, on every operation that is not open."""
    ours = harmless(target, run=True)
    asked = sampled(guarded(target, operations), depth)
    for exchange in target.all(ours.request(one, NOTHING) for one in asked):
        refused(judge, exchange, NOTHING.flaw)


@requirement("PUB-AUTH-003")
def test_invalid_token_opens_no_operation(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A token that is no JWT, signed by somebody else, changed or not signed is refused, on every operation."""
    ours = harmless(target)
    for forgery in tokens.decisive(jwt_of(judge, target.token())):
        attempt = bearer(repr(forgery), forgery.token)
        asked = sampled(guarded(target, operations), depth)
        for exchange in target.all(ours.request(one, attempt) for one in asked):
            refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-003")
def test_no_forgery_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token is refused for any flaw in its shape, header, claims, signature or algorithm."""
    ours = harmless(target)
    for operation in tried(guarded(target, operations), depth):
        forged = tokens.forgeries(jwt_of(judge, target.token()))
        attempts = [bearer(repr(forgery), forgery.token) for forgery in forged]
        requests = [ours.request(operation, attempt) for attempt in attempts]
        for attempt, exchange in zip(attempts, target.all(requests), strict=True):
            refused(judge, exchange, attempt.flaw)


@requirement("PUB-AUTH-003")
def test_forgeries_of_lesser_roles_are_not_taken(target: Target, judge: Judge) -> None:
    """A token of any user is refused once it was changed: above all one that was made to say more than it did."""
    for role in target.roles or ("admin",):
        for forgery in tokens.tampered(jwt_of(judge, target.token(role))):
            if forgery.token != target.token(role):
                refused(judge, target.call("get_dags", token=forgery.token), f"{forgery!r} (it was of {role})")


@requirement("PUB-AUTH-003")
@given(data=st.data())
def test_changed_token_is_not_taken(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A token with any one bit or byte changed is refused."""
    forgery = data.draw(tokens.bent(jwt_of(judge, target.token())), label="token")
    refused(judge, target.call("get_dags", query={"limit": 1}, token=forgery.token), repr(forgery))
