"""Which keywords of its schema a value that was sent keeps, and which it breaks.

A `Point` is one thing that can be sent: a place in a request, a keyword of its schema, and whether the keyword is kept
("valid"), broken ("invalid") or, of an enumeration, which value it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from conformance.coverage.shapes import DEPTH, LIMITS, shape
from specs.contract import Interface

Point = tuple[str, str, str]
VALID, INVALID = "valid", "invalid"

_KINDS = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}


@dataclass(frozen=True)
class Test:
    """One keyword of a schema: the kinds of values that it is about, and the points that a value may reach."""

    kinds: tuple[str, ...]
    keeps: Callable[[Any], bool]
    valid: Point
    invalid: Point


@dataclass
class Part:
    """One place in a request and the places in it. `wrong`: the point of a value of another type, where that can be."""

    name: str
    types: frozenset[str]
    right: Point
    wrong: Point | None = None
    values: Mapping[str, Point] = field(default_factory=dict)
    other: Point | None = None
    tests: tuple[Test, ...] = ()
    properties: Mapping[str, Part] = field(default_factory=dict)
    required: Mapping[str, tuple[Point, Point]] = field(default_factory=dict)
    closed: tuple[Point, Point] | None = None
    items: Part | None = None

    def points(self) -> Iterator[Point]:
        """All that can be sent there."""
        yield self.right
        yield from filter(None, (self.wrong, *self.values.values(), self.other))
        for test in self.tests:
            yield from (test.valid, test.invalid)
        for pair in (*self.required.values(), *filter(None, (self.closed,))):
            yield from pair
        for part in (*self.properties.values(), *filter(None, (self.items,))):
            yield from part.points()

    def look(self, value: Any, found: list[Point]) -> None:
        """Add the points that a value reaches."""
        kind = _KINDS.get(type(value), "object")
        if self.types and not (kind in self.types or (kind == "integer" and "number" in self.types)):
            if self.wrong:
                found.append(self.wrong)
            return
        found.append(self.right)
        if self.other:
            found.append(self.values.get(_word(value), self.other))
        found.extend(test.valid if test.keeps(value) else test.invalid for test in self.tests if kind in test.kinds)
        if kind == "object":
            self._look_inside(value, found)
        elif kind == "array" and self.items:
            for each in value:
                self.items.look(each, found)

    def _look_inside(self, value: Mapping[str, Any], found: list[Point]) -> None:
        found.extend(points[name not in value] for name, points in self.required.items())
        if self.closed:
            found.append(self.closed[not value.keys() <= self.properties.keys()])
        for name, part in self.properties.items():
            if name in value:
                part.look(value[name], found)

    def read(self, text: str) -> Any:
        """What a text stands for where a value of this part comes as text."""
        if "integer" in self.types and _INTEGER.fullmatch(text):
            return int(text)
        if "number" in self.types and _NUMBER.fullmatch(text):
            return float(text)
        if "boolean" in self.types and text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        return text


_INTEGER = re.compile(r"[+-]?[0-9]{1,400}")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "false": False}


def part(interface: Interface, name: str, schema: Any, *, text: bool = False, depth: int = DEPTH) -> Part:
    """The part of a request that has this schema. `text`: its value comes as text, as in a path or query."""
    found = shape(interface, schema)
    if text and "array" in found.types:  # sent as several values of one name
        return part(interface, name, found.items, text=True)
    types = found.types - {"null"} if text else found.types
    beneath = name + ("." if " " in name else " ")
    deeper = replace(found, properties={}, required=frozenset(), items=None) if text or not depth else found
    return Part(
        name=name,
        types=types,
        right=(name, "type", VALID),
        wrong=(name, "type", INVALID) if types and not (text and "string" in types) else None,
        values={_word(value): (name, "enum", _word(value)) for value in found.values or () if value is not None},
        other=(name, "enum", INVALID) if found.values is not None else None,
        tests=tuple(_tests(name, found.limits)),
        properties={
            key: part(interface, beneath + key, each, depth=depth - 1) for key, each in deeper.properties.items()
        },
        required={key: _pair(beneath + key, "required") for key in sorted(deeper.required)},
        closed=_pair(name, "additionalProperties") if found.closed else None,
        items=None if deeper.items is None else part(interface, f"{name}[]", deeper.items, depth=depth - 1),
    )


def _pair(name: str, keyword: str) -> tuple[Point, Point]:
    return (name, keyword, VALID), (name, keyword, INVALID)


def _tests(name: str, limits: Mapping[str, Any]) -> Iterator[Test]:
    for keyword, limit in limits.items():
        if keeps := _KEEPS[keyword](limit):
            yield Test(LIMITS[keyword], keeps, *_pair(name, keyword))


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)[:200]


def _pattern(pattern: str) -> Callable[[Any], bool] | None:
    try:
        return re.compile(pattern).search  # type: ignore[return-value]
    except re.error:
        return None  # a pattern of another language tells nothing


def _format(name: str) -> Callable[[Any], bool] | None:
    read = _READERS.get(name)

    def keeps(text: str) -> bool:
        try:
            return read is not None and bool(read(text))
        except ValueError:
            return False

    return keeps if read else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "date-time": datetime.fromisoformat,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "uuid": UUID,
}
_KEEPS: Mapping[str, Callable[[Any], Callable[[Any], bool] | None]] = {
    "minimum": lambda limit: lambda value: value >= limit,
    "maximum": lambda limit: lambda value: value <= limit,
    "exclusiveMinimum": lambda limit: lambda value: value > limit,
    "exclusiveMaximum": lambda limit: lambda value: value < limit,
    "minLength": lambda limit: lambda value: len(value) >= limit,
    "maxLength": lambda limit: lambda value: len(value) <= limit,
    "minItems": lambda limit: lambda value: len(value) >= limit,
    "maxItems": lambda limit: lambda value: len(value) <= limit,
    "pattern": _pattern,
    "format": _format,
}
