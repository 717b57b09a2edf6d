"""The log of what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mockserver.world.record import Record


@dataclass(eq=False)
class Event(Record):
    """One entry: who did what, to what; `extra` is JSON text."""

    number: int
    when: datetime
    event: str
    owner: str | None = None
    dag_id: str | None = None
    task_id: str | None = None
    run_id: str | None = None
    map_index: int | None = None
    try_number: int | None = None
    logical_date: datetime | None = None
    extra: str | None = None
