"""Enabling CORS: every listed origin is let in, on every kind of answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.browser import ALLOW_ORIGIN, allowed_origin, succeeds, varies_by_origin
from conformance.cross_origin import (
    actual,
    admitted,
    answered,
    errors,
    origins_of,
    paths,
    policy_of,
    preflight,
    reading,
    refused,
    safe,
    somebody,
    told,
)
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation


def echoed(judge: Judge, exchanges: Iterable[Exchange], *, wildcard: bool) -> None:
    """Hold that each answer allows the origin that its request came from, by name."""
    for exchange in exchanges:
        origin = exchange.request.header("Origin")
        value = allowed_origin(exchange.response) if exchange.response else None
        judge.that(
            value == origin or (wildcard and value == "*"),
            exchange,
            f"the listed origin {origin} is to be allowed; {answered(exchange, ALLOW_ORIGIN)}",
        )


@requirement("PUB-CORS-002", "STB-CORS-002")
def test_preflight_allows_each_origin(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """A preflight from each listed origin allows that origin, on every path, and succeeds for a listed method."""
    origins, policy = origins_of(profile, judge), policy_of(profile)
    method = next(iter(policy.methods), "GET").replace("*", "GET")
    asked = [
        preflight(target, origin, path, method=method)
        for path in paths(target, operations, depth)
        for origin in origins
    ]
    exchanges = target.all(asked)
    echoed(judge, exchanges, wildcard="*" in policy.origins)
    for exchange in exchanges if policy.methods else ():
        judge.that(
            exchange.response is not None and succeeds(exchange.response, exchange.request.header("Origin") or ""),
            exchange,
            f"both origin and method ({method}) are listed, so the preflight is to succeed; "
            f"{answered(exchange, ALLOW_ORIGIN)}",
        )


@requirement("PUB-CORS-002", "STB-CORS-002")
def test_reading_allows_each_origin(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """What an operation answers to a page of a listed origin, the page may read."""
    origins = origins_of(profile, judge)
    chosen = [
        each for each in safe(operations) if depth != "smoke" or each.id in ("get_dags", "get_pool", "get_version")
    ]
    asked = [reading(target, origin, each) for each in chosen for origin in origins]
    echoed(judge, target.all(asked), wildcard="*" in policy_of(profile).origins)


@requirement("PUB-CORS-002", "STB-CORS-002")
@at_depth("standard")
def test_refusals_allow_each_origin(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation]
) -> None:
    """A refusal for want of valid proof can be read by a page of a listed origin, on every operation."""
    asked = [each for origin in origins_of(profile, judge) for each in refused(target, origin, operations)]
    echoed(judge, target.all(asked), wildcard="*" in policy_of(profile).origins)


@requirement("PUB-CORS-002", "STB-CORS-002")
def test_errors_allow_each_origin(target: Target, judge: Judge, profile: Profile) -> None:
    """Error answers of every kind can be read by a page of a listed origin."""
    asked = [each for origin in origins_of(profile, judge) for each in errors(target, origin)]
    echoed(judge, target.all(asked), wildcard="*" in policy_of(profile).origins)


@requirement("PUB-CORS-002", "STB-CORS-002")
@needs("writes")
def test_writing_allows_each_origin(target: Target, judge: Judge, profile: Profile) -> None:
    """What a page of a listed origin gets for creating, changing and removing something, it may read."""
    create = target.kinds["variable"].create
    for origin in origins_of(profile, judge):
        name = target.new_name("cors")
        body, params = {"key": name, "value": "1"}, {"variable_key": name}
        how: dict[str, Any] = {"role": somebody(target), "headers": [("Origin", origin)]}
        exchanges = [
            target.call(create, json=body, **how),
            target.call(create, json=body, **how),
            target.call("patch_variable", params=params, json={**body, "value": "2"}, **how),
            target.call("delete_variable", params=params, **how),
        ]
        echoed(judge, exchanges, wildcard="*" in policy_of(profile).origins)


@requirement("PUB-CORS-009", "STB-CORS-009")
def test_example_allows_what_it_lists(target: Target, judge: Judge, profile: Profile) -> None:
    """The lines of the document's example let both of their origins in, with each of their methods and headers."""
    policy, dags = policy_of(profile), target.interface.operations["get_dags"].path
    asked = [
        preflight(target, origin, dags, method=method, asked=", ".join(policy.headers) or None)
        for origin in origins_of(profile, judge)
        for method in policy.methods
    ]
    for exchange in target.all(asked):
        origin = exchange.request.header("Origin") or ""
        judge.that(
            exchange.response is not None and succeeds(exchange.response, origin),
            exchange,
            f"the example lists {origin}; a preflight for {exchange.request.header('Access-Control-Request-Method')} "
            f"was answered {exchange.status} with {told(exchange, ALLOW_ORIGIN)}",
        )


@requirement("STB-CORS-012")
def test_preflight_needs_no_credentials(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """A preflight from a listed origin, which a browser sends without credentials, succeeds on every path."""
    for exchange in target.all(
        preflight(target, origin, path)
        for path in paths(target, operations, depth)
        for origin in origins_of(profile, judge)
    ):
        judge.that(
            exchange.response is not None and 200 <= exchange.response.status <= 299,
            exchange,
            f"a preflight from a listed origin is to succeed without credentials; {answered(exchange, ALLOW_ORIGIN)}",
        )


@requirement("PUB-CORS-010", "STB-CORS-010")
def test_answers_vary_by_origin(target: Target, judge: Judge, profile: Profile) -> None:
    """An answer that allows one origin tells caches that another origin would have got another answer."""
    origin, dags = admitted(target, policy_of(profile)), target.interface.operations["get_dags"].path
    asked = [
        preflight(target, origin, dags),
        actual(target, origin),
        actual(target, origin, dags, role="admin"),
        *errors(target, origin),
    ]
    for exchange in target.all(asked):
        if exchange.response is None or allowed_origin(exchange.response) == origin:
            judge.that(
                exchange.response is not None and varies_by_origin(exchange.response),
                exchange,
                f"the answer allows {origin} alone, so Vary is to name Origin; {answered(exchange, 'Vary')}",
            )
