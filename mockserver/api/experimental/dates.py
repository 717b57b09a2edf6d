"""Dates in paths and bodies, which may be written in nearly every way (measured on 1.10.15, 2.2.5 and 2.11.2).

ISO 8601 is tried first, then what a person may write; what does not name a day is about today, what names no zone is
UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from dateutil import parser

from mockserver.api.experimental import refusing, traits

if TYPE_CHECKING:
    from mockserver.operations import Call

_ISO = parser.isoparser(sep="T")
_LASTING = re.compile(r"P(\d|T\d)[^/]*|\d{4}-[^/]*/\d{4}-[^/]*")  # a duration, or from one date to another
_MIDNIGHT = re.compile(r"T24\b")  # which ISO 8601 allows, and Airflow does not
_DAY = 24 * 60 * 60


def of(call: Call, value: Any) -> datetime:
    """The date of a request, with the zone that it names; a refusal with 400 when it is none."""
    if not isinstance(value, str):
        raise refusing.broken(call, f"{value!r} is no text")
    if traits(call).durations_crash and _LASTING.fullmatch(value):
        raise refusing.broken(call, "a duration is no date")
    try:
        return read(value, call.world.now())
    except OverflowError:
        raise refusing.broken(call, f"{value} is beyond the dates that there are") from None
    except ValueError:
        raise refusing.refused(400, _complaint(value)) from None


def utc(call: Call, date: datetime) -> datetime:
    """The same moment in UTC."""
    try:
        return date.astimezone(UTC)
    except OverflowError:
        raise refusing.broken(call, f"{date} is beyond the dates that there are") from None


def _complaint(value: str) -> str:
    return (
        f"Given execution date, {value}, could not be identified as a date. "
        "Example date format: 2015-11-16T14:34:15+00:00"
    )


def read(text: str, now: datetime) -> datetime:
    """Read a date; ValueError when it is none, OverflowError when it has a number that no date has."""
    if text == "now":
        return now
    found = _iso(text) or parser.parse(text, yearfirst=True, default=_today(now), tzinfos=_zone)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _iso(text: str) -> datetime | None:
    if _MIDNIGHT.search(text):
        return None
    try:
        return _ISO.isoparse(text)
    except ValueError:
        return None


def _today(now: datetime) -> datetime:
    return datetime.combine(now.date(), time())


def _zone(_name: str | None, seconds: int | None) -> tzinfo | None:
    """A zone by its offset from UTC; what has only a name does not count."""
    if seconds is None:
        return None
    if abs(seconds) >= _DAY:
        raise OverflowError(seconds)
    return timezone(timedelta(seconds=seconds))


def spaced(date: datetime | None) -> str:
    """A date as Python prints it: with a blank between day and time, or None."""
    return str(date)


def shown(call: Call, date: datetime, *, made_up: bool = False) -> str:
    """A date in a message; `made_up`: the server chose it."""
    iso = traits(call).iso_dates and not (made_up and traits(call).made_up_dates_spaced)
    return date.isoformat() if iso else spaced(date)
