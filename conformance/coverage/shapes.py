"""Schemas of a contract in one shape: references followed, parts of an allOf joined, alternatives laid together.

What is laid together says the least that all alternatives agree on: it is for counting what was sent, not for judging.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from specs.contract import Interface

#: So deep are properties of properties followed.
DEPTH = 6
#: The keywords that limit a value, and the types that each is about.
LIMITS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), ("integer", "number")),
    **dict.fromkeys(("minLength", "maxLength", "pattern", "format"), ("string",)),
    **dict.fromkeys(("minItems", "maxItems"), ("array",)),
}


@dataclass(frozen=True)
class Shape:
    """A schema. No `types`: any; no `values`: not an enumeration; `closed`: no other properties than these."""

    types: frozenset[str] = frozenset()
    values: tuple[Any, ...] | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    closed: bool = False
    items: Any = None


def shape(interface: Interface, schema: Any) -> Shape:
    """The shape of a schema; `properties` and `items` are schemas still."""
    if not isinstance(schema, Mapping):
        return Shape()
    if "$ref" in schema:
        return shape(interface, interface.resolve(dict(schema)))
    found = _own(schema)
    for part in schema.get("allOf", ()):
        found = _joined(found, shape(interface, part))
    for alternatives in filter(None, (schema.get("anyOf"), schema.get("oneOf"))):
        found = _joined(found, _either([shape(interface, each) for each in alternatives]))
    return replace(found, types=found.types | {"null"}) if schema.get("nullable") and found.types else found


def _own(schema: Mapping[str, Any]) -> Shape:
    types = schema.get("type", ())
    return Shape(
        types=frozenset([types] if isinstance(types, str) else types),
        values=(schema["const"],) if "const" in schema else tuple(schema["enum"]) if "enum" in schema else None,
        limits={name: schema[name] for name in LIMITS if name in schema},
        properties={name: each for name, each in schema.get("properties", {}).items() if not _read_only(each)},
        required=frozenset(schema.get("required", ())),
        closed=schema.get("additionalProperties") is False,
        items=schema.get("items"),
    )


def _read_only(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("readOnly") is True


def _joined(one: Shape, other: Shape) -> Shape:
    """Both hold."""
    return Shape(
        types=one.types or other.types,
        values=other.values if one.values is None else one.values,
        limits={**one.limits, **other.limits},
        properties={**one.properties, **other.properties},
        required=one.required | other.required,
        closed=one.closed or other.closed,
        items=other.items if one.items is None else one.items,
    )


def _either(shapes: Sequence[Shape]) -> Shape:
    """One of them holds."""
    null = frozenset().union(*(each.types for each in shapes if each.types == {"null"}))
    several = [each for each in shapes if each.types != {"null"}]
    if len(several) == 1:
        return replace(several[0], types=several[0].types | null if several[0].types else several[0].types)
    anything = any(not each.types for each in several)
    objects = [each for each in several if each.properties]
    listed = [each.values for each in several]
    return Shape(
        types=frozenset() if anything else null.union(*(each.types for each in several)),
        values=None if None in listed else tuple(dict.fromkeys(value for values in listed for value in values or ())),
        limits={} if anything else {name: value for each in several for name, value in _alone(each, several)},
        properties=_laid_together(each.properties for each in objects),
        required=frozenset.intersection(*(each.required for each in objects)) if objects else frozenset(),
        closed=bool(objects) and all(each.closed for each in objects),
        items=next(({"anyOf": items} if len(items) > 1 else items[0] for items in [_items(several)] if items), None),
    )


def _alone(one: Shape, several: Sequence[Shape]) -> Iterable[tuple[str, Any]]:
    """The limits of an alternative that no other has a type in common with."""
    others = frozenset().union(*(each.types for each in several if each is not one))
    return one.limits.items() if one.types.isdisjoint(others) else ()


def _items(shapes: Iterable[Shape]) -> list[Any]:
    return [each.items for each in shapes if each.items is not None]


def _laid_together(several: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for properties in several:
        for name, schema in properties.items():
            found.setdefault(name, [])
            if schema not in found[name]:
                found[name].append(schema)
    return {name: schemas[0] if len(schemas) == 1 else {"anyOf": schemas} for name, schemas in found.items()}
