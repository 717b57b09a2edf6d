"""What can be wrong with the requests of an operation."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.generation.drawing import Source
from conformance.generation.readings import Doubt
from conformance.generation.wrong import UNKNOWN, Wrongs, put
from conformance.target import UNSET
from specs.contract import Interface, load


@pytest.fixture(scope="module")
def interface() -> Interface:
    return load().cut("3.3")


@pytest.fixture(scope="module")
def wrongs(interface: Interface) -> Wrongs:
    return Wrongs(interface, Source(interface.document, 1))


def found(wrongs: Wrongs, interface: Interface, operation: str, body: Any = UNSET) -> dict[tuple[str, str], Any]:
    each = wrongs.of(operation, body)
    return {(one.name, one.keyword): one.values for one in each}


def test_parameters_of_a_list(wrongs: Wrongs, interface: Interface) -> None:
    wrong = found(wrongs, interface, "get_pools")
    assert set(wrong) == {("limit", "type"), ("limit", "minimum"), ("offset", "type"), ("offset", "minimum")}
    assert wrong["limit", "minimum"][0] == -1


def test_members_of_a_body(wrongs: Wrongs, interface: Interface) -> None:
    wrong = found(wrongs, interface, "post_pool", {"name": "x", "slots": 1})
    assert wrong["name", "required"] == (UNSET,)
    assert len(wrong["name", "maxLength"][0]) == 257
    assert wrong["slots", "minimum"][0] == -2
    assert {("slots", "type"), ("include_deferred", "type"), (UNKNOWN, "additionalProperties")} <= wrong.keys()


def test_members_within_members(wrongs: Wrongs, interface: Interface) -> None:
    body = {"actions": [{"action": "delete", "entities": ["x"]}]}
    wrong = found(wrongs, interface, "bulk_pools", body)
    assert ("actions/0/action", "const") in wrong
    assert ("actions/0/action", "required") in wrong
    assert ("actions/0/action_on_non_existence", "enum") in wrong


def test_what_is_only_read_is_wrong_to_send() -> None:
    stable = load("stable-v1").cut("2.11")
    wrong = found(Wrongs(stable, Source(stable.document, 1)), stable, "post_pool", {"name": "x", "slots": 1})
    assert ("open_slots", "readOnly") in wrong


def test_every_value_is_wrong(wrongs: Wrongs, interface: Interface) -> None:
    """The second validator says so, for each value that is held against a schema."""
    doubt = Doubt(interface.document["components"])
    for operation in interface.operations.values():
        for wrong in wrongs.of(operation.id):
            for value in wrong.values:
                assert value is UNSET or doubt.hopeless(wrong.schema or {}, value, text=True), (
                    operation.id,
                    wrong,
                    value,
                )


def test_what_a_word_is_beyond_ascii_is_in_doubt(wrongs: Wrongs, interface: Interface) -> None:
    wrong = found(wrongs, interface, "post_connection", {"connection_id": "x", "conn_type": "http"})
    assert all(value.isascii() for value in wrong["connection_id", "pattern"])


@pytest.mark.parametrize(
    ("place", "value", "whole"),
    [
        (("a",), 2, {"a": 2, "b": [{"c": 1}]}),
        (("b", 0, "c"), UNSET, {"a": 1, "b": [{}]}),
        (("b", 0, "d"), 1, {"a": 1, "b": [{"c": 1, "d": 1}]}),
        ((), [], []),
    ],
)
def test_a_value_is_put_into_a_copy(place: tuple[str | int, ...], value: Any, whole: Any) -> None:
    body = {"a": 1, "b": [{"c": 1}]}
    assert put(body, place, value) == whole
    assert body == {"a": 1, "b": [{"c": 1}]}
