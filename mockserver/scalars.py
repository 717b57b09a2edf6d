"""Lax checks of single values: what pydantic takes for an integer, a boolean, a date, and what it says otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.errors import problem

if TYPE_CHECKING:
    from mockserver.schemas import Findings, Loc

_INTEGER = re.compile(r"[+-]?\d+(?:_\d+)*(?:\.0*)?", re.ASCII)
_TRUE = frozenset({"1", "true", "t", "yes", "y", "on"})
_FALSE = frozenset({"0", "false", "f", "no", "n", "off"})
_INT64 = 2**63
_MILLISECONDS = 2e10  # a number above this is an epoch in milliseconds
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII)


def check_integer(value: Any, loc: Loc, findings: Findings, schema: Mapping[str, Any]) -> Any:
    """Take whole numbers, also as text or with a zero fraction, and booleans."""
    number = _integer(value)
    if isinstance(number, int):
        _check_bounds(number, value, loc, findings, schema)
        if not -_INT64 <= number < _INT64:
            findings.fail("what does not fit in an SQLite integer", loc)
        return number
    texts = {
        "int_parsing": ", unable to parse string as an integer",
        "int_from_float": ", got a number with a fractional part",
        "int_type": "",
    }
    findings.append(problem(number, loc, f"Input should be a valid integer{texts[number]}", value))
    return value


def _integer(value: Any) -> int | str:
    """The integer that `value` stands for, or the kind of error."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() else "int_from_float"
    if not isinstance(value, str):
        return "int_type"
    text = value.strip()
    return int(text.partition(".")[0]) if _INTEGER.fullmatch(text) and len(text) < 4300 else "int_parsing"


def check_number(value: Any, loc: Loc, findings: Findings, schema: Mapping[str, Any]) -> Any:
    """Take numbers, also as text."""
    if not isinstance(value, int | float | str):
        findings.append(problem("float_type", loc, "Input should be a valid number", value))
        return value
    try:
        number = float(value)
    except ValueError:
        text = "Input should be a valid number, unable to parse string as a number"
        findings.append(problem("float_parsing", loc, text, value))
        return value
    _check_bounds(number, value, loc, findings, schema)
    return number


def _check_bounds(number: float, value: Any, loc: Loc, findings: Findings, schema: Mapping[str, Any]) -> None:
    least = schema.get("minimum")
    if least is not None and number < least:
        text = f"Input should be greater than or equal to {_plain(least)}"
        findings.append(problem("greater_than_equal", loc, text, value, ge=_plain(least)))
    above = schema.get("exclusiveMinimum")
    if above is not None and number <= above:
        text = f"Input should be greater than {_plain(above)}"
        findings.append(problem("greater_than", loc, text, value, gt=_plain(above)))


def _plain(bound: float) -> float:
    return int(bound) if float(bound).is_integer() else bound


def check_boolean(value: Any, loc: Loc, findings: Findings) -> Any:
    """Take true and false, also as 0 and 1 and as the words people write."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float | str):
        text = (value if isinstance(value, str) else f"{value:g}").lower()
        if text in _TRUE or text in _FALSE:
            return text in _TRUE
        text = "Input should be a valid boolean, unable to interpret input"
        findings.append(problem("bool_parsing", loc, text, value))
        return value
    findings.append(problem("bool_type", loc, "Input should be a valid boolean", value))
    return value


def check_string(value: Any, loc: Loc, findings: Findings, schema: Mapping[str, Any]) -> Any:
    """Take text only, of the length and pattern that the schema wants."""
    if not isinstance(value, str):
        findings.append(problem("string_type", loc, "Input should be a valid string", value))
        return value
    most, least, pattern = schema.get("maxLength"), schema.get("minLength"), schema.get("pattern")
    if least is not None and len(value) < least:
        text = f"String should have at least {least} character{'s' * (least != 1)}"
        findings.append(problem("string_too_short", loc, text, value, min_length=least))
    if most is not None and len(value) > most:
        text = f"String should have at most {most} character{'s' * (most != 1)}"
        findings.append(problem("string_too_long", loc, text, value, max_length=most))
    elif pattern is not None and not re.search(pattern, value):
        text = f"String should match pattern '{pattern}'"
        findings.append(problem("string_pattern_mismatch", loc, text, value, pattern=pattern))
    return value


def check_date_time(value: Any, loc: Loc, findings: Findings, *, strict: bool) -> Any:
    """Take RFC 3339 and close to it, or seconds since 1970; a datetime with a zone comes out.

    A time without a zone is an error when `strict`; otherwise it is taken as UTC and noted as fatal.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        findings.append(problem("datetime_type", loc, "Input should be a valid datetime", value))
        return value
    try:
        when = parse_date_time(value)
    except ValueError as error:
        text = f"Input should be a valid datetime or date, {error}"
        findings.append(problem("datetime_from_date_parsing", loc, text, value, error=str(error)))
        return value
    if when.tzinfo is not None:
        return when
    if strict:
        findings.append(problem("timezone_aware", loc, "Input should have timezone info", value))
    else:
        findings.fail("database", loc)
    return when.replace(tzinfo=UTC)


def parse_date_time(value: float | str) -> datetime:
    """Read a date-time as pydantic does; ValueError says what is wrong with it. Without a zone it stays naive."""
    number = _number(value)
    if number is not None:
        seconds = number / 1000 if abs(number) > _MILLISECONDS else number
        try:
            return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
        except OverflowError:
            raise ValueError("dates after 9999 are not supported as unix timestamps") from None
    text = str(value).strip()
    if len(text) < len("2025-01-01"):
        raise ValueError("input is too short")
    date = _DATE.match(text)
    if not date:
        raise ValueError(_fault_of_date(text))
    year, month, day = map(int, date.groups())
    if not 1 <= month <= 12:
        raise ValueError("month value is outside expected range of 1-12")
    return _with_time(_day(year, month, day), text[date.end() :])


def _number(value: float | str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _fault_of_date(text: str) -> str:
    for start, end, word in ((0, 4, "year"), (5, 7, "month"), (8, 10, "day")):
        if not text[start:end].isdecimal():
            return f"invalid character in {word}"
        if end < len("2025-01-01") and text[end] != "-":
            return "invalid date separator, expected `-`"
    return "invalid character in year"


def _day(year: int, month: int, day: int) -> datetime:
    try:
        return datetime(year, month, day)
    except ValueError:
        raise ValueError("day value is outside expected range") from None


def _with_time(day: datetime, rest: str) -> datetime:
    if not rest:
        return day
    if rest[0] not in "Tt _":
        raise ValueError("invalid datetime separator, expected `T`, `t`, `_` or space")
    time = _TIME.match(rest, 1)
    if not time:
        raise ValueError("input is too short" if len(rest) < len("T00:00") else "invalid character in hour")
    if time.end() != len(rest):
        raise ValueError("unexpected extra characters at the end of the input")
    hour, minute, second = (int(part or 0) for part in time.groups()[:3])
    for name, number, top in (("hour", hour, 23), ("minute", minute, 59), ("second", second, 59)):
        if number > top:
            raise ValueError(f"{name} value is outside expected range of 0-{top}")
    micro = int((time[4] or "").ljust(6, "0")[:6])
    text = f"{day.date().isoformat()}T{hour:02}:{minute:02}:{second:02}.{micro:06}{_zone(time[5])}"
    return datetime.fromisoformat(text)


def _zone(text: str | None) -> str:
    if text is None:
        return ""
    return "+00:00" if text in "Zz" else text
