"""Whatever the contract allows to be asked, the answer is one that it has: status, media type, headers and form."""

from __future__ import annotations

import random

import pytest

from conformance.checks.interface import resources
from conformance.depths import Depth
from conformance.exchange import Exchange
from conformance.forms import Forms
from conformance.generation.drawing import Source
from conformance.generation.examples import Examples
from conformance.generation.own import Own
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Interface, Operation

FORM, SOUND = ("PUB-API-002", "STB-API-002", "EXP-API-005"), ("PUB-API-004", "STB-API-004", "EXP-API-008")
OK = 200
#: So many requests are drawn of each operation.
DRAWN = {"smoke": 1, "standard": 4, "deep": 60}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each resource."""
    resources.parametrize(metafunc)


@requirement("PUB-API-002", "STB-API-002", "EXP-API-005", "PUB-API-004", "STB-API-004", "EXP-API-008")
def test_answers(
    target: Target,
    judge: Judge,
    operations: list[Operation],
    described: Interface,
    described_forms: Forms,
    allowed: Source,
    dice: random.Random,
    depth: Depth,
    mine: frozenset[str],
) -> None:
    """Every answer to a request that the contract allows is one that the contract has for the operation."""
    own = Own(target, Harmless(target, target.new_name("nothing")))
    sent, held = 0, list[str]()
    for operation in (each for each in operations if each.id in mine and each.id in described.operations):
        said = described.operations[operation.id]
        examples = Examples(target, allowed, operation, own, described)
        for exchange in target.all(list(examples.made(dice, DRAWN[depth]))):
            sent += 1
            _judged(judge, described_forms, said, exchange)
        held += examples.unsent
    if held and not sent:
        judge.unreached(f"nothing that was made up can be sent: {held[0]}")


def _judged(judge: Judge, forms: Forms, operation: Operation, exchange: Exchange) -> None:
    status = exchange.status or 0
    fault = forms.fault(operation, exchange.response) if exchange.response and status < 500 else ""
    for name in SOUND:
        judge.that(status < 500, exchange, f"{operation.id}: the server fails, with {status}", requirement=name)
    fault = fault or (_uneven(operation, exchange) if status == OK else "")
    for name in FORM:
        judge.that(not fault, exchange, fault, requirement=name)


def _uneven(operation: Operation, exchange: Exchange) -> str:
    """Which members not all items of a collection have, in words; empty when they all have the same."""
    body = exchange.json() if operation.items else None
    items = body.get(operation.items) if isinstance(body, dict) else None
    members = [each.keys() for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    if all(each == members[0] for each in members):
        return ""
    some = sorted(set().union(*members) - set.intersection(*map(set, members)))
    return f"the items of {operation.id} have the same members; only some have {', '.join(some)}"
