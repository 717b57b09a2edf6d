"""What the contract does not allow in a request is refused, with the version's own status and form."""

from __future__ import annotations

import random

import pytest

from conformance.checks.interface import resources
from conformance.depths import Depth
from conformance.exchange import Exchange
from conformance.generation.own import Own
from conformance.generation.refusals import Refusals
from conformance.generation.trials import Trial, Trials
from conformance.generation.wrong import Wrongs
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Interface, Operation

REFUSED, SOUND = ("PUB-API-003", "STB-API-003", "EXP-API-007"), ("PUB-API-004", "STB-API-004", "EXP-API-008")
#: So many values for each keyword of each parameter and property.
VALUES = {"smoke": 1, "standard": 2, "deep": 8}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each resource."""
    resources.parametrize(metafunc)


@requirement("PUB-API-003", "STB-API-003", "EXP-API-007", "PUB-API-004", "STB-API-004", "EXP-API-008")
def test_refusals(
    target: Target,
    judge: Judge,
    operations: list[Operation],
    described: Interface,
    wrongs: Wrongs,
    refusals: Refusals,
    dice: random.Random,
    depth: Depth,
    mine: frozenset[str],
) -> None:
    """A request with one thing that the contract does not allow is refused for it, and changes nothing."""
    own = Own(target, Harmless(target, target.new_name("nothing")))
    sent, held = 0, list[str]()
    for operation in (each for each in operations if each.id in mine and each.id in described.operations):
        trials = Trials(target, wrongs, operation, own)
        before = trials.seen()
        made = list(trials.made(dice, VALUES[depth]))
        sent, held = sent + len(made), held + trials.unsent
        refused = _refused(target, judge, refusals, operation, made)
        if before and refused and (after := trials.seen()):
            same = _state(after) == _state(before)
            for name in REFUSED:
                judge.that(same, [before, after], f"what {operation.id} refuses changes nothing", requirement=name)
    if held and not sent:
        judge.unreached(f"nothing that is wrong can be sent: {held[0]}")


def _state(exchange: Exchange) -> tuple[int | None, bytes]:
    return exchange.status, exchange.response.body if exchange.response else b""


def _refused(target: Target, judge: Judge, refusals: Refusals, operation: Operation, trials: list[Trial]) -> bool:
    """Judge the answers; whether every request was refused."""
    exchanges = target.all(each.request for each in trials)
    for trial, exchange in zip(trials, exchanges, strict=True):
        status = exchange.status or 0
        fault = refusals.fault(operation, trial.wrong, exchange.response) if exchange.response and status < 500 else ""
        for name in SOUND:
            judge.that(status < 500, exchange, f"{trial}: the server fails, with {status}", requirement=name)
        for name in REFUSED:
            judge.that(not fault, exchange, f"{trial}: {fault}", requirement=name)
    return all((exchange.status or 0) >= 400 for exchange in exchanges)
