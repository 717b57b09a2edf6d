from __future__ import annotations

import pytest

from conformance import apis
from conformance.checks.stateful.resource import resources
from conformance.strategies import names, values
from specs import contract
from tests.conformance.stateful.test_model import kind

EVERY = [(api, str(version)) for api in apis.NAMES for version in contract.load(api).versions]


@pytest.mark.parametrize(("api", "version"), EVERY)
def test_declarations_name_what_the_version_has(api: str, version: str) -> None:
    interface = contract.load(api).cut(version)
    found = resources(apis.load(api), interface)
    assert found
    for resource in found:
        fields = {each.name for each in resource.fields}
        assert resource.letters in names.LETTERS
        assert all(values.telling(each.values) for each in resource.fields)
        assert {by for by in resource.orders.values() if by} <= fields
        for change in resource.changes:
            assert change.operation in interface.operations
            assert {*change.needs, *change.masks, *change.resets} <= {*change.sends} <= fields


def test_versions_choose() -> None:
    assert kind("public-v2", "3.0", "dag_run").kind.pattern == ()
    assert kind("public-v2", "3.3", "dag_run").kind.pattern == ("run_id_pattern",)
    old, new = (kind("public-v2", version, "pool").bulk for version in ("3.0", "3.3"))
    assert old is not None
    assert new is not None
    assert (old.masks, old.keeps, new.masks, new.keeps) == (False, False, True, True)


def test_secrets_are_told_as_masks() -> None:
    connection = kind("public-v2", "3.3", "connection")
    said = {each.name: None for each in connection.fields} | {"password": "x", "extra": '{"a": 1}'}
    told = connection.told(said)
    assert (told["password"], told["extra"]) == ("***", {"a": 1})
    assert connection.seen({"password": "***", "extra": '{ "a":1 }'}, ["password", "extra"]) == {
        "password": "***",
        "extra": {"a": 1},
    }
    assert "password" not in kind("stable-v1", "2.11", "connection").told(said)


def test_ends_of_names_are_of_the_letters() -> None:
    assert "a/b" in names.telling("any")
    assert not any("/" in end for end in names.telling("no slash"))
    assert "a+b" in names.telling("run")
    assert names.telling("ascii word") == ["a..b", "a_b-c.d", "AbC"]
