from __future__ import annotations

from typing import Any

import pytest

from conformance.coverage.shapes import Shape, shape
from specs.contract import Interface
from specs.versions import Version

SCHEMAS = {
    "Colour": {"type": "string", "enum": ["red", "green"]},
    "Create": {
        "type": "object",
        "properties": {"action": {"const": "create", "type": "string"}, "name": {"type": "string"}},
        "required": ["action", "name"],
        "additionalProperties": False,
    },
    "Delete": {
        "type": "object",
        "properties": {"action": {"const": "delete", "type": "string"}},
        "required": ["action"],
        "additionalProperties": False,
    },
}
INTERFACE = Interface({"components": {"schemas": SCHEMAS}}, Version(3, 3), "simple")


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        (True, Shape()),
        ({"type": "integer", "minimum": 3, "title": "x"}, Shape(frozenset({"integer"}), limits={"minimum": 3})),
        ({"type": ["string", "null"]}, Shape(frozenset({"string", "null"}))),
        ({"type": "string", "nullable": True}, Shape(frozenset({"string", "null"}))),
        (ref("Colour"), Shape(frozenset({"string"}), ("red", "green"))),
        (
            {"anyOf": [ref("Colour"), {"type": "null"}]},
            Shape(frozenset({"string", "null"}), ("red", "green")),
        ),
        ({"allOf": [ref("Colour")], "nullable": True}, Shape(frozenset({"string", "null"}), ("red", "green"))),
        (
            {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "maxLength": 2}]},
            Shape(frozenset({"integer", "string"}), limits={"minimum": 1, "maxLength": 2}),
        ),
        (
            {"oneOf": [{"type": "string", "minLength": 1}, {"type": "string", "maxLength": 2}]},
            Shape(frozenset({"string"})),  # which of the two was meant nobody can say
        ),
        ({"anyOf": [{"type": "string"}, {}]}, Shape()),
        ({"type": "object", "properties": {"x": {"readOnly": True}}}, Shape(frozenset({"object"}))),
    ],
)
def test_shape(schema: Any, expected: Shape) -> None:
    assert shape(INTERFACE, schema) == expected


def test_alternatives_are_laid_together() -> None:
    found = shape(INTERFACE, {"oneOf": [ref("Create"), ref("Delete")]})
    assert (found.types, found.required, found.closed) == ({"object"}, {"action"}, True)
    assert set(found.properties) == {"action", "name"}
    assert shape(INTERFACE, found.properties["action"]).values == ("create", "delete")
    assert shape(INTERFACE, {"anyOf": [ref("Create"), {"type": "object", "properties": {"a": {}}}]}).closed is False
