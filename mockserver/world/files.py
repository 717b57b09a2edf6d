"""The files of DAGs, and when they are read again: a DAG that was deleted comes back as long as its file is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from specs.fixtures import Dag as Plan

READ = timedelta(milliseconds=500)  # from the wish that a file be read until that is done
PERIOD = timedelta(seconds=30)  # the longest that a file is not read


class Files:
    """The DAG files of one world. `found` is told of each DAG that is not there, when its file is read."""

    def __init__(self, found: Callable[[Plan, datetime], None]) -> None:
        self._found = found
        self._wished: dict[str, datetime] = {}
        self._deleted: dict[str, tuple[Plan, datetime]] = {}

    def wish(self, file: str, now: datetime) -> bool:
        """Have a file read soon; False when that is wished for already."""
        new = file not in self._wished
        self._wished.setdefault(file, now)
        return new

    def lost(self, plan: Plan, now: datetime) -> None:
        """Note that a DAG was deleted."""
        self._deleted[plan.id] = plan, now

    def read(self, now: datetime) -> None:
        """Read every file that is due by now."""
        done = {file: when + READ for file, when in self._wished.items() if when + READ <= now}
        for plan, when in list(self._deleted.values()):
            due = min(done.get(plan.file, now + READ), when + PERIOD)
            if due <= now:
                del self._deleted[plan.id]
                self._found(plan, due)
        self._wished = {file: when for file, when in self._wished.items() if file not in done}
