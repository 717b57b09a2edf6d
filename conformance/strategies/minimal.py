"""The least value that a JSON Schema of the contract allows."""

from __future__ import annotations

from typing import Any

from specs.contract import Interface

#: A moment long before any DAG of the fixtures starts.
_MOMENT = "2000-01-01T00:00:00Z"
_FORMATS = {"date-time": _MOMENT, "date": _MOMENT[:10], "uuid": "00000000-0000-4000-8000-000000000000"}


def minimal(interface: Interface, schema: dict[str, Any]) -> Any:
    """A value that the schema allows: required properties only, the first alternative, the lowest number."""
    schema = interface.resolve(schema)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return minimal(interface, _plainest(schema[key]))
    return _of_type(interface, schema)


def properties(interface: Interface, schema: dict[str, Any]) -> dict[str, Any]:
    """The properties that a schema of an object names, itself and in the parts of an allOf."""
    schema = interface.resolve(schema)
    parts = [properties(interface, part) for part in schema.get("allOf", ())]
    return {name: value for part in (*parts, schema.get("properties", {})) for name, value in part.items()}


def _plainest(alternatives: list[dict[str, Any]]) -> dict[str, Any]:
    """Null where it is allowed, else the first alternative."""
    return next((one for one in alternatives if one.get("type") == "null"), alternatives[0])


def _of_type(interface: Interface, schema: dict[str, Any]) -> Any:
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {name: minimal(interface, schema["properties"][name]) for name in required}
        case "array":
            return [minimal(interface, schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "string":
            return _FORMATS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
        case "integer" | "number":
            return int(max(schema.get("minimum", 0), 0))
        case "boolean":
            return False
    return None
