"""Checks of values against JSON schemas of draft 4, with the words of jsonschema and connexion for what is wrong.

`Compiler.check(schema)` makes a function value -> Fault | None, which tells the first thing that is wrong, in the order
of the schema's keywords (measured on 2.2.5, 2.6.3 and 2.11.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.traits import StableTraits
    from specs.contract import Interface

Schema = dict[str, Any]

_DATE_TIME = re.compile(
    r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII | re.IGNORECASE,
)
_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
_PLACES = {"type": 0, "enum": 2}  # Airflow's document has the one first and the other last; the contract need not

# The order in which Airflow's document has the states, which the contract does not keep; refusals name them so.
_STATES: Mapping[Any, int] = {
    state: number
    for number, state in enumerate(
        (None, "success", "running", "failed", "upstream_failed", "skipped", "up_for_retry", "up_for_reschedule",
         "queued", "none", "scheduled", "deferred", "sensing", "removed", "restarting")
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a value: the words for it, the keyword and the schema that it breaks, and where it stands."""

    message: str
    word: str
    schema: Schema
    value: Any
    path: tuple[str | int, ...] = ()

    def below(self, step: str | int) -> Fault:
        """The same fault, seen from one level up."""
        return Fault(self.message, self.word, self.schema, self.value, (step, *self.path))


Check = Callable[[Any], Fault | None]


class Compiler:
    """Makes checks of the schemas of one interface; what they look at and say depends on the version."""

    def __init__(self, interface: Interface, traits: StableTraits) -> None:
        self._interface = interface
        self._dates = traits.checks_dates
        self._names_emptiness = traits.names_emptiness
        self._named: dict[str, Check] = {}
        self._words: Mapping[str, Callable[[Any, Schema], Check]] = {
            "$ref": lambda name, _schema: self._reference(name),
            "type": _type,
            "enum": _enum,
            "format": self._format,
            "minimum": _minimum,
            "minLength": self._least_length,
            "minItems": self._least_length,
            "pattern": _pattern,
            "required": _required,
            "readOnly": _read_only,
            "properties": self._properties,
            "items": self._items,
            "allOf": self._all,
            "anyOf": self._any,
        }

    def check(self, schema: dict[str, Any]) -> Check:
        """Make the check of a schema; what stands beside a reference counts as if it stood in the schema."""
        if "$ref" in schema and len(schema) > 1:
            schema = {**schema, **self._interface.resolve(dict(schema))}
            del schema["$ref"]
        words = sorted((word for word in schema if word in self._words), key=lambda word: _PLACES.get(word, 1))
        parts = [self._words[word](schema[word], schema) for word in words]

        def check(value: Any) -> Fault | None:
            return next((fault for part in parts if (fault := part(value)) is not None), None)

        return parts[0] if len(parts) == 1 else check

    def _reference(self, name: str) -> Check:
        if name not in self._named:
            self._named[name] = lambda value: self._named[name](value)
            self._named[name] = self.check(self._interface.resolve({"$ref": name}))
        return self._named[name]

    def _format(self, name: str, schema: Schema) -> Check:
        if name != "date-time" or not self._dates:
            return _anything
        return _unless(
            lambda value: not isinstance(value, str) or is_date_time(value),
            lambda value: f"{value!r} is not a 'date-time'",
            "format",
            schema,
        )

    def _least_length(self, least: int, schema: Schema) -> Check:
        word, kind = ("minItems", list) if "minItems" in schema else ("minLength", str)
        text = "should be non-empty" if least == 1 and self._names_emptiness else "is too short"
        return _unless(
            lambda value: not isinstance(value, kind) or len(value) >= least,
            lambda value: f"{value!r} {text}",
            word,
            schema,
        )

    def _properties(self, properties: Mapping[str, Schema], _schema: Schema) -> Check:
        checks = {name: self.check(one) for name, one in properties.items()}

        def check(value: Any) -> Fault | None:
            for name, one in checks.items() if isinstance(value, dict) else ():
                if name in value and (fault := one(value[name])) is not None:
                    return fault.below(name)
            return None

        return check

    def _items(self, schema: Schema, _outer: Schema) -> Check:
        item = self.check(schema)

        def check(value: Any) -> Fault | None:
            for number, one in enumerate(value if isinstance(value, list) else ()):
                if (fault := item(one)) is not None:
                    return fault.below(number)
            return None

        return check

    def _all(self, schemas: Sequence[Schema], _schema: Schema) -> Check:
        checks = [self.check(one) for one in schemas]
        return lambda value: next((fault for one in checks if (fault := one(value)) is not None), None)

    def _any(self, schemas: Sequence[Schema], schema: Schema) -> Check:
        checks = [self.check(one) for one in schemas]
        return _unless(
            lambda value: any(one(value) is None for one in checks),
            lambda value: f"{value!r} is not valid under any of the given schemas",
            "anyOf",
            schema,
        )


def is_date_time(text: str) -> bool:
    """Tell whether a text is a date and a time of RFC 3339, and a day that there is."""
    if not _DATE_TIME.fullmatch(text):
        return False
    try:
        datetime.strptime(text[:10], "%Y-%m-%d")
    except ValueError:
        return False
    return True


def _anything(_value: Any) -> None:
    return None


def _unless(fits: Callable[[Any], bool], words: Callable[[Any], str], word: str, schema: Schema) -> Check:
    """Make a check of one keyword; a value that may be null is fine when it is."""
    nullable = bool(schema.get("nullable"))

    def check(value: Any) -> Fault | None:
        if fits(value) or (nullable and value is None):
            return None
        return Fault(words(value), word, schema, value)

    return check


def _type(name: str, schema: Schema) -> Check:
    return _unless(_TYPES[name], lambda value: f"{value!r} is not of type {name!r}", "type", schema)


def _enum(values: Sequence[Any], schema: Schema) -> Check:
    if set(values) <= _STATES.keys():
        values = sorted(values, key=_STATES.__getitem__)
    return _unless(lambda value: value in values, lambda value: f"{value!r} is not one of {values!r}", "enum", schema)


def _minimum(least: float, schema: Schema) -> Check:
    return _unless(
        lambda value: not _TYPES["number"](value) or not value < least,
        lambda value: f"{value!r} is less than the minimum of {least!r}",
        "minimum",
        schema,
    )


def _pattern(pattern: str, schema: Schema) -> Check:
    return _unless(
        lambda value: not isinstance(value, str) or re.search(pattern, value) is not None,
        lambda value: f"{value!r} does not match {pattern!r}",
        "pattern",
        schema,
    )


def _required(names: Sequence[str], schema: Schema) -> Check:
    properties = schema.get("properties", {})
    needed = [name for name in names if not properties.get(name, {}).get("readOnly")]

    def check(value: Any) -> Fault | None:
        absent = [name for name in needed if name not in value] if isinstance(value, dict) else []
        return Fault(f"{absent[0]!r} is a required property", "required", schema, value) if absent else None

    return check


def _read_only(_is: bool, schema: Schema) -> Check:
    return lambda value: Fault("Property is read-only", "readOnly", schema, value)
