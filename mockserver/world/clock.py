"""The time of the world: real time plus an offset, or a time that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def _real_time() -> datetime:
    return datetime.now(UTC)


class Clock:
    """Tells the world's time; `source` is where real time comes from."""

    def __init__(self, source: Callable[[], datetime] = _real_time) -> None:
        self._source = source
        self._offset = timedelta()
        self._held: datetime | None = None

    def now(self) -> datetime:
        """The world's time, in UTC."""
        return self._held if self._held is not None else self._source() + self._offset

    def real(self) -> datetime:
        """The time that everybody else has, whatever became of the world's."""
        return self._source()

    def hold(self, at: datetime | None = None) -> None:
        """Let time stand still: now, or at the given moment."""
        self._held = (at or self.now()).astimezone(UTC)

    def advance(self, seconds: float) -> None:
        """Move time forward; a clock that stands still stands at the new time."""
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds}")
        if self._held is not None:
            self._held += timedelta(seconds=seconds)
        else:
            self._offset += timedelta(seconds=seconds)

    def release(self) -> None:
        """Let time run again, on from where it stands."""
        if self._held is not None:
            self._offset = self._held - self._source()
            self._held = None
