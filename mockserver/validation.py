"""Checks of a request against the contract: path, query and body (shapes measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from mockserver.errors import ApiError, Crash, database_error, invalid, problem
from mockserver.rules import Rule
from mockserver.schemas import Check, Compiler, Findings, Loc

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.traits import Traits
    from specs.contract import Interface, Operation, Parameter

_MOST_KNOWN = 2048
_LONG = 512  # characters of a query string, which is not remembered then
_MISSING = object()
_WITHOUT_DATABASE = frozenset({"get_external_log_url", "get_providers", "get_plugins"})  # any number is fine there
_POOL_NAMES = {"name": "pool"}  # a change of a pool may call it by either (measured on 3.3.2 and 3.0.6)


class NotANumber:
    """Stands for NaN and infinities in a body: Airflow reads them, and cannot write them."""


@dataclass(slots=True)
class Checked:
    """What the checks made of a request: coerced values.

    `fails` is how Airflow's database fails on the query in the end, unless there is another refusal before.
    """

    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any = None
    fails: Exception | None = None


@dataclass(slots=True)
class _Field:
    name: str
    where: str
    required: bool
    many: bool
    default: Any
    check: Check


class Validator:
    """Checks the requests of one interface.

    Where the documents are followed, what makes real Airflow crash is a validation error like any other.
    """

    def __init__(
        self, interface: Interface, traits: Traits, uncapped: Callable[[], bool], rules: Sequence[Rule] = ()
    ) -> None:
        self._traits = traits
        self._uncapped = uncapped
        self._values = Compiler(interface, strict_dates=not traits.crashes)
        self._bodies = Compiler(interface, strict_dates=True, rules=rules)
        self._fields: dict[str, list[_Field]] = {}
        self._checks: dict[str, Check] = {}
        self._known: dict[tuple[str, str], Mapping[str, Any]] = {}

    def parse_body(self, operation: Operation, request: Request) -> Any:
        """Read the body as JSON where its media type says so, else as text; before anything else is looked at.

        ApiError 422 for JSON with a fault, 400 for text that is not UTF-8.
        """
        if operation.body is None or not request.body:
            return None
        media = request.media
        if media is None:
            is_json = self._traits.guesses_json
        else:
            is_json = media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
        if not is_json:
            return request.body.decode("utf-8", "replace")
        try:
            return json.loads(request.body, parse_constant=lambda _: NotANumber())
        except json.JSONDecodeError as error:
            raise invalid(
                problem("json_invalid", ("body", error.pos), "JSON decode error", {}, error=error.msg)
            ) from None
        except (UnicodeDecodeError, RecursionError):
            raise ApiError(400, "There was an error parsing the body") from None

    def check(
        self,
        operation: Operation,
        path: Mapping[str, str],
        request: Request,
        body: Any,
        *,
        twice: bool = False,
        first: Callable[[Checked], None] | None = None,
    ) -> Checked:
        """Check everything; ApiError 422 with every error found, Crash for what Airflow fails on unhandled.

        `twice`: two parts of Airflow read the body, and each tells its errors. `first` is done before the body is
        looked at, unless path or query have errors.
        """
        findings, later = Findings(), Findings()
        values = self._path(operation, path, findings)
        checked = Checked(values, self._query(operation, request.query, later))
        findings.extend(later)
        self._headers(operation, request, findings)
        if first is not None and not findings:
            self._fail(operation, checked, findings, later)
            first(checked)
        if operation.body is not None:
            count = len(findings)
            checked.body = self._body(operation, body, findings)
            findings.extend(findings[count:] * twice)
        if findings:
            raise self._refusal(operation, findings)
        self._fail(operation, checked, findings, later)
        return checked

    def _fail(self, operation: Operation, checked: Checked, findings: Findings, later: Findings) -> None:
        """Break down over valid values, at once or, where nothing is changed, in the end."""
        if operation.id in _WITHOUT_DATABASE:
            return
        if findings.fatal is not None:
            raise self._failure(findings.fatal, findings.place)
        if later.fatal is not None:
            checked.fails = self._failure(later.fatal, later.place)
            if operation.method != "GET" or not self._traits.crashes:
                raise checked.fails

    def check_value(self, schema: Mapping[str, Any], value: Any, findings: Findings) -> Any:
        """Check a value by itself, as a body."""
        return self._bodies.check(schema)(value, ("body",), findings)

    def _refusal(self, operation: Operation, findings: Findings) -> ApiError:
        if operation.id == "get_event_log" and self._traits.event_log_ids_by_hand:
            return ApiError(400, "'event_log_id' must be an integer")  # another part of Airflow reads it first
        return invalid(*findings)

    def _failure(self, reason: str, place: Loc) -> Exception:
        if not self._traits.crashes:
            return invalid(problem("value_error", place, f"Value error, {reason}", None))
        return database_error() if reason == "database" and self._traits.tells_database_errors else Crash(reason)

    def _path(self, operation: Operation, path: Mapping[str, str], findings: Findings) -> Mapping[str, Any]:
        if not path:
            return path
        fields = {one.name: one for one in self._of(operation) if one.where == "path"}
        return {
            name: fields[name].check(text, ("path", name), findings) if name in fields else text
            for name, text in path.items()
        }

    def _query(self, operation: Operation, raw: str, findings: Findings) -> Mapping[str, Any]:
        key = (operation.id, raw)
        known = self._known.get(key)
        if known is not None:
            return known
        sent: dict[str, list[str]] = {}
        for name, value in parse_qsl(raw, keep_blank_values=True):
            sent.setdefault(name, []).append(value)
        count, query = len(findings), {}
        for one in self._of(operation):
            if one.where == "query" and (value := self._one(one, sent, findings)) is not _MISSING:
                query[one.name] = value
        if len(findings) == count and findings.fatal is None and len(raw) < _LONG:
            self._remember(key, query)
        return query

    def _one(self, field: _Field, sent: Mapping[str, list[str]], findings: Findings) -> Any:
        values = sent.get(field.name)
        if values is None:
            if field.required:
                findings.append(problem("missing", ("query", field.name), "Field required", None))
            return field.default
        if field.name == "limit" and not self._uncapped():
            return self._capped(field, values[-1], findings)
        return field.check(values if field.many else values[-1], ("query", field.name), findings)

    def _capped(self, field: _Field, text: str, findings: Findings) -> Any:
        """A limit however large, which is cut down before the database sees it."""
        apart = Findings()
        value = field.check(text, ("query", field.name), apart)
        findings.extend(apart)
        return value

    def _remember(self, key: tuple[str, str], query: Mapping[str, Any]) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[key] = query

    def _headers(self, operation: Operation, request: Request, findings: Findings) -> None:
        for one in self._of(operation):
            if one.where == "header" and one.required and one.name.lower() not in request.headers:
                findings.append(problem("missing", ("header", one.name), "Field required", None))

    def _body(self, operation: Operation, body: Any, findings: Findings) -> Any:
        if body is None:
            if operation.body_required:
                findings.append(problem("missing", ("body",), "Field required", None))
            return None
        if operation.id == "patch_pool" and isinstance(body, dict) and "pool" not in body:
            body = {_POOL_NAMES.get(name, name): value for name, value in body.items()}
        if _holds_no_number(body):
            raise self._failure("a number that JSON does not have", ("body",))
        if operation.id not in self._checks:
            self._checks[operation.id] = self._bodies.check(operation.body or {})
        return self._checks[operation.id](body, ("body",), findings)

    def _of(self, operation: Operation) -> list[_Field]:
        if operation.id not in self._fields:
            fields = [self._field(one) for one in operation.parameters]
            self._fields[operation.id] = sorted(fields, key=lambda one: one.name not in ("limit", "offset"))
        return self._fields[operation.id]

    def _field(self, one: Parameter) -> _Field:
        members = one.schema.get("anyOf", [one.schema])
        many = any(member.get("type") == "array" for member in members)
        # The contract's default of `limit` is that of the option fallback_page_limit, which the profile may set.
        default = _MISSING if one.name == "limit" else one.schema.get("default", _MISSING)
        return _Field(one.name, one.where, one.required, many, default, self._values.check(one.schema))


def _holds_no_number(value: Any) -> bool:
    """Whether a number that JSON does not have stands anywhere in it, however deep."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, NotANumber):
            return True
        todo.extend(one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
    return False
