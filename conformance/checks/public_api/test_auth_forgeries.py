"""Forged tokens (public-api, "Airflow public API authentication")."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.every_api.proofs import jwt_of
from conformance.checks.every_api.refusals import guarded, harmless, refused, tried
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tokens
from conformance.strategies.headers import bearer
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-003")
def test_no_forgery_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token is refused for any flaw in its shape, header, claims, signature or algorithm."""
    ours = harmless(target)
    for operation in tried(target, guarded(target, operations), depth):
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
