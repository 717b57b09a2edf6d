"""Whatever the contract allows to be asked, the answer is one that it has: status, media type, headers and form."""

from __future__ import annotations

import random
from functools import partial

import pytest

from conformance.checks.interface import resources
from conformance.checks.interface.faults import judged
from conformance.depths import Depth
from conformance.exchange import Response
from conformance.forms import Forms
from conformance.generation.drawing import Source
from conformance.generation.examples import Examples
from conformance.generation.own import Own
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.sense import nonsense
from conformance.target import Target
from specs.contract import Interface, Operation

FORM = ("PUB-API-002", "STB-API-002", "EXP-API-005")
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
    asked: list[Operation],
    own: Own,
    described: Interface,
    described_forms: Forms,
    allowed: Source,
    dice: random.Random,
    depth: Depth,
) -> None:
    """Every answer to a request that the contract allows is one that the contract has for the operation."""
    sent, held = 0, list[str]()
    for operation in asked:
        said = described.operations[operation.id]
        examples = Examples(target, allowed, operation, own, described)
        for exchange in target.all(list(examples.made(dice, DRAWN[depth]))):
            sent += 1
            judged(judge, exchange, said.id, FORM, partial(_fault, described_forms, said))
        held += examples.unsent
    if held and not sent:
        judge.unreached(f"nothing that was made up can be sent: {held[0]}")


def _fault(forms: Forms, operation: Operation, response: Response) -> str:
    uneven = _uneven(operation, response) if response.status == OK else ""
    return forms.fault(operation, response) or uneven or nonsense(response)


def _uneven(operation: Operation, response: Response) -> str:
    """Which members not all items of a collection have, in words; empty when they all have the same."""
    body = response.json() if operation.items else None
    items = body.get(operation.items) if isinstance(body, dict) else None
    members = [each.keys() for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    if all(each == members[0] for each in members):
        return ""
    some = sorted(set().union(*members) - set.intersection(*map(set, members)))
    return f"the items of {operation.id} have the same members; only some have {', '.join(some)}"
