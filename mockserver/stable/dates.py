"""Dates in queries: RFC 3339, or what comes near it in versions that do not check them (measured on 2.2.5)."""

from __future__ import annotations

from datetime import UTC, datetime

_MOST_DIGITS = 14


class Unreadable(ValueError):  # noqa: N818 - it says what the text is
    """A text that is no date; the argument says so in Airflow's words."""


class Breaking(ValueError):  # noqa: N818 - it says what the text is
    """A text over which Airflow breaks down where it reads it."""


def read(text: str, *, strict: bool) -> datetime:
    """Read a date and time, in UTC where it names no zone.

    Unreadable or Breaking when it is none, OverflowError when it lies beyond the years that there are.
    """
    text = text.strip()
    if not text or (text.isdecimal() and len(text) > _MOST_DIGITS):
        raise Breaking
    if not text.upper().endswith("Z"):
        text = text.replace(" ", "+", 0 if strict else -1)
    try:
        found = datetime.fromisoformat(text.upper())
    except ValueError:
        found = _shortened(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found.astimezone(UTC)


def _shortened(text: str) -> datetime:
    """A year, or a year and a month."""
    for form in ("%Y", "%Y-%m"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise Unreadable(f"Invalid date string: {text}")
