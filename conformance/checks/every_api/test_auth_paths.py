"""No other way to write a path leads past the question who asks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conformance.checks.every_api.refusals import expect, guarded, tried
from conformance.checks.every_api.things import Thing
from conformance.exchange import Exchange, NotJson
from conformance.guard import GuardRefusal
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.paths import Spelling, methods, respelled, spellings
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-006", "STB-AUTH-005", "EXP-AUTH-005", "CMP-CALL-007")
def test_no_spelling_lets_through(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """No other spelling of a path gives without proof what the path protects."""
    lists = [one for one in guarded(target, operations) if one.method == "GET" and _lists(one) and "{" not in one.path]
    for operation in tried(target, lists, depth):
        for spelling in _ways(target, operation.path):
            _locked(judge, _sent(target, spelling), operation, spelling)


@requirement("PUB-AUTH-006", "STB-AUTH-005", "EXP-AUTH-005", "CMP-CALL-010")
@needs("writes", "admits")
def test_no_spelling_writes(target: Target, judge: Judge) -> None:
    """No other spelling of a path, and no header that names another method, deletes without proof."""
    thing = Thing(target, "pool")
    made = thing.create()
    expect(judge, made.status in (200, 201), made, "an admin is to be able to create a pool")
    path = target.request("delete_pool", params=thing.place, role=None).path
    for spelling in _ways(target, path):
        method = "DELETE" if spelling.method == "GET" else spelling.method
        exchange = _sent(target, spelling._replace(method=method))
        if exchange and method == "DELETE":
            ok = exchange.status is not None and exchange.status >= 300
            expect(judge, ok, exchange, f"deleting with {spelling!r} is to be refused")
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        for method in ("POST", "GET"):
            _sent(target, Spelling(name, path, method, ((name, "DELETE"),)))
            _sent(target, Spelling("_method", f"{path}?_method=DELETE", method))
    exchange, state = thing.state()
    judge.that(state is not None, exchange, "without proof no spelling is to delete a pool; it is gone")


@requirement("PUB-AUTH-006", "STB-AUTH-005", "EXP-AUTH-005", "CMP-CALL-007")
@given(data=st.data())
def test_no_random_spelling_lets_through(target: Target, judge: Judge, data: st.DataObject) -> None:
    """Nor does a path with any of its characters encoded, doubled or in another case."""
    pools = target.interface.operations["get_pools"]
    spelling = data.draw(respelled(pools.path), label="spelling")
    _locked(judge, _sent(target, spelling), pools, spelling)


def _lists(operation: Operation) -> bool:
    """Whether an operation answers with a list, plain or in a member of its answer."""
    return operation.items is not None or (operation.responses.get(200) or {}).get("type") == "array"


def _ways(target: Target, path: str) -> list[Spelling]:
    base = target.url.removesuffix(target.transport.base.path)
    return [*spellings(path, base, target.api), *methods(path)]


def _sent(target: Target, spelling: Spelling) -> Exchange | None:
    """The answer without proof; None when the guard holds the request back, or the target would not answer it."""
    request = target.request(spelling.method, spelling.target, role=None, headers=spelling.headers)
    try:
        exchange = target.send(request)
    except GuardRefusal:
        return None
    return exchange if exchange.response else None


def _locked(judge: Judge, exchange: Exchange | None, operation: Operation, spelling: Spelling) -> None:
    """Judge that an answer has nothing of what the straight path gives to valid proof."""
    if exchange:
        given = _given(exchange, operation)
        expect(judge, not given, exchange, f"{spelling!r} without proof is not to give what the path protects")


def _given(exchange: Exchange, operation: Operation) -> bool:
    """Whether an answer holds what the list of the operation does, or says that it would."""
    answer = exchange.response
    if answer is None or not 200 <= answer.status < 300:
        return False
    if exchange.request.method == "HEAD":
        return answer.media == "application/json"
    try:
        found = answer.json()
    except NotJson:
        return False
    return isinstance(found, list) or (
        isinstance(found, dict) and bool(found.keys() & {operation.items, "total_entries"})
    )
