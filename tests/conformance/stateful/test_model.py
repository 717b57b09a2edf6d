from __future__ import annotations

import pytest

from conformance import apis
from conformance.checks.stateful.model import Model
from conformance.checks.stateful.resource import Resource, resources
from specs import contract


def kind(api: str, version: str, name: str) -> Resource:
    interface = contract.load(api).cut(version)
    return next(each for each in resources(apis.load(api), interface) if str(each) == name)


@pytest.fixture
def pools() -> Model:
    model = Model(kind("public-v2", "3.3", "pool"))
    model.create("a", {"slots": 3, "description": "before"})
    return model


def test_what_is_not_said_is_as_declared(pools: Model) -> None:
    assert pools["a"] == {"slots": 3, "description": "before", "include_deferred": False}


def test_a_change_changes_what_it_says(pools: Model) -> None:
    pools.change(pools.resource.changes[0], "a", {"slots": 7}, None, "a")
    assert pools["a"] == {"slots": 7, "description": "before", "include_deferred": False}


def test_a_mask_names_what_counts_of_it(pools: Model) -> None:
    pools.change(pools.resource.changes[0], "a", {"slots": 7, "description": None}, ["description"], "a")
    assert pools["a"] == {"slots": 3, "description": None, "include_deferred": False}


def test_a_new_name_keeps_the_age() -> None:
    model = Model(kind("stable-v1", "2.11", "pool"))
    for name in ("a", "b"):
        model.create(name, {"slots": 1, "include_deferred": True})
    model.change(model.resource.changes[0], "a", {"slots": 2}, None, "c")
    assert list(model) == ["c", "b"]
    assert model["c"]["include_deferred"] is False  # its form fills in what a body leaves out


def test_a_variable_of_airflow_2_is_replaced() -> None:
    model = Model(kind("stable-v1", "2.11", "variable"))
    for key in ("a", "b", "a"):
        model.create(key, {"value": key})
    assert list(model) == ["b", "a"]


def test_what_a_role_may_do_is_added_to() -> None:
    model = Model(kind("stable-v1", "2.11", "role"))
    model.create("a", {"actions": ["x"]})
    model.change(model.resource.changes[0], "a", {"actions": ["y", "x"]}, None, "a")
    assert model["a"] == {"actions": ["x", "y"]}
    model.delete("a")
    assert "a" not in model
    assert len(model) == 0
