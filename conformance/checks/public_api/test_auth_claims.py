"""Tokens signed with the target's own key, that are not valid all the same; and tokens that were ended.

They can be made where the key is known: of a profile made for tests, or told in the credentials.
"""

from __future__ import annotations

from conformance.checks.every_api.proofs import jwt_of
from conformance.checks.every_api.refusals import REFUSED, expect, guarded, harmless, refused, sampled
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tokens
from conformance.strategies.headers import bearer
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-011")
def test_expired_token_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token whose time has run out is refused, on every operation."""
    jwt, key, now = _issued(target, judge)
    ours = harmless(target)
    latest, *older = tokens.untimely(jwt, key, now)
    asked = sampled(guarded(target, operations), depth)
    for exchange in target.all(ours.request(one, bearer(latest.flaw, latest.token)) for one in asked):
        refused(judge, exchange, repr(latest))
    for forgery in older:
        refused(judge, target.call("get_dags", token=forgery.token), repr(forgery))


@requirement("PUB-AUTH-012")
def test_misissued_token_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token for another audience, for later, or without a subject or time limits is refused."""
    jwt, key, now = _issued(target, judge)
    for forgery in tokens.misissued(jwt, key, now):
        refused(judge, target.call("get_dags", token=forgery.token), repr(forgery))
    ours = harmless(target)
    elsewhere = next(tokens.misissued(jwt, key, now))
    asked = sampled(guarded(target, operations), depth)
    for exchange in target.all(ours.request(one, bearer(elsewhere.flaw, elsewhere.token)) for one in asked):
        refused(judge, exchange, repr(elsewhere))


@requirement("PUB-AUTH-003")
def test_other_algorithm_is_refused(target: Target, judge: Judge) -> None:
    """A token of another algorithm than the target's own is refused, also with the right key where that is known."""
    key = target.credentials.jwt_secret or "another-key"
    jwt = jwt_of(judge, target.token())
    for forgery in tokens.other_algorithms(jwt, key):
        refused(judge, target.call("get_dags", token=forgery.token), repr(forgery))


@requirement("PUB-AUTH-013")
def test_ended_token_is_refused(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token is refused once its user has logged out with it; another token of the same user stays valid."""
    admin = target.credentials.by_role.get("admin")
    if admin is None or admin.password is None:
        judge.unreached("without a password there is no token that may be ended")
    ended, other = target.token(fresh=True), target.token(fresh=True)
    before = target.call("get_pools", token=ended)
    expect(judge, before.status == 200, before, "a fresh token is to open the pools")
    out = target.call("logout", token=ended)
    ok = out.status is not None and 200 <= out.status < 400
    expect(judge, ok, out, "logging out is to succeed")
    lists = [one for one in guarded(target, operations) if one.method == "GET" and one.items and "{" not in one.path]
    ours = harmless(target)
    for exchange in target.all(ours.request(one, bearer("ended", ended)) for one in sampled(lists, depth)):
        refused(judge, exchange, "a token that was ended by logging out")
    stays = target.call("get_pools", token=other)
    target.auth.forget("admin")  # lest a target that ends too much spoil what follows
    expect(judge, stays.status == 200, stays, "another token of the user is to stay valid")


def _issued(target: Target, judge: Judge) -> tuple[tokens.Jwt, str, float]:
    """A token of the target, its key, and when it was issued, by the target's own clock; the key is tried out first."""
    jwt, key = jwt_of(judge, target.token()), target.credentials.jwt_secret
    if key is None:
        judge.unreached("the key with which the target signs is not known")
    probe = target.call("get_dags", token=tokens.sign(jwt.header, {**jwt.payload, "jti": "0"}, key))
    if probe.status in REFUSED:
        judge.unreached("the target does not sign with the key that the profile or the credentials name")
    return jwt, key, float(jwt.payload["iat"])
