"""Enabling CORS: preflights grant the listed methods, all of them and no other."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.browser import ALLOW_METHODS, SAFELISTED_METHODS, Policy, listed, names_method, succeeds
from conformance.cross_origin import ANYBODY, admitted, origins_of, paths, policy_of, preflight, some_origins, told
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.strategies.preflights import METHODS, is_unlisted_method, unlisted_methods
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation


def granted(judge: Judge, policy: Policy, exchange: Exchange) -> None:
    """Hold that a preflight for a listed method names every listed method and succeeds."""
    method = exchange.request.header("Access-Control-Request-Method") or ""
    origin = exchange.request.header("Origin") or ""
    wanted = [name for name in policy.methods if name != "*"] or [method]
    missing = [name for name in wanted if not (exchange.response and names_method(exchange.response, name))]
    judge.that(
        not missing,
        exchange,
        f"access_control_allow_methods lists {', '.join(wanted)}; the preflight for {exchange.request.target} does not "
        f"name {', '.join(missing)} ({told(exchange, ALLOW_METHODS)})",
    )
    judge.that(
        exchange.response is not None and succeeds(exchange.response, origin),
        exchange,
        f"access_control_allow_methods lists {method}; the preflight for it from {origin} on {exchange.request.target} "
        f"was answered {exchange.status}",
    )


def refused(judge: Judge, policy: Policy, exchange: Exchange) -> None:
    """Hold that a preflight for a method that is not listed neither names it nor lets it pass, nor names another such.

    To name GET, HEAD or POST is wrong too, but a browser sends these whatever the preflight says of them.
    """
    method = exchange.request.header("Access-Control-Request-Method") or ""
    answer = exchange.response
    named = listed(answer, ALLOW_METHODS) if answer else ()
    extra = [name for name in named if not policy.lists_method(name)]
    judge.that(
        not extra,
        exchange,
        f"access_control_allow_methods does not list {', '.join(extra)}; the preflight for {method} on "
        f"{exchange.request.target} names it ({told(exchange, ALLOW_METHODS)})",
    )
    if method not in SAFELISTED_METHODS:
        passes = answer is not None and succeeds(answer, exchange.request.header("Origin") or "") and method in named
        judge.that(
            not passes, exchange, f"{method} is not listed; its preflight succeeds with {exchange.status} and names it"
        )


def sample_methods(policy: Policy) -> list[str]:
    """The listed methods; for the wildcard those that HTTP servers know."""
    return list(dict.fromkeys(name for each in policy.methods for name in (METHODS[:7] if each == "*" else (each,))))


@requirement("PUB-CORS-004", "STB-CORS-004")
def test_preflight_grants_each_method(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """Each listed method is named and passes, from each listed origin, on every path; no credentials are needed."""
    policy = policy_of(profile)
    methods = sample_methods(policy) or judge.unreached("the profile sets CORS options but lists no method")
    origins = origins_of(profile, judge)
    asked = [
        preflight(target, origins[number % len(origins)], path, method=method)
        for number, path in enumerate(paths(target, operations, depth))
        for method in methods
    ]
    asked += [preflight(target, origin, method=method) for origin in origins for method in methods]
    for exchange in target.all(asked):
        granted(judge, policy, exchange)


@requirement("PUB-CORS-004", "STB-STATE-001")
@needs("writes")
def test_preflight_does_nothing(target: Target, judge: Judge, profile: Profile) -> None:
    """A preflight only asks: what it asks to remove is still there afterwards."""
    origin = admitted(target, policy_of(profile)) if profile.cors else ANYBODY
    name, variable = target.new_name("cors"), target.interface.operations["get_variable"].path
    made = target.create("variable", name=name, value="1")
    before = target.call("get_variable", params={"variable_key": name})
    if made.status not in (200, 201) or before.status != 200:
        judge.unreached(
            f"there is no variable to ask about: creating was answered {made.status}, reading {before.status}"
        )
    for method in ("DELETE", "PATCH"):
        asked = target.send(preflight(target, origin, variable.format(variable_key=name), method=method))
        after = target.call("get_variable", params={"variable_key": name})
        judge.that(
            after.status == 200 and after.json().get("value") == "1",
            [made, asked, after],
            f"a preflight for {method} is to change nothing; afterwards the variable was answered {after.status}",
        )


@requirement("PUB-CORS-005", "STB-CORS-005")
def test_preflight_refuses_other_methods(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """A method that is not listed is neither named nor passes, on every path."""
    policy = policy_of(profile)
    origin = admitted(target, policy)
    methods = [name for name in (*METHODS, "patch") if is_unlisted_method(name, policy)]
    if "*" in policy.methods:
        judge.unreached("the profile allows every method")
    asked = [
        preflight(target, origin, path, method=name) for path in paths(target, operations, depth) for name in methods
    ]
    for exchange in target.all(asked):
        refused(judge, policy, exchange)


@requirement("PUB-CORS-005", "STB-CORS-005")
@at_depth("standard")
@settings(max_examples=60)
@given(data=st.data())
def test_preflight_refuses_drawn_methods(target: Target, judge: Judge, profile: Profile, data: st.DataObject) -> None:
    """Methods drawn near to the listed ones are refused."""
    policy = policy_of(profile)
    if "*" in policy.methods:
        judge.unreached("the profile allows every method")
    method = data.draw(unlisted_methods(policy), label="method")
    origin = data.draw(st.sampled_from(some_origins(policy)), label="origin")
    refused(judge, policy, target.send(preflight(target, origin, method=method)))
