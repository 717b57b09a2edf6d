"""Enabling CORS: no origin is let in that is not listed, however near it comes."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.browser import ALLOW_ORIGIN, admits
from conformance.cross_origin import (
    actual,
    answered,
    errors,
    paths,
    policy_of,
    preflight,
    reading,
    refused,
    safe,
    told,
)
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import requirement
from conformance.strategies.origins import FOREIGN, near_origins, strangers
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation


def shut_out(judge: Judge, exchanges: Iterable[Exchange]) -> None:
    """Hold that no answer lets the page of its origin in."""
    for exchange in exchanges:
        origin = exchange.request.header("Origin") or ""
        judge.that(
            exchange.response is not None and not admits(exchange.response, origin),
            exchange,
            f"the origin {origin!r} is not listed and is not to be allowed; {answered(exchange, ALLOW_ORIGIN)}",
        )


@requirement("PUB-CORS-003", "STB-CORS-003")
def test_near_misses_are_not_allowed(target: Target, judge: Judge, profile: Profile) -> None:
    """One near miss of every kind, and origins near to none, on a preflight and on an answer."""
    names = strangers(policy_of(profile)) or judge.unreached("the profile allows every origin")
    shut_out(judge, target.all(preflight(target, origin) for origin in names))
    shut_out(judge, target.all(actual(target, origin) for origin in names))


@requirement("PUB-CORS-003", "STB-CORS-003")
@at_depth("standard")
def test_no_path_allows_a_stranger(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """On every path: no preflight, no answer and no refusal lets an origin in that is not listed."""
    stranger = next(iter(strangers(policy_of(profile))), None) or judge.unreached("the profile allows every origin")
    shut_out(judge, target.all(preflight(target, stranger, path) for path in paths(target, operations, depth)))
    shut_out(judge, target.all(reading(target, stranger, each) for each in safe(operations)))
    shut_out(judge, target.all(refused(target, stranger, operations)))
    shut_out(judge, target.all(errors(target, stranger)))


@requirement("PUB-CORS-003", "STB-CORS-003")
def test_two_origin_headers_are_not_allowed(target: Target, judge: Judge, profile: Profile) -> None:
    """A request with two Origin headers, one of them listed, does not let the other one in."""
    policy = policy_of(profile)
    known, foreign = next(iter(policy.origins), FOREIGN[0]), FOREIGN[0]
    if "*" in policy.origins:
        judge.unreached("the profile allows every origin")
    for pair in ((foreign, known), (known, foreign)):
        exchange = target.call("GET", target.api.front, role=None, headers=[("Origin", each) for each in pair])
        judge.that(
            exchange.response is not None and not admits(exchange.response, foreign),
            exchange,
            f"{foreign} is not listed; sent together with {known} it was answered with {told(exchange, ALLOW_ORIGIN)}",
        )


@requirement("PUB-CORS-003", "STB-CORS-003")
@at_depth("standard")
@settings(max_examples=120)
@given(data=st.data())
def test_drawn_near_misses_are_not_allowed(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], data: st.DataObject
) -> None:
    """Origins drawn near to the listed ones are not allowed, on a preflight, an answer or a refusal of any path."""
    policy = policy_of(profile)
    if "*" in policy.origins:
        judge.unreached("the profile allows every origin")
    origin = data.draw(near_origins(policy), label="origin")
    path = data.draw(st.sampled_from(paths(target, operations, "standard")), label="path")
    kind = data.draw(st.sampled_from(("preflight", "refusal")), label="kind")
    request = preflight(target, origin, path) if kind == "preflight" else actual(target, origin, path)
    shut_out(judge, [target.send(request)])
