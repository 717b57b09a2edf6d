"""A value for any schema of a contract, as tools make it that play a server from its document alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from specs.contract import Interface

_TEXTS = {
    "date-time": "2019-08-24T14:15:22Z",
    "datetime": "2019-08-24T14:15:22Z",
    "date": "2019-08-24",
    "uuid": "497f6eca-6276-4993-bfeb-53cbbbba6f08",
}
_TEXT = {"type": "string"}
_COLOUR = "#ffffff"  # the only pattern that answers have is that of a colour
_PLAIN: Mapping[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
_DEEPEST = 8


def sample(interface: Interface, schema: Any, depth: int = 0) -> Any:
    """One value that the schema allows: the same for every request."""
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return None
    schema = interface.resolve(schema)
    if "const" in schema or "enum" in schema:
        return schema.get("const", (schema.get("enum") or [None])[0])
    if parts := schema.get("allOf"):
        values = [sample(interface, part, depth + 1) for part in parts]
        return {name: each for value in values if isinstance(value, dict) for name, each in value.items()} or values[0]
    for choice in (schema.get("anyOf") or schema.get("oneOf") or [])[:1]:
        return sample(interface, choice, depth + 1)
    return _of_type(interface, schema, depth)


def _of_type(interface: Interface, schema: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        named = {**dict.fromkeys(schema.get("required", ()), _TEXT), **schema.get("properties", {})}
        return {name: sample(interface, each, depth + 1) for name, each in named.items()}
    if kind == "array":
        items = schema.get("prefixItems") or [each for each in [schema.get("items")] if each is not None]
        return [sample(interface, each, depth + 1) for each in items]
    if kind == "string":
        if "pattern" in schema:
            return _COLOUR
        return _TEXTS.get(schema.get("format", ""), "string" * (schema.get("minLength", 0) // 6 + 1))
    return max(_PLAIN[kind], schema["minimum"]) if "minimum" in schema else _PLAIN[kind]
