"""A method that a path does not have is refused, and the refusal names methods that it has (RFC 9110, 15.5.6)."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.exchange import Exchange, Request
from conformance.guard import GuardRefusal
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Operation

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: What a server may answer everywhere, whatever the contract says.
EVERYWHERE = frozenset({"HEAD", "OPTIONS"})
NOT_ALLOWED = 405


@requirement("PUB-API-002", "STB-API-002", "EXP-API-005")
def test_allow(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """A method that a path does not have is refused; Allow, in every 405, names those that the contract has for it."""
    asked = list(_asked(target, operations))
    for (had, request), exchange in zip(asked, target.all(request for _, request in asked), strict=True):
        inside = request.path.startswith(target.api.prefix)  # elsewhere the pages of the web interface may be
        wish = f"{request.method} is no method of {request.path}, and is to be refused; it was answered"
        judge.that(not inside or 400 <= (exchange.status or 0) < 500, exchange, f"{wish} {exchange.status}")
        if exchange.status == NOT_ALLOWED:
            named = _named(exchange)
            judge.that(bool(named), exchange, f"405 of {exchange.request.path} has no Allow header")
            judge.that(
                named <= had | EVERYWHERE,
                exchange,
                f"Allow of {exchange.request.path} names {', '.join(sorted(had))}; it was {', '.join(sorted(named))}",
            )


def _asked(target: Target, operations: list[Operation]) -> Iterator[tuple[frozenset[str], Request]]:
    """The methods that each path has, and requests with others, as far as the guard lets them through."""
    paths = {each.path: each for each in operations}
    for path, operation in paths.items():
        had = frozenset(each.method for each in target.interface.operations.values() if _reads(each.path, path))
        values = Harmless(target, target.new_name("allow")).path(operation)
        for method in METHODS:
            if method in had:
                continue
            request = target.request(method, path, params=values) if values else target.request(method, path)
            try:
                target.guard.check(request)
            except GuardRefusal:
                continue
            if target.interface.find(method, request.target) is None:
                yield had, request


def _reads(one: str, other: str) -> bool:
    """Whether a server may read what fits one path as fitting another: braces take anything."""
    pairs = list(zip(one.split("/"), other.split("/"), strict=False))
    same = all(here == there or here.startswith("{") or there.startswith("{") for here, there in pairs)
    return same and one.count("/") == other.count("/")


def _named(exchange: Exchange) -> frozenset[str]:
    """The methods that an Allow header names."""
    values = exchange.response.all("allow") if exchange.response else ()
    return frozenset(word.strip().upper() for value in values for word in value.split(",") if word.strip())
