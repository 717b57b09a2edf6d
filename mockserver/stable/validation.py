"""Checks of a request against the contract, as connexion makes them: body, query, path, in that order.

Measured on 2.2.5, 2.6.3 and 2.11.2. What only the handlers of Airflow look at (dates of the older versions, numbers
that the database cannot hold) is told later, when it is known who asks: `Checked.fails`.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pprint import pformat
from textwrap import indent
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockserver.api.v1.problems import Problem, bad_request, unsupported_media
from mockserver.errors import Crash, TooLarge
from mockserver.stable import dates
from mockserver.stable.schemas import Check, Compiler, Fault
from mockserver.validation import Checked

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.traits import StableTraits
    from specs.contract import Interface, Operation

_MOST_KNOWN = 2048
_LONG = 512  # characters of a query string, which is not remembered then
MOST = 2**63  # what the database can no longer hold
_DATES_FIRST = frozenset({"get_task_instances", "get_mapped_task_instances"})  # before it is asked who wants them
_WITHOUT_DATABASE = frozenset({"get_plugins"})


def _percent(error: UnicodeError) -> tuple[str, int]:
    """Leave bytes that are no UTF-8 percent-encoded."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


codecs.register_error("percent", _percent)


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


_READERS: Mapping[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": _boolean}


@dataclass(slots=True)
class _Field:
    """A parameter: how its values are joined and split, read and checked."""

    name: str
    where: str
    required: bool
    schema: dict[str, Any]
    joined: bool
    check: Check

    def read(self, values: Sequence[str]) -> Any:
        """Read what was sent under the name; ValueError when it is of another type."""
        kind = self.schema.get("type", "")
        if kind != "array":
            return _READERS.get(kind, str)(values[-1])
        texts = (",".join(values) if self.joined else values[-1]).split(",")
        reader = _READERS.get(self.schema["items"].get("type", ""), str)
        return [_lenient(reader, text) for text in texts]


def _lenient(reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text)
    except ValueError:
        return text


class Validator:
    """Checks the requests of one interface."""

    def __init__(self, interface: Interface, traits: StableTraits) -> None:
        self._interface = interface
        self._traits = traits
        self._compiler = Compiler(interface, traits)
        self._bodies: dict[str, Check] = {}
        self._fields: dict[str, dict[str, _Field]] = {}
        self._known: dict[tuple[str, str], Mapping[str, Any]] = {}

    def check(self, operation: Operation, path: Mapping[str, str], request: Request) -> Checked:
        """Check everything; Problem 415 or 400 for the first thing that is wrong."""
        body = self._body(operation, request)
        query = self._query(operation, request.query)
        values = {name: self._path(operation, name, text) for name, text in path.items()}
        return self._settled(operation, Checked(values, query, body))

    def _body(self, operation: Operation, request: Request) -> Any:
        if operation.body is None:
            return None
        body = self._parsed(request)
        if body is None and self._traits.names_empty_body:
            raise bad_request("Request body must not be empty")
        if operation.id not in self._bodies:
            self._bodies[operation.id] = self._compiler.check(operation.body)
        fault = self._bodies[operation.id](body)
        if fault is not None:
            place = ".".join(map(str, fault.path))
            raise bad_request(fault.message + (f" - '{place}'" if place else ""))
        return body

    def _parsed(self, request: Request) -> Any:
        """Read the body as JSON; None when there is none. A literal null counts as no JSON."""
        if not request.body or (request.media == "multipart/form-data" and not self._traits.reads_parts):
            return None
        if not is_json(request.media or ""):
            raise unsupported_media(request.headers.get("content-type", ""))
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        except RecursionError:
            raise self._crash("a body too deep") from None
        if body is None:
            raise bad_request("Request body is not valid JSON")
        return body

    def _query(self, operation: Operation, raw: str) -> Mapping[str, Any]:
        """Read the query; an operation without any parameters does not look at it."""
        if not operation.parameters:
            return {}
        known = self._known.get((operation.id, raw))
        if known is not None:
            return known
        sent: dict[str, list[str]] = {}
        for name, value in parse_qsl(raw, keep_blank_values=True, errors=self._traits.bad_bytes):
            sent.setdefault(name, []).append(value)
        fields = {name: one for name, one in self._of(operation).items() if one.where == "query"}
        extra = [name for name in sent if name not in fields]
        if extra:
            raise bad_request(f"Extra query parameter(s) {', '.join(extra)} not in spec", None)
        query = {name: value for name, one in fields.items() for value in self._values(one, sent.get(name))}
        if len(raw) < _LONG:
            self._remember((operation.id, raw), query)
        return query

    def _remember(self, key: tuple[str, str], query: Mapping[str, Any]) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = query

    def _values(self, field: _Field, sent: Sequence[str] | None) -> Sequence[Any]:
        """Give the value of a parameter, or its default, or nothing."""
        if sent is not None:
            return [self._checked(field, sent)]
        if field.required:
            raise bad_request(f"Missing {field.where} parameter '{field.name}'")
        return [field.schema["default"]] if "default" in field.schema else []

    def _checked(self, field: _Field, sent: Sequence[str]) -> Any:
        try:
            value = field.read(sent)
        except ValueError:
            text = f"Wrong type, expected '{field.schema['type']}' for {field.where} parameter '{field.name}'"
            raise bad_request(text) from None
        fault = field.check(value)
        if fault is not None:
            raise self._told(fault)
        return value

    def _path(self, operation: Operation, name: str, text: str) -> Any:
        return self._checked(self._of(operation)[name], [text])

    def _told(self, fault: Fault) -> Problem:
        """A fault of a parameter, told at length."""
        schema = pformat(fault.schema, width=72, sort_dicts=self._traits.sorts_schemas)
        where = "".join(f"[{step!r}]" for step in fault.path)
        within = "['items']" * len(fault.path)
        return bad_request(
            f"{fault.message}\n\nFailed validating {fault.word!r} in schema{within}:\n{indent(schema, '    ')}\n\n"
            f"On instance{where}:\n{indent(pformat(fault.value, width=72), '    ')}"
        )

    def _settled(self, operation: Operation, checked: Checked) -> Checked:
        """Note what will fail later, and read the dates."""
        values = {} if operation.id in _WITHOUT_DATABASE else {**checked.query, **checked.path}
        too_large = [
            name for name, one in values.items() if name != "limit" and type(one) is int and not -MOST <= one < MOST
        ]
        if too_large:
            reason = f"{too_large[0]} is larger than the database can hold"
            checked.fails = TooLarge(reason) if self._traits.crashes else bad_request(reason)
        moments = [name for name in checked.query if self._of(operation)[name].schema.get("format") == "date-time"]
        query: dict[str, Any] = dict(checked.query)
        for name in moments:
            try:
                query[name] = dates.read(query[name], strict=self._traits.checks_dates)
            except dates.Unreadable as error:
                checked.fails = bad_request(str(error), "Incorrect datetime argument")
            except dates.Breaking:
                checked.fails = self._crash(f"{name} is no date")
            except OverflowError:
                checked.fails = self._crash(f"{name} is beyond all years")
                continue
            if checked.fails is not None and operation.id in _DATES_FIRST:
                raise checked.fails
        checked.query = query
        return checked

    def _crash(self, reason: str) -> Exception:
        return Crash(reason) if self._traits.crashes else bad_request(reason)

    def _of(self, operation: Operation) -> Mapping[str, _Field]:
        if operation.id not in self._fields:
            item = self._interface.document["paths"][operation.path][operation.method.lower()]
            self._fields[operation.id] = {
                one["name"]: _Field(
                    one["name"],
                    one["in"],
                    one.get("required", False),
                    one["schema"],
                    one.get("explode", True),
                    self._compiler.check(one["schema"]),
                )
                for one in item.get("parameters", ())
            }
        return self._fields[operation.id]


def is_json(media: str) -> bool:
    """Tell whether a media type in lower case is one of JSON."""
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
