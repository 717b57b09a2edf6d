"""What the contract does not allow in a request is refused, with the version's own status and form."""

from __future__ import annotations

import random
from functools import partial

import pytest

from conformance.checks.interface import resources
from conformance.checks.interface.faults import judged
from conformance.depths import Depth
from conformance.exchange import Exchange, Response
from conformance.generation.own import Own
from conformance.generation.refusals import Refusals
from conformance.generation.trials import Trial, Trials
from conformance.generation.wrong import Wrongs
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.sense import nonsense
from conformance.target import Target
from specs.contract import Operation

REFUSED = ("PUB-API-003", "STB-API-003", "EXP-API-007")
#: So many values for each keyword of each parameter and property.
VALUES = {"smoke": 1, "standard": 2, "deep": 8}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each resource."""
    resources.parametrize(metafunc)


@requirement("PUB-API-003", "STB-API-003", "EXP-API-007", "PUB-API-004", "STB-API-004", "EXP-API-008")
def test_refusals(
    target: Target,
    judge: Judge,
    asked: list[Operation],
    own: Own,
    wrongs: Wrongs,
    refusals: Refusals,
    dice: random.Random,
    depth: Depth,
) -> None:
    """A request with one thing that the contract does not allow is refused for it, and changes nothing."""
    sent, held = 0, list[str]()
    for operation in asked:
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
        judged(judge, exchange, str(trial), REFUSED, partial(_fault, refusals, operation, trial))
    return all((exchange.status or 0) >= 400 for exchange in exchanges)


def _fault(refusals: Refusals, operation: Operation, trial: Trial, response: Response) -> str:
    fault = refusals.fault(operation, trial.wrong, response) or nonsense(response)
    return f"{trial}: {fault}" if fault else ""
