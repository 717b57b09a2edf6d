from __future__ import annotations

import pytest

from conformance import apis
from conformance.kinds import Kind, kinds
from specs import contract

KINDS = {api: list(kinds(api).values()) for api in apis.NAMES}
VERSIONS = {"public-v2": ("3.0", "3.3"), "stable-v1": ("2.2", "2.11"), "experimental": ("1.10", "2.11")}
#: What not every version has.
LATER = {("3.0", "asset_state"), ("2.2", "dataset_event")}


@pytest.mark.parametrize(
    ("api", "version", "kind"),
    [
        pytest.param(api, version, kind, id=f"{version}-{kind.name}")
        for api, each in KINDS.items()
        for kind in each
        for version in VERSIONS[api]
        if (version, kind.name) not in LATER
    ],
)
def test_the_contract_has_every_operation_with_these_parameters(api: str, kind: Kind, version: str) -> None:
    here = contract.load(api).cut(version)
    for name in filter(None, (kind.get, kind.delete)):
        parts = {parameter.name for parameter in here.operations[name].parameters if parameter.where == "path"}
        assert parts == {kind.param, kind.within} - {""}
    if kind.list:
        assert bool(here.operations[kind.list].items) == here.operations[kind.list].paged == (api != "experimental")
    if kind.bulk:
        assert kind.bulk in here.operations
    body = here.resolve(here.operations[kind.create].body or {})
    assert set(body.get("required", ())) <= {kind.field, kind.within, *kind.fields, "value"}


def test_texts_of_a_body_may_hold_the_name() -> None:
    user = kinds("stable-v1")["user"].body("ann")
    assert (user["username"], user["email"]) == ("ann", "ann@conformance.example")
    assert kinds("stable-v1")["pool"].body("x") == {"name": "x", "slots": 1}


def test_texts_of_a_body_may_hold_a_date() -> None:
    run = kinds("experimental")["dag_run"]
    assert run.body("x", "2025-03-04T05:06:07")["execution_date"] == "2025-03-04T05:06:07"


@pytest.mark.parametrize("kind", [kind for each in KINDS.values() for kind in each], ids=lambda kind: kind.create)
def test_a_field_of_a_body_may_stand_for_the_parameter(kind: Kind) -> None:
    ids = {kind.within: "w"} if kind.within else {}
    assert kind.params({**ids, kind.param: "x"}) == {**ids, kind.param: "x"}
    if kind.field:
        assert kind.params({**ids, kind.field: "x"}) == {**ids, kind.param: "x"}
