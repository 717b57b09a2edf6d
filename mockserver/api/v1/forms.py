"""Forms: what the bodies of the stable API may hold beyond what its schemas say, and in which words they are refused.

A form declares its fields once, with the versions that know them::

    POOL = Form(
        name=Field(text, null=True, longest=256),
        slots=Field(integer, null=True),
        include_deferred=Field(boolean, default=False, since="2.7"),
    )
    values = POOL.load(call)            # a dict of what was sent, and the defaults of what was not

All that is wrong is told at once, as Airflow prints it: {'key': ['Missing data for required field.']} (measured on
Airflow 2.2.5, 2.6.3 and 2.11.2; where several fields are wrong, older versions tell them in any order).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.api.v1.problems import bad_request
from mockserver.operations import Call
from specs.versions import Version, within

Messages = dict[Any, Any]
Reader = Callable[[Any], Any]
Rule = Callable[[Mapping[str, Any]], str | None]

_ABSENT: Any = object()
_ANY_VERSION = Version(2, 0)  # the fields of nested objects are those of every version
_TRUE = frozenset(["t", "T", "true", "True", "TRUE", "on", "On", "ON", "y", "Y", "yes", "Yes", "YES", "1"])
_FALSE = frozenset(["f", "F", "false", "False", "FALSE", "off", "Off", "OFF", "n", "N", "no", "No", "NO", "0"])


class Unfit(ValueError):  # noqa: N818 - it says what the value is
    """A value that a field does not take; the argument is a text, or messages by index."""


def text(value: Any) -> Any:
    """Text and nothing else."""
    if not isinstance(value, str):
        raise Unfit("Not a valid string.")
    return value


def integer(value: Any) -> Any:
    """A whole number, however it is written; a fraction is cut off."""
    if isinstance(value, bool):
        raise Unfit("Not a valid integer.")
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise Unfit("Not a valid integer.") from None


def boolean(value: Any) -> Any:
    """A truth value, also as a number or a word for it."""
    if isinstance(value, bool | int | float | str):
        if str(value) in _TRUE or value in (1, True):
            return True
        if str(value) in _FALSE or value in (0, False):
            return False
    raise Unfit("Not a valid boolean.")


def moment(value: Any) -> Any:
    """A point in time, as text or read already."""
    if isinstance(value, datetime):
        return value
    try:
        return _moment(value)
    except (TypeError, ValueError):
        raise Unfit("Not a valid datetime.") from None


def _moment(text: str) -> datetime:
    if len(text) <= len("2026-01-01"):
        raise ValueError(f"{text} is a day")
    return datetime.fromisoformat(text)


def anything(value: Any) -> Any:
    """Any value, as it is."""
    return value


def each(reader: Reader, *, null: bool = False) -> Reader:
    """A list of what `reader` takes; `null`: and of nulls."""

    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise Unfit("Not a valid list.")
        wrong, result = {}, []
        for index, item in enumerate(value):
            try:
                result.append(None if item is None and null else _not_null(item, reader))
            except Unfit as unfit:
                wrong[index] = _listed(unfit)
        if wrong:
            raise Unfit(wrong)
        return result

    return read


def _not_null(value: Any, reader: Reader) -> Any:
    if value is None:
        raise Unfit("Field may not be null.")
    return reader(value)


def _listed(unfit: Unfit) -> Any:
    found = unfit.args[0]
    return [found] if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body.

    `longest` and `shortest` are lengths, `least` is a number, `only` the values that count; `since` and `until` are the
    first and the last version that knows the member.
    """

    read: Reader = anything
    required: bool = False
    null: bool = False
    default: Any = _ABSENT
    longest: int | None = None
    shortest: int | None = None
    least: int | None = None
    only: Sequence[Any] | None = None
    since: str | None = None
    until: str | None = None

    def value(self, sent: Any) -> Any:
        """The value that counts; Unfit with what is wrong about it."""
        if sent is None and self.null:
            return None
        value = _not_null(sent, self.read)
        for holds, says in self._limits(value):
            if not holds:
                raise Unfit(says)
        return value

    def _limits(self, value: Any) -> list[tuple[bool, str]]:
        limits = []
        if self.longest is not None:
            limits.append((len(value) <= self.longest, f"Longer than maximum length {self.longest}."))
        if self.shortest is not None:
            limits.append((len(value) >= self.shortest, f"Shorter than minimum length {self.shortest}."))
        if self.least is not None:
            limits.append((value >= self.least, f"Must be greater than or equal to {self.least}."))
        if self.only is not None:
            limits.append((value in self.only, f"Must be one of: {', '.join(map(str, self.only))}."))
        return limits


class Form:
    """The fields of one body, and rules about them together, which are looked at when every field is right."""

    def __init__(self, *rules: Rule, **fields: Field) -> None:
        self._rules = rules
        self._fields = fields
        self._cuts: dict[Version, dict[str, Field]] = {}

    def knows(self, name: str, version: Version) -> bool:
        """Tell whether the version has a field of that name."""
        return name in self._of(version)

    def load(self, call: Call, *, title: str = "Bad Request", partial: bool = False) -> dict[str, Any]:
        """The values of the call's body; 400 under `title` for what is wrong. `partial`: nothing is required."""
        values, wrong = self.read(call.body or {}, call.world.version, partial=partial)
        if wrong:
            raise bad_request(str(wrong), title=title)
        return values

    def read(self, body: Mapping[str, Any], version: Version, *, partial: bool = False) -> tuple[Messages, Messages]:
        """Values by name, and what is wrong by name."""
        known = self._of(version)
        values, wrong = Messages(), Messages()
        for name, field in known.items():
            try:
                if name in body:
                    values[name] = field.value(body[name])
                elif field.required and not partial:
                    raise Unfit("Missing data for required field.")
                elif field.default is not _ABSENT:
                    values[name] = field.default
            except Unfit as unfit:
                wrong[name] = _listed(unfit)
        wrong |= {name: ["Unknown field."] for name in body if name not in known}
        broken = [says for rule in self._rules if not wrong and (says := rule(values))]
        return values, wrong or ({"_schema": broken} if broken else {})

    def _of(self, version: Version) -> Mapping[str, Field]:
        if version not in self._cuts:
            known = {name: field for name, field in self._fields.items() if within(version, field.since, field.until)}
            self._cuts[version] = known
        return self._cuts[version]


def nested(form: Form) -> Reader:
    """An object whose members a form reads."""

    def read(value: Any) -> Any:
        values, wrong = form.read(value, _ANY_VERSION)
        if wrong:
            raise Unfit(wrong)
        return values

    return read
