from __future__ import annotations

import pytest

from conformance import collections, filters
from conformance.collections import Collection, batches, find, paged
from profiles import load
from specs import contract
from specs.contract import Interface
from specs.versions import Version
from tests.conformance.test_content import filled

VERSIONS = ("3.0", "3.1", "3.2", "3.3")


def interface(version: str = "3.3") -> Interface:
    return contract.load().cut(Version.parse(version))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_paged_list_is_a_collection(version: str) -> None:
    operations = interface(version).operations.values()
    wanted = {each.id for each in operations if each.method == "GET" and each.paged}
    assert {each.operation.id for each in paged(operations)} == wanted


@pytest.mark.parametrize("version", ["2.2", "2.3", "2.6", "2.10", "2.11"])
def test_every_paged_list_of_airflow_2_has_values_for_its_path(version: str) -> None:
    found = paged(contract.load("stable-v1").cut(version).operations.values())
    assert len(found) >= 13
    for each in found:
        assert set(each.path) == {one.name for one in each.operation.parameters if one.where == "path"}, each


@pytest.mark.parametrize(("api", "version"), [("public-v2", "3.3"), ("stable-v1", "2.11")])
def test_every_declaration_is_of_a_collection_and_complete(api: str, version: str) -> None:
    there = contract.load(api).cut(version)
    for name, entry in collections.declared(api).items():
        operation = there.operations[name]
        assert operation.paged or operation.method == "POST", name
        wanted = {each.name for each in operation.parameters if each.where == "path"}
        assert set(entry.get("path", {})) == wanted, name
        collection = find(there, name)
        assert collection.offers(collection.own), name
        assert collection.offers(collection.few), name
        offered = {each.removeprefix("-") for each in collection.offered}
        assert set(collection.orders) <= {*operation.order_by, *offered, "name"}, name


def test_batches_are_those_that_are_declared() -> None:
    assert {each.operation.id for each in batches(interface())} == {
        "get_list_dag_runs_batch",
        "get_task_instances_batch",
    }
    stable = contract.load("stable-v1").cut("2.2")
    assert {each.operation.id for each in batches(stable)} == {"get_dag_runs_batch", "get_task_instances_batch"}


def test_key_of_an_item() -> None:
    pools = find(interface(), "get_pools")
    assert pools.key_of({"name": "a", "slots": 1}) == ("a",)
    assert find(interface(), "get_dag_tags").key_of("tag") == ("tag",)
    undeclared = Collection(pools.operation)
    assert undeclared.key_of({"b": 1, "a": 2}) == undeclared.key_of({"a": 2, "b": 1})


def test_values_of_an_order() -> None:
    pools, tags = find(interface(), "get_pools"), find(interface(), "get_dag_tags")
    assert pools.shown("pool", {"name": "a"}) == (True, "a")
    assert pools.shown("id", {"name": "a", "id": 1}) == (False, None)
    assert pools.shown("slots", {"name": "a"}) == (False, None)
    assert tags.shown("name", "tag") == (True, "tag")


def test_older_version_lacks_some_queries() -> None:
    assert find(interface(), "get_xcom_entries").offers({"xcom_key_pattern": "x"})
    assert not find(interface("3.0"), "get_xcom_entries").offers({"xcom_key_pattern": "x"})


@pytest.mark.parametrize("name", ["airflow-3", "airflow-2-chain"])
def test_what_is_said_to_be_known_is(name: str) -> None:
    content, _ = filled(name=name)
    api = load(name).api
    for entry in (*collections.declared(api).values(), *filters.declared(api).values()):
        assert entry.get("known") in (None, *content.words), entry
