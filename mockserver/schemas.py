"""Checks of values against JSON schemas, as lax as pydantic is and with its words for what is wrong.

`Compiler.check(schema)` makes a function (value, loc, findings) -> coerced value. It is made once per schema; errors
are appended to `findings`, whose `fatal` holds the reason why real Airflow would fail with an unhandled error although
the value is valid by the schema (an integer that SQLite cannot hold, a date without a zone in a query, ...).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.errors import problem
from mockserver.rules import Rule
from mockserver.scalars import check_boolean, check_date_time, check_integer, check_number, check_string

if TYPE_CHECKING:
    from specs.contract import Interface

Loc = tuple[str | int, ...]
Schema = Mapping[str, Any]


class Findings(list[dict[str, Any]]):
    """Validation errors, and the reason of a crash if the value leads to one, with the place of what does."""

    fatal: str | None = None
    place: Loc = ()

    def fail(self, reason: str, place: Loc) -> None:
        """Note that the value leads to a crash."""
        self.fatal, self.place = reason, place


Check = Callable[[Any, Loc, Findings], Any]

# In which order Airflow tells the words of a choice; the contract has them in that of the alphabet.
_ORDER = (
    *("any", "all"),
    *("removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry"),
    *("up_for_reschedule", "upstream_failed", "skipped", "deferred", "awaiting_input", "completed", "none"),
)


class Compiler:
    """Makes checks of the schemas of one interface.

    `strict_dates`: a date-time must name its zone (bodies); queries take it and fail later. `rules` are what named
    schemas want beyond their words.
    """

    def __init__(self, interface: Interface, *, strict_dates: bool, rules: Sequence[Rule] = ()) -> None:
        self._interface = interface
        self._strict_dates = strict_dates
        self._rules = rules
        self._named: dict[str, Check] = {}

    def check(self, schema: Schema) -> Check:
        """Make the check of a schema; recursive schemas are fine."""
        if "$ref" in schema:
            return self._reference(schema["$ref"])
        if "const" in schema:
            return _choice("literal_error", [schema["const"]])
        if "enum" in schema:
            return _choice("literal_error", schema["enum"])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return self._union(schema[word])
        return self._typed(schema)

    def _reference(self, reference: str) -> Check:
        if reference not in self._named:
            self._named[reference] = lambda value, loc, findings: self._named[reference](value, loc, findings)
            schema = self._interface.resolve({"$ref": reference})
            self._named[reference] = self._of_name(reference.rpartition("/")[2], schema)
        return self._named[reference]

    def _of_name(self, name: str, schema: Schema) -> Check:
        if "enum" in schema:
            return _choice("enum", schema["enum"])
        rules = [one for one in self._rules if name in one.schemas]
        members = [one for one in rules if one.member is not None]
        check = self._model(schema, members) if members else self.check(schema)
        for one in rules:
            if one.member is None:
                check = _ruled(check, one)
        return check

    def _typed(self, schema: Schema) -> Check:
        kind = schema.get("type")
        if kind == "integer":
            return lambda value, loc, findings: check_integer(value, loc, findings, schema)
        if kind == "number":
            return lambda value, loc, findings: check_number(value, loc, findings, schema)
        if kind == "boolean":
            return check_boolean
        if kind == "string" and schema.get("format") in ("date-time", "date"):
            strict = self._strict_dates
            return lambda value, loc, findings: check_date_time(value, loc, findings, strict=strict)
        if kind == "string":
            return lambda value, loc, findings: check_string(value, loc, findings, schema)
        if kind == "array":
            return self._array(schema)
        if kind == "object":
            return self._model(schema) if "properties" in schema else _check_dict
        return lambda value, _loc, _findings: value

    def _array(self, schema: Schema) -> Check:
        if "prefixItems" in schema:
            return self._tuple([self.check(one) for one in schema["prefixItems"]])
        item = self.check(schema.get("items", {}))
        least = schema.get("minItems", 0)

        def check(value: Any, loc: Loc, findings: Findings) -> Any:
            if not isinstance(value, list):
                findings.append(problem("list_type", loc, "Input should be a valid list", value))
                return value
            if len(value) < least:
                text = f"List should have at least {least} item{'s' * (least != 1)} after validation, not {len(value)}"
                ctx = {"field_type": "List", "min_length": least, "actual_length": len(value)}
                findings.append(problem("too_short", loc, text, value, **ctx))
            return [item(one, (*loc, number), findings) for number, one in enumerate(value)]

        return check

    def _tuple(self, items: Sequence[Check]) -> Check:
        def check(value: Any, loc: Loc, findings: Findings) -> Any:
            if not isinstance(value, list):
                findings.append(problem("tuple_type", loc, "Input should be a valid tuple", value))
                return value
            for number in range(len(value), len(items)):
                findings.append(problem("missing", (*loc, number), "Field required", value))
            if len(value) > len(items):
                text = f"Tuple should have at most {len(items)} items after validation, not {len(value)}"
                ctx = {"field_type": "Tuple", "max_length": len(items), "actual_length": len(value)}
                findings.append(problem("too_long", loc, text, value, **ctx))
                return value
            return [one(part, (*loc, n), findings) for n, (one, part) in enumerate(zip(items, value, strict=False))]

        return check

    def _model(self, schema: Schema, rules: Sequence[Rule] = ()) -> Check:
        properties = {name: self.check(one) for name, one in schema["properties"].items()}
        for rule in rules:
            properties[str(rule.member)] = _ruled(properties[str(rule.member)], rule)
        required = frozenset(schema.get("required", ()))
        extra = schema.get("additionalProperties", True)

        def check(value: Any, loc: Loc, findings: Findings) -> Any:
            if not isinstance(value, dict):
                text = "Input should be a valid dictionary or object to extract fields from"
                findings.append(problem("model_attributes_type", loc, text, value))
                return value
            checked = {}
            for name, one in properties.items():
                if name in value:
                    checked[name] = one(value[name], (*loc, name), findings)
                elif name in required:
                    findings.append(problem("missing", (*loc, name), "Field required", value))
            for name in value.keys() - properties.keys() if extra is not True else ():
                text = "Extra inputs are not permitted"
                findings.append(problem("extra_forbidden", (*loc, name), text, value[name]))
            return checked

        return check

    def _union(self, members: Sequence[Schema]) -> Check:
        nullable = any(one.get("type") == "null" for one in members)
        rest = [one for one in members if one.get("type") != "null"]
        tags = [self._tag(one) for one in rest]
        if len(rest) == 1:
            inner = self.check(rest[0])
        elif all(tags):
            inner = _tagged(dict(zip(tags, map(self.check, rest), strict=True)))
        else:
            inner = _any(sorted(((_label(one), self.check(one)) for one in rest), key=lambda pair: pair[0] != "str"))
        if not nullable:
            return inner
        return lambda value, loc, findings: None if value is None else inner(value, loc, findings)

    def _tag(self, schema: Schema) -> str:
        """The constant `action` of one of the bodies of a bulk request; empty for other schemas."""
        properties = self._interface.resolve(dict(schema)).get("properties", {})
        tag: str = properties.get("action", {}).get("const", "")
        return tag


def _ruled(check: Check, rule: Rule) -> Check:
    """A check with a rule before or after it; what the one refuses the other does not see."""

    def obey(value: Any, loc: Loc, findings: Findings) -> tuple[Any, bool]:
        try:
            return rule.check(value), True
        except ValueError as error:
            findings.append(problem("value_error", loc, f"Value error, {error}", value, error={}))
            return value, False

    def early(value: Any, loc: Loc, findings: Findings) -> Any:
        value, good = obey(value, loc, findings)
        return check(value, loc, findings) if good else value

    def late(value: Any, loc: Loc, findings: Findings) -> Any:
        count = len(findings)
        checked = check(value, loc, findings)
        return obey(checked, loc, findings)[0] if len(findings) == count else checked

    return early if rule.early else late


def _tagged(checks: Mapping[str, Check]) -> Check:
    """A union told apart by `action`; Airflow crashes on one it does not know."""

    def check(value: Any, loc: Loc, findings: Findings) -> Any:
        tag = value.get("action") if isinstance(value, dict) else None
        if isinstance(tag, str) and tag in checks:
            return checks[tag](value, (*loc, tag), findings)
        findings.fail("no action that is known", (*loc, "action"))
        return value

    return check


def _any(members: Sequence[tuple[str, Check]]) -> Check:
    """A union of which the first member that fits is taken."""

    def check(value: Any, loc: Loc, findings: Findings) -> Any:
        tried = Findings()
        for label, member in members:
            found = Findings()
            checked = member(value, (*loc, label), found)
            if not found:
                return checked
            tried.extend(found)
        findings.extend(tried)
        return value

    return check


def _label(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    return {"string": "str", "integer": "int", "array": "list"}.get(schema.get("type", ""), "any")


def _place(value: str) -> int:
    return _ORDER.index(value) if value in _ORDER else len(_ORDER)


def _choice(kind: str, values: Sequence[str]) -> Check:
    quoted = [f"'{value}'" for value in sorted(values, key=_place)]
    expected = " or ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))

    def check(value: Any, loc: Loc, findings: Findings) -> Any:
        if not isinstance(value, str) or value not in values:
            findings.append(problem(kind, loc, f"Input should be {expected}", value, expected=expected))
        return value

    return check


def _check_dict(value: Any, loc: Loc, findings: Findings) -> Any:
    if not isinstance(value, dict):
        findings.append(problem("dict_type", loc, "Input should be a valid dictionary", value))
    return value
