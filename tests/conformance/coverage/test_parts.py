from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.coverage.parts import part
from tests.conformance.coverage.test_shapes import INTERFACE, SCHEMAS, ref

WHOLE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "slots": {"type": "integer", "minimum": 1, "maximum": 9},
        "colour": {"anyOf": [ref("Colour"), {"type": "null"}]},
        "names": {"type": "array", "maxItems": 2, "items": {"type": "string", "pattern": "^a"}},
        "when": {"type": "string", "format": "date-time"},
        "any": {},
    },
    "required": ["slots"],
    "additionalProperties": False,
}


def points(schema: Any, value: Any, *, text: bool = False) -> set[str]:
    found: list[Any] = []
    made = part(INTERFACE, "body", schema, text=text)
    made.look(made.read(value) if text else value, found)
    assert set(found) <= set(made.points())
    return {" ".join(point) for point in found}


@pytest.mark.parametrize(
    ("value", "more", "less"),
    [
        ({"slots": 3}, {"body slots minimum valid", "body slots maximum valid"}, set()),
        ({"slots": 0}, {"body slots minimum invalid", "body slots maximum valid"}, set()),
        ({"slots": 10}, {"body slots maximum invalid"}, set()),
        ({"slots": 3.5}, {"body slots type invalid"}, {"body slots minimum valid"}),
        ({"slots": True}, {"body slots type invalid"}, set()),
        ({}, {"body slots required invalid"}, {"body slots required valid"}),
        ({"slots": 3, "more": 1}, {"body additionalProperties invalid"}, {"body additionalProperties valid"}),
        ({"slots": 3, "colour": "red"}, {"body colour enum red", "body colour type valid"}, {"body colour enum green"}),
        ({"slots": 3, "colour": "blue"}, {"body colour enum invalid"}, set()),
        ({"slots": 3, "colour": None}, {"body colour type valid"}, set()),
        (
            {"slots": 3, "names": ["a", "b"]},
            {"body names[] pattern valid", "body names[] pattern invalid", "body names maxItems valid"},
            {"body names[] type invalid"},
        ),
        ({"slots": 3, "names": ["a", 1, "ab"]}, {"body names[] type invalid", "body names maxItems invalid"}, set()),
        ({"slots": 3, "when": "2026-01-01T00:00:00Z"}, {"body when format valid"}, set()),
        ({"slots": 3, "when": "soon"}, {"body when format invalid", "body when type valid"}, set()),
        ({"slots": 3, "any": [{"x": 1}]}, {"body any type valid"}, set()),
    ],
)
def test_what_a_value_reaches(value: Any, more: set[str], less: set[str]) -> None:
    found = points(WHOLE, value)
    assert more <= found
    assert not less & found


def test_a_value_of_another_type_reaches_nothing_else() -> None:
    assert points(WHOLE, [1]) == {"body type invalid"}


@pytest.mark.parametrize(
    ("schema", "text", "expected"),
    [
        ({"type": "integer", "minimum": 0}, "-1", {"body type valid", "body minimum invalid"}),
        ({"type": "integer"}, "x", {"body type invalid"}),
        ({"type": "number"}, "1e3", {"body type valid"}),
        ({"type": "boolean"}, "TRUE", {"body type valid"}),
        ({"type": "boolean"}, "yes", {"body type invalid"}),
        ({"type": "string"}, "1", {"body type valid"}),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "7", {"body type valid"}),
        ({"type": "array", "items": ref("Colour")}, "red", {"body type valid", "body enum red"}),
        ({"type": "string", "format": "date-time"}, "x", {"body type valid", "body format invalid"}),
    ],
)
def test_what_a_text_reaches(schema: Any, text: str, expected: set[str]) -> None:
    assert points(schema, text, text=True) == expected


def test_what_cannot_be_is_not_counted() -> None:
    every, right, wrong = {"type": "integer"}, ("body", "type", "valid"), ("body", "type", "invalid")
    assert list(part(INTERFACE, "body", every).points()) == [right, wrong]
    assert list(part(INTERFACE, "body", {"type": "string"}, text=True).points()) == [right]  # each text is one
    assert list(part(INTERFACE, "body", {}).points()) == [right]


def test_what_contains_itself_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = {"type": "object", "properties": {"left": ref("Tree"), "right": ref("Tree")}}
    monkeypatch.setitem(SCHEMAS, "Tree", tree)
    assert 10 < len(list(part(INTERFACE, "body", ref("Tree")).points())) < 1000


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    names = st.sampled_from([*WHOLE["properties"], "x"])
    return st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), nested))
def test_any_value_can_be_counted(value: Any) -> None:
    assert points(WHOLE, value)
