from __future__ import annotations

import pytest

from conformance import apis
from conformance.decision import rules
from conformance.exchange import SAFE
from specs import contract


@pytest.mark.parametrize("name", apis.NAMES)
def test_the_contract_has_every_operation_that_is_named(name: str) -> None:
    api = apis.load(name)
    here = contract.load(name).cut(contract.load(name).versions[-1]).operations
    named = {api.common, api.trigger, *api.pausing.values(), *api.tried, api.end_run} - {""}
    assert named <= here.keys()
    assert here[api.common].method == "GET"


@pytest.mark.parametrize("name", apis.NAMES)
def test_an_api_is_known_by_its_paths(name: str) -> None:
    api = apis.load(name)
    assert apis.at(f"{api.prefix}/x") is api
    assert apis.of(contract.load(name).cut(contract.load(name).versions[-1])) is api
    assert api.front.startswith(api.prefix)


def test_a_path_of_no_api_is_an_error() -> None:
    with pytest.raises(KeyError):
        apis.at("/api/v3/dags")


def test_only_the_experimental_api_writes_by_get() -> None:
    by_get = {
        operation.id
        for name in apis.NAMES
        for operation in contract.load(name).cut(contract.load(name).versions[-1]).operations.values()
        if operation.method in SAFE and operation.id in rules(name)
    }
    assert by_get == {"dag_paused"}
