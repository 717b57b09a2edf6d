"""Enabling CORS: preflights grant the listed headers, all of them and no other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.browser import ALLOW_HEADERS, SAFELISTED_HEADERS, Policy, listed, names_header, succeeds
from conformance.cross_origin import admitted, origins_of, paths, policy_of, preflight, some_origins, told
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import requirement
from conformance.strategies.preflights import HEADERS, header_lists, is_unlisted_header, separators, unlisted_headers
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation


def sample_headers(policy: Policy) -> list[str]:
    """The listed headers; for the wildcard any, save `authorization`, for which it never stands."""
    anything = [name for name in HEADERS if policy.lists_header(name)]
    return list(dict.fromkeys(name for each in policy.headers for name in (anything if each == "*" else [each])))


def granted(judge: Judge, policy: Policy, exchange: Exchange) -> None:
    """Hold that a preflight for listed headers names every one of them and succeeds."""
    asked = [
        name.strip().lower() for name in (exchange.request.header("Access-Control-Request-Headers") or "").split(",")
    ]
    origin = exchange.request.header("Origin") or ""
    wanted = list(dict.fromkeys([*asked, *(name for name in policy.headers if "*" not in policy.headers)]))
    missing = [name for name in wanted if not (exchange.response and names_header(exchange.response, name))]
    judge.that(
        not missing,
        exchange,
        f"access_control_allow_headers lists {', '.join(wanted)}; the preflight for {exchange.request.target} does not "
        f"name {', '.join(missing)} ({told(exchange, ALLOW_HEADERS)})",
    )
    judge.that(
        exchange.response is not None and succeeds(exchange.response, origin),
        exchange,
        f"every header asked for ({', '.join(asked)}) is listed; the preflight from {origin} on "
        f"{exchange.request.target} was answered {exchange.status}",
    )


def refused(judge: Judge, policy: Policy, exchange: Exchange) -> None:
    """Hold that a preflight names no header that is not listed; so it lets none pass, whatever its status.

    A browser takes a header for allowed only if the preflight names it, so to leave it out is to refuse it.
    """
    named = listed(exchange.response, ALLOW_HEADERS) if exchange.response else ()
    extra = [name for name in named if not policy.lists_header(name) and name.lower() not in SAFELISTED_HEADERS]
    judge.that(
        not extra,
        exchange,
        f"access_control_allow_headers does not list {', '.join(extra)}; the preflight asking for "
        f"{exchange.request.header('Access-Control-Request-Headers')} on {exchange.request.target} names it "
        f"({told(exchange, ALLOW_HEADERS)})",
    )


@requirement("PUB-CORS-006", "STB-CORS-006")
def test_preflight_grants_each_header(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """Each listed header, and all of them together, are named and pass, from each listed origin, on every path."""
    policy = policy_of(profile)
    names = sample_headers(policy) or judge.unreached("the profile sets CORS options but lists no header")
    origins = origins_of(profile, judge)
    method = next(iter(policy.methods), "GET").replace("*", "GET")
    asked = [
        preflight(target, origins[number % len(origins)], path, method=method, asked=", ".join(names))
        for number, path in enumerate(paths(target, operations, depth))
    ]
    asked += [preflight(target, origin, method=method, asked=name) for origin in origins for name in names]
    for exchange in target.all(asked):
        granted(judge, policy, exchange)


@requirement("PUB-CORS-006", "STB-CORS-006")
@at_depth("standard")
@settings(max_examples=40)
@given(data=st.data())
def test_preflight_grants_drawn_headers(target: Target, judge: Judge, profile: Profile, data: st.DataObject) -> None:
    """Any of the listed headers, in any order, case and spacing, are named and pass."""
    policy = policy_of(profile)
    names = sample_headers(policy) or judge.unreached("the profile sets CORS options but lists no header")
    chosen = data.draw(header_lists(names), label="headers")
    between = data.draw(separators(), label="separator")
    origin = data.draw(st.sampled_from(origins_of(profile, judge)), label="origin")
    method = next(iter(policy.methods), "GET").replace("*", "GET")
    granted(judge, policy, target.send(preflight(target, origin, method=method, asked=between.join(chosen))))


@requirement("PUB-CORS-007", "STB-CORS-007")
def test_preflight_refuses_other_headers(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """A header that is not listed is not named, alone or among listed ones, on every path."""
    policy = policy_of(profile)
    origin = admitted(target, policy)
    names = [name for name in HEADERS if is_unlisted_header(name, policy)]
    lists = [*names, ", ".join([*policy.headers, "x-conformance"]) if names else "authorization"]
    if "*" in policy.headers:
        lists = ["authorization"] if "authorization" in names else judge.unreached("the profile allows every header")
    asked = [preflight(target, origin, asked=each) for each in lists]
    asked += [preflight(target, origin, path, asked=lists[-1]) for path in paths(target, operations, depth)]
    for exchange in target.all(asked):
        refused(judge, policy, exchange)


@requirement("PUB-CORS-007", "STB-CORS-007")
@at_depth("standard")
@settings(max_examples=60)
@given(data=st.data())
def test_preflight_refuses_drawn_headers(target: Target, judge: Judge, profile: Profile, data: st.DataObject) -> None:
    """Headers drawn near to the listed ones, alone or hidden among listed ones, are not named."""
    policy = policy_of(profile)
    if "*" in policy.headers:
        judge.unreached("the profile allows every header")
    stranger = data.draw(unlisted_headers(policy), label="header")
    beside = data.draw(header_lists(policy.headers), label="listed") if policy.headers else ()
    names = data.draw(st.permutations([stranger, *beside]), label="order")
    between = data.draw(separators(), label="separator")
    origin = data.draw(st.sampled_from(some_origins(policy)), label="origin")
    refused(judge, policy, target.send(preflight(target, origin, asked=between.join(names))))
