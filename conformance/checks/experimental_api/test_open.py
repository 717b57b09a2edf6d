"""The backend default, which lets everybody in (experimental-api, "Authentication")."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given

from conformance.checks.every_api.proofs import accounts
from conformance.checks.every_api.refusals import REFUSED, answers, common, expect, guarded, harmless, sampled, tried
from conformance.exchange import Exchange, NotJson
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.every_kind import decisive, others
from conformance.strategies.harmless import Harmless
from conformance.strategies.headers import NOTHING, Attempt, noise
from conformance.target import Target
from specs.contract import Operation

_ADDRESS = re.compile(r"0x[0-9a-f]+")


@requirement("EXP-OPEN-001", "EXP-OPEN-003")
def test_everybody_is_answered(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """A request that proves nothing is answered, on every operation, and not sent to a login either."""
    ours = harmless(target, "anybody", run=True)
    asked = guarded(target, operations)
    for operation, exchange in zip(asked, answers(target, (ours.request(one, NOTHING) for one in asked)), strict=True):
        wish = f"{operation.id} is to be answered to anybody"
        ok = exchange.status in operation.success if _known(ours, operation) else _answered(exchange)
        expect(judge, ok, exchange, wish)


@requirement("EXP-OPEN-001", "EXP-OPEN-003")
def test_everybody_may_look_ahead(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """HEAD is answered without proof wherever GET is."""
    ours = harmless(target, "head")
    asked = [one for one in guarded(target, operations) if one.method == "GET"]
    for exchange in target.all(replace(ours.request(one, NOTHING), method="HEAD") for one in asked):
        expect(judge, _answered(exchange), exchange, f"HEAD {exchange.request.path} is to be answered to anybody")


@requirement("EXP-OPEN-002")
def test_credentials_change_no_answer(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Credentials of any kind, right, wrong or made up, are answered as none are, on every operation."""
    ours = harmless(target)
    every, right = guarded(target, operations), accounts(target)
    for asked, attempts in (
        (sampled(every, depth), decisive(right)),
        (tried(target, every, depth), others(right, target.new_name("nobody"))),
    ):
        without = answers(target, (ours.request(one, NOTHING) for one in asked))
        for attempt in attempts:
            exchanges = answers(target, (ours.request(one, attempt) for one in asked))
            for plain, exchange in zip(without, exchanges, strict=True):
                _same(judge, plain, exchange, attempt)


@requirement("EXP-OPEN-002")
@given(attempt=noise())
def test_noise_changes_no_answer(target: Target, judge: Judge, attempt: Attempt) -> None:
    """An Authorization header of any visible characters is not looked at."""
    exchange = common(target, headers=attempt.headers)
    expect(judge, exchange.status == 200, exchange, f"{attempt.flaw} is to change nothing")


def _known(ours: Harmless, operation: Operation) -> bool:
    """Whether what is asked for is known to be there."""
    target = ours.target
    fixtures = ("dag_id", "task_id") if "fixture-dags" in target.profile.capabilities else ()
    there = {"name", *fixtures, *ours.there}
    asks = operation.method == "GET" and not target.guard.writes(operation)
    return asks and there.issuperset(each.name for each in operation.parameters if each.where == "path")


def _answered(exchange: Exchange) -> bool:
    """Whether a request was neither refused nor sent elsewhere."""
    return exchange.status is not None and exchange.status not in REFUSED and not 300 <= exchange.status < 400


def _same(judge: Judge, plain: Exchange, exchange: Exchange, attempt: Attempt) -> None:
    """Judge that an answer is that to a request without credentials, for a read in what it holds as well."""
    read = plain.status == 200 and plain.request.method == "GET"
    same = exchange.status == plain.status and (not read or _content(exchange) == _content(plain))
    name = exchange.request.operation
    expect(judge, same, exchange, f"{name} with {attempt.flaw} is to be answered as without ({plain.status})")


def _content(exchange: Exchange) -> object:
    """What an answer holds, of lists only that they are some: others may change them.

    What a task holds is written as Python does, in 2.11 with addresses in memory, which no two answers share.
    """
    try:
        found = exchange.json()
    except NotJson:
        return exchange.response.media if exchange.response else ""
    listed = isinstance(found, list) or (isinstance(found, dict) and "items" in found)
    return type(found) if listed else _ADDRESS.sub("", repr(found))
