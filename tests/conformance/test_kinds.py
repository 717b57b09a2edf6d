from __future__ import annotations

import pytest

from conformance.kinds import Kind, kinds
from specs import contract

KINDS = list(kinds("public-v2").values())


@pytest.mark.parametrize("version", ["3.0", "3.3"])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_contract_has_every_operation_with_these_parameters(kind: Kind, version: str) -> None:
    here = contract.load().cut(version)
    if kind.create not in here.operations:
        assert version == "3.0"
        return
    for name in (kind.get, kind.delete):
        parts = {parameter.name for parameter in here.operations[name].parameters if parameter.where == "path"}
        assert parts == {kind.param, kind.within} - {""}
    if kind.list:
        assert here.operations[kind.list].items
        assert here.operations[kind.list].paged
    if kind.bulk:
        assert kind.bulk in here.operations
    body = here.resolve(here.operations[kind.create].body or {})
    assert set(body["required"]) <= {kind.field, *kind.fields, "value"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_field_of_a_body_may_stand_for_the_parameter(kind: Kind) -> None:
    ids = {kind.within: "w"} if kind.within else {}
    assert kind.params({**ids, kind.param: "x"}) == {**ids, kind.param: "x"}
    if kind.field:
        assert kind.params({**ids, kind.field: "x"}) == {**ids, kind.param: "x"}
