"""What is wrong beyond doubt, and what a lenient server may take for something else."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.generation.readings import Doubt, shown

NUMBER = {"type": "integer", "minimum": 0}
DATE = {"type": "string", "format": "date-time"}
WORDS = {"type": "array", "items": {"type": "integer"}}


@pytest.fixture
def doubt() -> Doubt:
    return Doubt({"schemas": {"State": {"type": "string", "enum": ["failed", "success"]}}})


@pytest.mark.parametrize(
    ("schema", "value", "hopeless"),
    [
        (NUMBER, "x", True),
        (NUMBER, -1, True),
        (NUMBER, 0.5, True),
        (NUMBER, "5", False),
        (NUMBER, " 5 ", False),
        (NUMBER, "1_000", False),
        (NUMBER, 5.0, False),
        (NUMBER, True, False),
        (NUMBER, [], True),
        ({"type": "boolean"}, "yes", False),
        ({"type": "boolean"}, 1, False),
        ({"type": "boolean"}, 2, True),
        ({"type": "string"}, 5, True),
        ({"type": "number"}, "NaN", False),
        ({"type": ["integer", "null"]}, "", False),
        (DATE, "conformance", True),
        (DATE, "2027", False),
        (DATE, 0, False),
        ({"$ref": "#/components/schemas/State"}, "Failed", True),
    ],
)
def test_values_of_bodies(doubt: Doubt, schema: dict[str, Any], value: Any, hopeless: bool) -> None:
    assert doubt.hopeless(schema, value) is hopeless


@pytest.mark.parametrize(
    ("schema", "value", "hopeless"),
    [(NUMBER, 5, False), (NUMBER, -1, True), (WORDS, 5, False), (WORDS, "x", True), ({"type": "string"}, 5, False)],
)
def test_values_of_queries(doubt: Doubt, schema: dict[str, Any], value: Any, hopeless: bool) -> None:
    assert doubt.hopeless(schema, value, text=True) is hopeless


@pytest.mark.parametrize(("value", "text"), [(True, "true"), (None, ""), (1.5, "1.5"), ("a", "a")])
def test_how_a_value_stands_in_a_path(value: Any, text: str) -> None:
    assert shown(value) == text


def test_the_keyword_that_forbids_a_value(doubt: Doubt) -> None:
    assert doubt.keyword(NUMBER, -1) == "minimum"
    assert doubt.keyword(NUMBER, "x") == "type"
    assert doubt.keyword(NUMBER, 1) == ""
