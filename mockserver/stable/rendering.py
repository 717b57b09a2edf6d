"""From what a handler of the stable API returns to the bytes of the answer (measured on 2.2.5, 2.6.3 and 2.11.2).

JSON is sorted by key and indented by two blanks, with a newline at its end and ASCII alone; datetimes end in +00:00.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mockserver.operations import Answer, Page
from mockserver.rendering import JSON, Filter, Renderer
from mockserver.stable.wire import Change, Wire

if TYPE_CHECKING:
    from specs.contract import Interface, Operation

_SCHEMA = "#/components/schemas/"
_ROW = "\n    "  # the rows of a collection stand this deep


def dumps(value: Any, line: str = "\n") -> bytes:
    """JSON as Airflow 2 writes it; `line` begins every line but the first."""
    text = _ENCODER.encode(value)
    return (text if line == "\n" else text.replace("\n", line)).encode()


def to_json(value: Any) -> bytes:
    """JSON as the body of an answer."""
    return dumps(value) + b"\n"


def _default(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


_ENCODER = json.JSONEncoder(indent=2, sort_keys=True, default=_default)


class StableRenderer(Renderer):
    """Renders the answers of one interface."""

    def __init__(self, interface: Interface, wire: Wire) -> None:
        super().__init__(interface)
        self._wire = wire
        self._found: dict[tuple[str, int, str], tuple[str, Filter]] = {}

    def render(self, operation: Operation, result: Any) -> Answer:
        """Make the answer of `operation` out of what its handler returned."""
        answer = result if isinstance(result, Answer) else Answer(operation.success[0], result)
        if answer.body is None:
            answer.body, answer.media = b"", answer.media or self._wire.media(operation.id)
        if not isinstance(answer.body, bytes):
            answer.body = self._body(operation, answer.status, answer.body)
        answer.media = answer.media or JSON
        return answer

    def _body(self, operation: Operation, status: int, value: Any) -> bytes:
        if isinstance(value, Page):
            return self._page(operation, status, value)
        return to_json(self._filter(operation, status)(value))

    def _page(self, operation: Operation, status: int, page: Page) -> bytes:
        key, item = self._rows(operation, status, page.key)
        rows = [self._row(row, page.view, item, operation.id) for row in page.rows]
        rest = {**page.extra} if page.total is None else {"total_entries": page.total, **page.extra}
        # 2.3 documents one collection as one of its items.
        known = self._filter(operation, status)(rest) or {"total_entries": page.total}
        members = {name: dumps(value, "\n  ") for name, value in known.items()}
        members[key] = b"[%b\n  ]" % b",".join(rows) if rows else b"[]"
        return b"{%b\n}\n" % b",".join(b'\n  "%b": %b' % (name.encode(), members[name]) for name in sorted(members))

    def _dump_row(self, value: Any) -> bytes:
        return _ROW.encode() + dumps(value, _ROW)

    def _rows(self, operation: Operation, status: int, member: str) -> tuple[str, Filter]:
        """The name under which rows are sent, and the filter of one."""
        key = (operation.id, status, member)
        if key not in self._found:
            schema = operation.responses.get(status) or {}
            # 2.3 documents one collection as one of its items.
            documented, items = self._array(schema, operation.id, member) or (member, schema)
            self._found[key] = (member if self._wire.follows else documented, self._made(items))
        return self._found[key]

    def _array(self, schema: dict[str, Any], name: str, member: str) -> tuple[str, dict[str, Any]] | None:
        """The documented name of an array that a handler calls `member`, and the schema of its items."""
        named = schema["$ref"].removeprefix(_SCHEMA) if "$ref" in schema else name
        schema = self._interface.resolve(schema)
        back = {real: documented for documented, real in self._wire.change(named).rename.items()}
        documented = back.get(member, member)
        if documented in schema.get("properties", {}):
            return documented, schema["properties"][documented].get("items", {})
        parts = (self._array(part, named, member) for part in schema.get("allOf", ()))
        return next(filter(None, parts), None)

    def _filter(self, operation: Operation, status: int) -> Filter:
        key = (operation.id, status)
        if key not in self._filters:
            schema = operation.responses.get(status)
            self._filters[key] = _as_it_is if schema is None else self._named_as(operation.id, schema)
        return self._filters[key]

    def _reference(self, reference: str) -> Filter:
        if reference not in self._named:
            self._named[reference] = lambda value: self._named[reference](value)
            schema = self._interface.resolve({"$ref": reference})
            self._named[reference] = self._named_as(reference.removeprefix(_SCHEMA), schema)
        return self._named[reference]

    def _named_as(self, name: str, schema: Mapping[str, Any]) -> Filter:
        """Make the filter of the schema that wire.yaml knows under a name."""
        if "$ref" in schema or not schema.keys() & {"allOf", "properties"}:
            return self._made(schema)
        members = self._members(name, schema)
        return lambda value: _chosen(members, value)

    def _made(self, schema: Mapping[str, Any]) -> Filter:
        """Make the filter of a schema; one that is put together out of several knows the members of each."""
        return self._named_as("", schema) if "allOf" in schema or "properties" in schema else super()._made(schema)

    def _alternatives(self, members: Sequence[Mapping[str, Any]]) -> Filter:
        """Of several object schemas the one that knows most of the value's keys; scalars pass."""
        objects = [known for one in members if (known := self._members("", one))]
        if not objects:
            return _as_it_is

        def choose(value: Any) -> Any:
            if not isinstance(value, dict):
                return value
            return _chosen(max(objects, key=lambda known: len(known.keys() & value.keys())), value)

        return choose

    def _members(self, name: str, schema: Mapping[str, Any]) -> dict[str, tuple[str, Filter]]:
        """What is sent: its name -> the handler's name for it, and the filter of its value."""
        if "$ref" in schema:
            return self._members(schema["$ref"].removeprefix(_SCHEMA), self._interface.resolve(dict(schema)))
        members: dict[str, tuple[str, Filter]] = {}
        for part in schema.get("allOf", ()):
            members |= self._members("", part)
        for key, one in schema.get("properties", {}).items():
            if not one.get("writeOnly"):
                members[key] = (key, self._made(one))
        return self._changed(members, self._wire.change(name))

    def _changed(self, members: dict[str, tuple[str, Filter]], change: Change) -> dict[str, tuple[str, Filter]]:
        for documented, real in change.rename.items():
            if documented in members:
                _, made = members.pop(documented)
                members[real if self._wire.follows else documented] = (real, made)
        members |= {name: (name, _as_it_is) for name in change.add}
        return {name: one for name, one in members.items() if name not in change.drop}


def _as_it_is(value: Any) -> Any:
    return value


def _chosen(members: Mapping[str, tuple[str, Filter]], value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: made(value[source]) for name, (source, made) in members.items() if source in value}
