"""A child is not found under another parent than its own, and what is asked of it there changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.checks.stateful.before import asked, prepare, there
from conformance.checks.stateful.client import record
from conformance.checks.stateful.kinship import Kinship, families, in_path, nothing
from conformance.exchange import SAFE, Exchange, Request
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.harmless import Harmless, closed
from conformance.target import Target
from conformance.words import NotToBeHad, Words
from specs.contract import Operation


@requirement("PUB-API-006", "STB-API-006", "EXP-INSTANCE-004")
@needs("writes", "fixture-dags")
def test_children_are_not_found_elsewhere(target: Target, judge: Judge, operations: Sequence[Operation]) -> None:
    """For every operation that names a child and its parent: with another parent it is 404, or a list of nothing."""
    data, words = target.api.data("parents"), Words(target)
    prepare(target, judge, there(target, data["before"]), words)
    kept = [asked(target, judge, each, words) for each in there(target, data["kept"])]
    before = target.all(kept)
    kinship = Kinship(data["belongs"], tuple(data["sole"]))
    for operation in (each for each in operations if not closed(target, each.id)):
        for family in families(data, target.version):
            for name, exchange in _asked(target, kinship, operation, family, words):
                judge.that(_refused(data, exchange), exchange, _wish(operation, name, exchange))
    for earlier, later in zip(before, target.all(kept), strict=True):
        same = record(later) == record(earlier)
        judge.that(same, [earlier, later], "what was asked for under other parents is to be as before; it is not")
        judge.reached(later)


def _asked(
    target: Target, kinship: Kinship, operation: Operation, family: Mapping[str, Any], words: Words
) -> Iterator[tuple[str, Exchange]]:
    """Ask for children under other parents: for which parameter, and what came of it. Reads only of what is there."""
    names = in_path(operation)
    if not names or not names <= family["own"].keys():
        return
    try:
        filled = {kind: words.filled(family[kind]) for kind in ("own", "stranger", "sibling") if kind in family}
    except NotToBeHad:
        return  # an older version has not all of the fixtures
    found = list(kinship.foreign(operation, filled))
    if found and _readable(target, operation) and not _there(target, operation, filled["own"]):
        return
    for name, values in found:
        yield name, target.send(_request(target, operation, values))


def _readable(target: Target, operation: Operation) -> bool:
    """Whether to ask for what is there does nothing, and ends."""
    return operation.method in SAFE and operation.id not in target.api.data("harmless")["absent"]


def _there(target: Target, operation: Operation, own: Mapping[str, Any]) -> bool:
    return target.send(_request(target, operation, {name: own[name] for name in in_path(operation)})).status == 200


def _request(target: Target, operation: Operation, values: Mapping[str, Any]) -> Request:
    harmless = Harmless(target, target.new_name("elsewhere"))
    body = {} if operation.body is None else {"json": harmless.body(operation)}
    query, headers = harmless.query(operation), list(harmless.headers(operation).items())
    return target.request(operation.id, params=values, query=query, headers=headers, **body)


def _refused(data: Mapping[str, Any], exchange: Exchange) -> bool:
    if exchange.status == 204:
        return exchange.request.operation in data["silent"]
    return exchange.status == 404 or (exchange.status == 200 and nothing(record(exchange)))


def _wish(operation: Operation, name: str, exchange: Exchange) -> str:
    return f"{operation.id} with another {name} is to find nothing (404); the answer was {exchange.status}"
