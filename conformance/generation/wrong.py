"""What the contract does not allow in a request: by parameter or property of the body, and by keyword of its schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.forms import json_schema
from conformance.generation.drawing import Source
from conformance.generation.readings import Doubt
from conformance.strategies.minimal import properties
from conformance.target import UNSET
from specs.contract import Interface

#: Of so many values drawn for a keyword those are taken that are wrong beyond doubt.
DRAWN = 12
#: Keywords beside the type, each by itself.
_LIMITS = (
    *("enum", "const", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "minLength", "maxLength"),
    *("pattern", "format", "minItems", "maxItems"),
)
#: A member that no body has.
UNKNOWN = "conformance_unknown"
#: A number that names nothing: the guard knows it.
_ABSENT = 2_147_483_000

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong with a request. `where`: path, query, header or body; `place`: the parameter's name, or
    the way into the body. `values`: some that are wrong, the first choice first; UNSET where leaving it out is.
    `schema`: what they are held against, where that counts."""

    where: str
    place: Place
    keyword: str
    values: Sequence[Any]
    schema: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """The parameter, or the property with the way to it."""
        return "/".join(map(str, self.place)) or "the whole body"

    def __str__(self) -> str:
        return f"{self.keyword} of {self.name} ({self.where})"


class Wrongs:
    """Finds them for the operations of one interface."""

    def __init__(self, interface: Interface, source: Source) -> None:
        self._interface = interface
        self._source = source
        self._doubt = Doubt(json_schema(interface.document.get("components", {})))
        self._known: dict[tuple[str, bool], list[tuple[str, list[Any]]]] = {}

    def of(self, name: str, body: Any = UNSET) -> Iterator[Wrong]:
        """All that can be wrong with a request of the operation of that name; `body` is one that is right."""
        operation = self._interface.operations[name]
        for each in operation.parameters:
            if each.where in ("path", "query"):
                yield from self._of_value(each.schema, each.where, (each.name,), text=True)
                if each.required and each.where == "query":
                    yield Wrong("query", (each.name,), "required", (UNSET,))
        if operation.body is not None and body is not UNSET:
            yield from self._of_body(operation.body, (), body)

    def beyond_doubt(self, wrong: Wrong, value: Any) -> bool:
        """Whether another value is wrong, too."""
        schema = json_schema(wrong.schema) if wrong.schema else {}
        return self._doubt.hopeless(schema, value, text=wrong.where != "body")

    def _of_body(self, schema: Mapping[str, Any], place: Place, value: Any) -> Iterator[Wrong]:
        """What can be wrong with a part of a body, and with its members as far as `value` has them."""
        if place or not isinstance(value, dict):
            yield from self._of_value(schema, "body", place)
        schema = self._alternative(schema, value)
        if isinstance(value, dict):
            yield from self._of_object(schema, place, value)
        elif isinstance(value, list) and value and isinstance(schema.get("items"), dict):
            yield from self._of_body(schema["items"], (*place, 0), value[0])

    def _of_object(self, schema: Mapping[str, Any], place: Place, value: Mapping[str, Any]) -> Iterator[Wrong]:
        if not place:
            yield Wrong("body", (), "type", ([], "conformance", _ABSENT))
        members = properties(self._interface, dict(schema))
        for name in schema.get("required", ()):
            yield Wrong("body", (*place, name), "required", (UNSET,))
        if schema.get("additionalProperties") is False:
            yield Wrong("body", (*place, UNKNOWN), "additionalProperties", (1, None, "x"))
        for name, member in members.items():
            if member.get("readOnly"):
                right = self._source.right(_writable(member), 1)
                yield Wrong("body", (*place, name), "readOnly", right or [None])
            elif isinstance(value.get(name), dict | list):
                yield from self._of_body(member, (*place, name), value[name])
            else:
                yield from self._of_value(member, "body", (*place, name))

    def _of_value(self, schema: Mapping[str, Any], where: str, place: Place, *, text: bool = False) -> Iterator[Wrong]:
        key = json.dumps(schema, sort_keys=True), text
        if key not in self._known:
            self._known[key] = list(self._values(schema, text))
        for keyword, values in self._known[key]:
            yield Wrong(where, place, keyword, values, schema)

    def _values(self, schema: Mapping[str, Any], text: bool) -> Iterator[tuple[str, list[Any]]]:
        """The keywords of a schema, each with values that it does not allow."""
        whole = json_schema(schema)
        for keyword, part in self._facets(schema):
            drawn = [*_edges(keyword, part), *self._source.wrong(part, DRAWN)]
            wrong = [each for each in _different(drawn) if self._wrong(whole, part, keyword, each, text)]
            if wrong:
                yield keyword, wrong

    def _wrong(self, whole: Mapping[str, Any], part: Mapping[str, Any], keyword: str, value: Any, text: bool) -> bool:
        """Whether a value is wrong beyond doubt, and for this keyword alone."""
        if text and (not isinstance(value, str | int | float | bool) or value == ""):
            return False
        if text and "string" in (part.get("type") or ()) and keyword == "type":
            return False  # whatever it is, it is sent as a text
        if keyword == "pattern" and not (isinstance(value, str) and value.isascii()):
            return False  # what a word is beyond ASCII is not the same in every language of patterns
        if keyword not in ("type", "items") and not text and self._doubt.keyword(part, value) != keyword:
            return False
        return self._doubt.hopeless(whole, value, text=text)

    def _facets(self, schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
        """The keywords of a schema, each with a schema that has it alone beside the type."""
        plain, null = self._plain(schema)
        if plain is None:
            return
        kind = plain.get("type")
        if isinstance(kind, str):
            yield "type", {"type": [kind, "null"] if null else kind}
            items = self._resolved(plain.get("items", {}))
            if kind == "array" and items.get("type") in ("integer", "number", "boolean", "string"):
                yield "items", {"type": "array", "items": json_schema(items), "minItems": 1}
        beside = {"type": kind} if kind else {}
        for keyword in _LIMITS:
            if keyword in plain:
                yield keyword, {**beside, keyword: plain[keyword]}

    def _plain(self, schema: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, bool]:
        """The one alternative of a schema that is not null, and whether null is one; None where there are several."""
        schema = self._resolved(schema)
        if "allOf" in schema and len(schema["allOf"]) == 1:
            return self._plain(schema["allOf"][0])
        parts = schema.get("anyOf") or schema.get("oneOf")
        if not parts:
            return schema, schema.get("nullable") is True
        others = [each for each in parts if each.get("type") != "null"]
        if len(others) != 1:
            return None, False
        return self._plain(others[0])[0], len(others) < len(parts)

    def _alternative(self, schema: Mapping[str, Any], value: Any) -> Mapping[str, Any]:
        """The part of a schema with alternatives that a value belongs to."""
        schema = self._resolved(schema)
        parts = schema.get("anyOf") or schema.get("oneOf") or ()
        fitting = next((each for each in parts if self._doubt.right(json_schema(each), value)), None)
        return self._alternative(fitting, value) if fitting else schema

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._interface.resolve(dict(schema))
        return schema


def put(body: Any, place: Place, value: Any) -> Any:
    """A copy of a body with another value at a place; UNSET takes it away."""
    if not place:
        return value
    whole = copy.deepcopy(body)
    inner = whole
    for step in place[:-1]:
        inner = inner[step]
    if value is UNSET:
        inner.pop(place[-1], None)
    else:
        inner[place[-1]] = value
    return whole


def _edges(keyword: str, part: Mapping[str, Any]) -> Iterator[Any]:
    """The values right beyond a limit, which a draw hardly meets."""
    limit = part.get(keyword)
    match keyword:
        case "minimum":
            yield int(limit or 0) - 1
        case "maximum":
            yield int(limit or 0) + 1
        case "exclusiveMinimum" | "exclusiveMaximum":
            yield limit
        case "maxLength":
            yield "x" * (int(limit or 0) + 1)
        case "enum":
            words = [each for each in part[keyword] if isinstance(each, str)]
            yield from (f"{each}x" for each in words[:1])
        case "format":
            yield "conformance"
        case "type":
            yield from ("conformance", _ABSENT, {})


def _different(values: Sequence[Any]) -> list[Any]:
    """The values, each once."""
    return list({json.dumps(each, sort_keys=True): each for each in values}.values())


def _writable(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "readOnly"}
