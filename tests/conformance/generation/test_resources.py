"""The checks of an interface, one for each resource."""

from __future__ import annotations

from collections import Counter

import pytest

from conformance.checks.interface.resources import LEAST, OTHERS, grouped, resource
from conformance.selection import Case, choose
from specs.contract import Interface, load


@pytest.fixture(params=[("public-v2", "3.3"), ("stable-v1", "2.11"), ("experimental", "1.10")])
def interface(request: pytest.FixtureRequest) -> Interface:
    api, version = request.param
    return load(api).cut(version)


def test_every_operation_is_in_one_group(interface: Interface) -> None:
    groups = grouped(interface.operations.values())
    counts = Counter(each.id for group in groups.values() for each in group)
    assert counts == dict.fromkeys(interface.operations, 1)
    assert all(len(group) >= LEAST for name, group in groups.items() if name != OTHERS)
    assert len(groups) < 20


@pytest.mark.parametrize(
    ("operation", "about"),
    [("get_pool", "pools"), ("get_task_instance_tries", "taskInstances"), ("get_version", "version")],
)
def test_what_an_operation_is_about(operation: str, about: str) -> None:
    assert resource(load().cut("3.3").operations[operation]) == about


def test_only_selects_the_checks_that_are_about_an_operation() -> None:
    cases = [
        Case(name, "", ("PUB-API-002",), (), "smoke", lawful=True, about=about)
        for name, about in (("a[pools]", ("get_pool",)), ("a[dags]", ("get_dags",)), ("b", ()))
    ]
    names, narrowed = choose(["get_pool"], cases, ["get_pool", "get_dags"])
    assert names == {"a[pools]", "b"}
    assert narrowed == {"get_pool"}
