"""From what a handler returns to the bytes of the answer.

A handler returns every field that it knows; the response schema of the profile's version says which of them are sent.
The filter of a schema is made once; rows of a collection keep their bytes (`Record.cache`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mockserver.operations import Answer, Page

if TYPE_CHECKING:
    from specs.contract import Interface, Operation

JSON = "application/json"
Filter = Callable[[Any], Any]

try:
    import orjson
except ImportError:  # the plain install
    orjson = None  # type: ignore[assignment]


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if value.utcoffset() == UTC.utcoffset(None) else text
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _dumps_plain(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_default).encode()


def _dumps_orjson(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_default, option=orjson.OPT_UTC_Z)
    except TypeError:  # an integer beyond 64 bits, a key that is no text
        return _dumps_plain(value)


to_json: Callable[[Any], bytes] = _dumps_plain if orjson is None else _dumps_orjson
"""Compact JSON; datetimes as RFC 3339, UTC as Z."""


class Renderer:
    """Renders the answers of one interface.

    `exact`: of several schemas of which exactly one may fit, the narrowest is kept to.
    """

    def __init__(self, interface: Interface, *, exact: bool = False) -> None:
        self._interface = interface
        self._exact = exact
        self._filters: dict[tuple[str, int], Filter] = {}
        self._named: dict[str, Filter] = {}

    def render(self, operation: Operation, result: Any) -> Answer:
        """Make the answer of `operation` out of what its handler returned."""
        if not isinstance(result, Answer):
            status = operation.success[0]
            if result is None and operation.responses[status] is None and not operation.media[status]:
                return Answer(status, media=JSON)  # measured on 3.3.2 and 3.0.6, though there is no body
            return Answer(status, self._body(operation, status, result), media=JSON)
        if not isinstance(result.body, bytes):
            result.body = self._body(operation, result.status, result.body)
            result.media = result.media or JSON
        return result

    def _body(self, operation: Operation, status: int, value: Any) -> bytes:
        if isinstance(value, Page):
            return self._page(operation, status, value)
        return to_json(self._filter(operation, status)(value))

    def _page(self, operation: Operation, status: int, page: Page) -> bytes:
        item = self._item(operation, status, page.key)
        rows = b",".join([self._row(row, page.view, item, operation.id) for row in page.rows])
        rest = {"total_entries": page.total, **page.extra} if page.total is not None else dict(page.extra)
        known = self._filter(operation, status)(rest)
        tail = to_json(known)[1:]  # without its opening brace
        return b'{"%b":[%b]%b%b' % (page.key.encode(), rows, b"," if known else b"", tail)

    def _row(self, row: Any, view: Callable[[Any], Mapping[str, Any]], item: Filter, name: str) -> bytes:
        cache: dict[Any, bytes] | None = getattr(row, "cache", None)
        if cache is None:
            return self._dump_row(item(view(row)))
        key = (name, item)
        body = cache.get(key)
        if body is None:
            body = cache[key] = self._dump_row(item(view(row)))
        return body

    def _dump_row(self, value: Any) -> bytes:
        return to_json(value)

    def _filter(self, operation: Operation, status: int) -> Filter:
        key = (operation.id, status)
        if key not in self._filters:
            schema = operation.responses.get(status)
            self._filters[key] = _as_it_is if schema is None else self._made(schema)
        return self._filters[key]

    def _item(self, operation: Operation, status: int, member: str) -> Filter:
        key = (f"{operation.id} {member}", status)
        if key not in self._filters:
            schema = self._interface.resolve(operation.responses.get(status) or {})
            items = schema.get("properties", {}).get(member, {}).get("items", {})
            self._filters[key] = self._made(items)
        return self._filters[key]

    def _made(self, schema: Mapping[str, Any]) -> Filter:
        """Make the filter of a schema."""
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        if "properties" in schema:
            return self._object(schema)
        if schema.get("type") == "array":
            item = self._made(schema.get("items", {}))
            return _as_it_is if item is _as_it_is else lambda value: _each(item, value)
        if isinstance(schema.get("additionalProperties"), Mapping):
            item = self._made(schema["additionalProperties"])
            return _as_it_is if item is _as_it_is else lambda value: _values(item, value)
        members = [one for word in ("anyOf", "oneOf") for one in schema.get(word, ()) if one.get("type") != "null"]
        if self._exact and "oneOf" in schema:
            return self._made(min(members, key=self._width))
        return self._made(members[0]) if len(members) == 1 else self._alternatives(members)

    def _width(self, schema: Mapping[str, Any]) -> int:
        return len(self._interface.resolve(dict(schema)).get("properties", ()))

    def _reference(self, reference: str) -> Filter:
        if reference not in self._named:
            self._named[reference] = lambda value: self._named[reference](value)
            self._named[reference] = self._made(self._interface.resolve({"$ref": reference}))
        return self._named[reference]

    def _object(self, schema: Mapping[str, Any]) -> Filter:
        filters = {name: self._made(one) for name, one in schema["properties"].items()}
        if schema.get("additionalProperties", False) not in (False, None):
            return _as_it_is
        return lambda value: _properties(filters, value)

    def _alternatives(self, members: list[Mapping[str, Any]]) -> Filter:
        """Of several object schemas the one that knows most of the value's keys; scalars pass."""
        known = [self._interface.resolve(dict(one)).get("properties") for one in members]
        objects = [(names, self._made(one)) for names, one in zip(known, members, strict=True) if names]
        if not objects:
            return _as_it_is

        def choose(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return max(objects, key=lambda pair: len(pair[0].keys() & value.keys()))[1](value)

        return choose


def _as_it_is(value: Any) -> Any:
    return value


def _each(item: Filter, value: Any) -> Any:
    return [item(one) for one in value] if isinstance(value, list | tuple) else value


def _values(item: Filter, value: Any) -> Any:
    return {name: item(one) for name, one in value.items()} if isinstance(value, Mapping) else value


def _properties(filters: Mapping[str, Filter], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {
        name: value[name] if one is _as_it_is else one(value[name]) for name, one in filters.items() if name in value
    }
