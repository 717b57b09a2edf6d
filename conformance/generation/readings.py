"""Whether a value is wrong beyond doubt: wrong in every way in which a lenient server may read it.

A server that takes "5" for a number, 1 for true or 20270101 for a date is lenient, and not what a law is about.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

_TRUE, _FALSE = frozenset({"true", "t", "yes", "y", "on", "1"}), frozenset({"false", "f", "no", "n", "off", "0"})
_NOTHING = frozenset({"", "null", "none", "~"})


class Doubt:
    """Decides for the schemas of one document. `components` has what they refer to."""

    def __init__(self, components: Mapping[str, Any]) -> None:
        self._components = components
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def right(self, schema: Mapping[str, Any], value: Any) -> bool:
        """Whether the schema allows a JSON value."""
        return self._validator(schema).is_valid(value)

    def keyword(self, schema: Mapping[str, Any], value: Any) -> str:
        """The keyword that does not allow a value; empty when it is allowed."""
        fault = next(iter(self._validator(schema).iter_errors(value)), None)
        return str(fault.schema_path[-1]) if fault else ""

    def hopeless(self, schema: Mapping[str, Any], value: Any, *, text: bool = False) -> bool:
        """Whether no reading of a value is allowed; `text`: it is sent in a path, a query or a header."""
        if _dated(schema) and re.search(r"\d", json.dumps(value)):
            return False
        return not any(self.right(schema, each) for each in readings(value, text=text))

    def _validator(self, schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**schema, "components": self._components} if '"$ref"' in key else {**schema}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


def readings(value: Any, *, text: bool = False) -> Iterator[Any]:
    """What a value may be taken for, itself first. `text`: as a text, or one of several."""
    if text:
        value = shown(value)
    yield value
    if isinstance(value, str):
        yield from _of_text(value)
    elif isinstance(value, int | float):
        yield from _of_number(value)
    if text:
        yield [value]
        yield from ([each] for each in _of_text(value))


def shown(value: Any) -> str:
    """A value as it stands in a path or a query."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _of_text(value: str) -> Iterator[Any]:
    word = value.strip().lower()
    if word in _TRUE or word in _FALSE:
        yield word in _TRUE
    if word in _NOTHING:
        yield None
    try:
        yield from _of_number(float(word.replace("_", "")))
    except ValueError:
        return


def _of_number(value: float) -> Iterator[Any]:
    if not math.isfinite(value):
        yield 0.5  # a number, at least
        return
    yield float(value)
    if value == int(value):
        yield int(value)
    if value in (0, 1):
        yield bool(value)


def _dated(schema: Mapping[str, Any]) -> bool:
    return '"format": "date' in json.dumps(schema)
