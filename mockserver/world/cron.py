"""Cron expressions: which moments they name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

ALIASES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_FAR = 366 * 5  # days: long enough for 29 February


class Cron:
    """A cron expression of five fields (or an alias); ValueError when the text is none."""

    def __init__(self, text: str) -> None:
        self.text = ALIASES.get(text, text)
        fields = self.text.split()
        if len(fields) != len(_RANGES):
            raise ValueError(f"{text!r} is no cron expression: it needs five fields")
        parsed = [_field(field, low, high) for field, (low, high) in zip(fields, _RANGES, strict=True)]
        self._minutes, self._hours, self._days, self._months, weekdays = parsed
        self._weekdays = frozenset(day % 7 for day in weekdays)
        self._latest: tuple[datetime, datetime] | None = (
            None  # the last answer of `latest`, which is asked all the time
        )
        self._any_day, self._any_weekday = fields[2] == "*", fields[4] == "*"

    def after(self, moment: datetime) -> datetime:
        """The first moment named that is later than `moment`."""
        start = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for days in range(_FAR):
            day = start + timedelta(days=days) if not days else (start + timedelta(days=days)).replace(hour=0, minute=0)
            if self._has_day(day):
                for hour in sorted(h for h in self._hours if h >= day.hour):
                    first = day.minute if hour == day.hour else 0
                    for minute in sorted(m for m in self._minutes if m >= first):
                        return day.replace(hour=hour, minute=minute)
        raise ValueError(f"{self.text!r} names no moment after {moment}")

    def latest(self, moment: datetime) -> datetime:
        """The last moment named that is not later than `moment`, of which only the minute counts."""
        minute = moment.replace(second=0, microsecond=0)
        if self._latest is None or self._latest[0] != minute:
            self._latest = minute, self._before(minute)
        return self._latest[1]

    def _before(self, moment: datetime) -> datetime:
        for days in (1, 8, 32, 366, _FAR):
            found = list(self.between(moment - timedelta(days=days), moment))
            if found:
                return found[-1]
        raise ValueError(f"{self.text!r} names no moment before {moment}")

    def between(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The moments from `start` to `end`, both included."""
        moment = self.after(start - timedelta(microseconds=1) - timedelta(minutes=1))
        while moment <= end:
            if moment >= start:
                yield moment
            moment = self.after(moment)

    def _has_day(self, day: datetime) -> bool:
        in_month, in_week = day.day in self._days, day.isoweekday() % 7 in self._weekdays
        either = not self._any_day and not self._any_weekday  # both fields given: one of them is enough
        return day.month in self._months and (in_month or in_week if either else in_month and in_week)


def _field(text: str, low: int, high: int) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            start = low if span == "*" else int(first)
            end = high if span == "*" or (step and not last) else int(last or first)
            found.update(range(start, end + 1, int(step or 1)))
        except ValueError:
            raise ValueError(f"{part!r} is no field of a cron expression") from None
    if not found or min(found) < low or max(found) > high:
        raise ValueError(f"{text!r} is out of the range {low} to {high}")
    return frozenset(found)


@lru_cache(maxsize=256)
def cron(text: str) -> Cron:
    """The expression that the text is, read once."""
    return Cron(text)
