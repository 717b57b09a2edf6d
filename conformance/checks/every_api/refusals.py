"""What the checks of authentication have in common: which operations they go through, and what a refusal is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.checks.every_api.things import Thing, kinds
from conformance.exchange import SAFE, Exchange, NotJson, Request
from conformance.judge import Judge
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Operation

REFUSED = (401, 403)
#: Members that stand in answers only which somebody was let in for.
_SECRET = ("total_entries", "access_token", "items", "dag_id", "run_id", "task_id", "pool", "is_paused", "count")

#: Protects nothing, though the contract asks for a token: without one there is nobody to log out, and the answer is the
#: way to the login page all the same (measured on 3.3.2). With a valid one it would end that for all that follows.
LOGOUT = "logout"
#: Creates some sixty connections that bear nobody's prefix: never sent with a proof of identity that may be good, to
#: another machine, or where it cannot be seen which of them were there before.
MANY = "create_default_connections"


def guarded(target: Target, operations: Iterable[Operation], *, proven: bool = False) -> list[Operation]:
    """The operations that ask who calls and that this run may send; `proven`: together with good proof."""
    writes = not target.guard.why_not
    closed = [one for one in operations if target.asks(one) and one.id != LOGOUT]
    found = [one for one in closed if writes or not target.guard.writes(one)]
    many = (
        MANY in target.interface.operations
        and writes
        and not proven
        and target.transport.base.loopback
        and target.call("get_connections").status == 200
    )
    return [one for one in found if one.id != MANY or many]


def sampled(operations: Sequence[Operation], depth: str) -> list[Operation]:
    """All of them; at the depth smoke the first of each method and resource."""
    if depth != "smoke":
        return list(operations)
    return list({(one.method, resource(one)): one for one in reversed(operations)}.values())[::-1]


def tried(target: Target, operations: Sequence[Operation], depth: str) -> list[Operation]:
    """The few that stand for all in this API and are there (the first of all if none is), at the depth deep all."""
    if depth == "deep":
        return list(operations)
    few = [one for one in operations if one.id in target.api.tried]
    return (few or list(operations))[: 2 if depth == "smoke" else len(target.api.tried)]


def common(target: Target, **proof: Any) -> Exchange:
    """The answer to what everybody may ask who is let in; `proof` says who asks, nobody if it does not."""
    return target.call(target.api.common, **{"role": None, **proof})


def answers(target: Target, requests: Iterable[Request]) -> list[Exchange]:
    """The answers to requests that may be let in, in their order: reads several at a time, writes one by one.

    Airflow on SQLite makes writes wait for each other, and fails some of them (measured on 3.3.2).
    """
    listed = list(requests)
    reads = iter(target.all(one for one in listed if one.method in SAFE))
    return [next(reads) if one.method in SAFE else target.send(one) for one in listed]


def resource(operation: Operation) -> str:
    """What an operation is about: the last fixed segment of its path."""
    return [segment for segment in operation.path.split("/") if not segment.startswith("{")][-1]


def harmless(target: Target, hint: str = "nothing", *, run: bool = False) -> Harmless:
    """Harmless requests about a name that nothing has; `run`: with reads of a DAG run, where one can be created."""
    there: Mapping[str, Any] = {}
    if run and target.drivers and "dag_run" in kinds(target) and not target.guard.why_not:
        thing = Thing(target, "dag_run")
        there = thing.place if thing.create().status == 200 else {}
    return Harmless(target, target.new_name(hint), there)


def expect(judge: Judge, ok: bool, exchange: Exchange, wish: str, requirement: str | None = None) -> bool:
    """Judge an answer; what is said of it is the wish and the status that came."""
    return judge.that(ok, exchange, f"{wish}; it was answered with {exchange.status}", requirement=requirement)


def refused(
    judge: Judge, exchange: Exchange, flaw: str, requirement: str | None = None, *, also: Sequence[int] = ()
) -> bool:
    """Judge that a request was refused, and that the refusal gives nothing away.

    `also`: other statuses that do for a refusal, as where a request may be found malformed before anybody asks who
    sends it.
    """
    request, answer = exchange.request, f"it was answered with {exchange.status}"
    given = gives_away(exchange)
    no = (*REFUSED, *also)
    if exchange.status in no and given:
        answer = f"the answer {exchange.status} carries {given}"
    name = request.operation or request.path
    message = f"{request.method} {name} with {flaw} is to be refused with 401 or 403; {answer}"
    return judge.that(exchange.status in no and not given, exchange, message, requirement=requirement)


def all_refused(
    target: Target, judge: Judge, requests: Iterable[Request], flaw: str, requirement: str | None = None
) -> None:
    """Judge that each of these requests is refused."""
    for exchange in target.all(requests):
        refused(judge, exchange, flaw, requirement)


def gives_away(exchange: Exchange) -> str:
    """What an answer carries that only the answer to valid proof may carry: the name of a key, or nothing."""
    try:
        body = exchange.json()
    except NotJson:
        return ""
    if isinstance(body, list):
        return "a list"
    return next((key for key in _SECRET if isinstance(body, dict) and key in body), "")
