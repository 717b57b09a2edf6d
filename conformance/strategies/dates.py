"""Execution dates as a path or a body has them: one moment in many forms, moments next to it, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

#: Nothing that a reader of dates could make a date of, be it lenient.
NO_DATES = (
    "not-a-date",
    "null",
    "None",
    "~",
    "%",
    "1740790923",
    "2025-13-01T00:00:00",
    "2025-00-01T00:00:00",
    "2025-02-30T00:00:00",
    "2025-02-29T00:00:00",
    "2025-04-31T12:00:00",
    "2025-03-00T00:00:00",
    "2025-03-32T00:00:00",
    "2025-03-01T25:00:00",
    "2025-03-01T00:60:00",
    "2025-03-01T00:00:61",
    "0000-01-01T00:00:00",
    "10000-01-01T00:00:00",
    "manual__2025-03-01T00:00:00",
    "2025-03-01T00:00:00\u00e9",
    "x" * 300,
)
#: A date but for its zone.
NO_ZONE = "2025-03-01T00:00:00+99:00"
#: Dates at the ends of what a date can be; the last two are beyond.
FAR = ("0001-01-01T00:00:00", "9999-12-31T23:59:59", "0001-01-01T00:00:00+14:00", NO_ZONE)

#: The parts of a date, and from where on each is out of its range.
_BROKEN = "2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
_NUMBERS = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
_BEYOND = {"month": 13, "day": 32, "hour": 25, "minute": 60, "second": 61}
#: How far the moments next to another are away.
STEPS = (
    timedelta(microseconds=1),
    timedelta(milliseconds=1),
    timedelta(seconds=1),
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(hours=5, minutes=30),
    timedelta(days=1),
    timedelta(days=365),
)


def plain(moment: datetime) -> str:
    """A moment in UTC without a zone: of a whole second as the document writes it, else with microseconds."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def zoned(moment: datetime, offset: timedelta) -> str:
    """A moment as a clock shows it that is so much ahead of UTC, with the offset."""
    return moment.astimezone(timezone(offset)).isoformat()


def zulu(moment: datetime) -> str:
    """A moment in UTC, with the letter for it."""
    return f"{plain(moment)}Z"


def offsets() -> st.SearchStrategy[timedelta]:
    """How much clocks are ahead of UTC, in quarters of an hour."""
    return st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))


def zoned_forms(moment: datetime) -> st.SearchStrategy[str]:
    """Forms of a moment that have a zone."""
    return st.one_of(st.just(zulu(moment)), offsets().map(lambda offset: zoned(moment, offset)))


def others(moment: datetime) -> st.SearchStrategy[datetime]:
    """Other moments, most of them next to it."""
    steps = st.one_of(st.sampled_from(STEPS), st.integers(1, 10**12).map(lambda most: timedelta(microseconds=most)))
    near = st.tuples(steps, st.sampled_from((1, -1))).map(lambda drawn: moment + drawn[0] * drawn[1])
    return st.one_of(near, st.just(moment.replace(microsecond=0))).filter(lambda found: found != moment)


def no_dates() -> st.SearchStrategy[str]:
    """What is no date: a text out of the list, or a date of which one number is out of its range."""
    broken = st.sampled_from(tuple(_BEYOND.items())).flatmap(
        lambda part: st.integers(part[1], 99).map(lambda number: _BROKEN.format(**{**_NUMBERS, part[0]: number}))
    )
    return st.one_of(st.sampled_from(NO_DATES), broken)
