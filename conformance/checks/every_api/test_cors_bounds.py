"""Enabling CORS: the headers grant no more than the options do, and nothing where no option is set."""

from __future__ import annotations

from collections.abc import Iterable

from conformance.browser import ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN, cors_headers, listed
from conformance.cross_origin import actual, admitted, errors, paths, policy_of, preflight, reading, safe
from conformance.exchange import Exchange, Request
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.origins import FOREIGN
from conformance.target import Target
from profiles import Profile
from specs.contract import Operation

#: The headers of the CORS protocol that the three options bring.
EXPECTED = frozenset(name.lower() for name in (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS))
PRIVATE_NETWORK = (("Access-Control-Request-Private-Network", "true"), ("Access-Control-Request-Local-Network", "true"))


def sample(target: Target, origin: str, operations: Iterable[Operation], depth: str) -> list[Request]:
    """Requests of every kind from one origin: preflights, answers, errors."""
    chosen = [
        each for each in safe(operations) if depth != "smoke" or each.id in ("get_dags", "get_pool", "get_version")
    ]
    read = [reading(target, origin, each) for each in chosen]
    asked = [preflight(target, origin, path, extra=PRIVATE_NETWORK) for path in paths(target, operations, depth)]
    return [*asked, preflight(target, origin), *read, actual(target, origin), *errors(target, origin)]


@requirement("PUB-CORS-008", "STB-CORS-008")
def test_nothing_is_added_without_options(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """Where none of the three options is set, no answer to any origin has a CORS header."""
    origins = FOREIGN[:2] if depth == "smoke" else FOREIGN[:3]
    for exchange in target.all(each for origin in origins for each in sample(target, origin, operations, depth)):
        found = cors_headers(exchange.response) if exchange.response else []
        judge.that(
            not found,
            exchange,
            f"no CORS option is set; {exchange.request.method} {exchange.request.target} brought {_shown(found)}",
        )


@requirement("PUB-CORS-011", "STB-CORS-011")
def test_nothing_more_is_granted(
    target: Target, judge: Judge, profile: Profile, operations: list[Operation], depth: str
) -> None:
    """No wildcard that was not configured, no exposed header, no private network; each header once."""
    policy = policy_of(profile)
    expected = EXPECTED.union(target.api.data("cross_origin")["granted"])
    configured = {ALLOW_ORIGIN: policy.origins, ALLOW_METHODS: policy.methods, ALLOW_HEADERS: policy.headers}
    origins = (admitted(target, policy), FOREIGN[0])
    for exchange in target.all(each for origin in origins for each in sample(target, origin, operations, depth)):
        stars = [name for name, values in configured.items() if "*" not in values and _has_star(exchange, name)]
        judge.that(not stars, exchange, f"the options have no wildcard; the answer has one in {', '.join(stars)}")
        found = cors_headers(exchange.response) if exchange.response else []
        extra = [(name, value) for name, value in found if name.lower() not in expected]
        judge.that(not extra, exchange, f"no option grants this; the answer has {_shown(extra)}")
        names = [name.lower() for name, _ in found]
        twice = sorted({name for name in names if names.count(name) > 1})
        judge.that(
            not twice, exchange, f"a browser takes no header that comes twice; the answer repeats {', '.join(twice)}"
        )


def _has_star(exchange: Exchange, name: str) -> bool:
    return exchange.response is not None and "*" in listed(exchange.response, name)


def _shown(headers: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in headers)
