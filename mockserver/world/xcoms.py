"""XComs: values that task instances leave for others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.world.record import Record
from mockserver.world.runs import Run

Key = tuple[str, str, str, int, str]


@dataclass(eq=False)
class XCom(Record):
    """One value; `value` is anything that JSON can carry. `by_api`: a client left it, and no task."""

    run: Run
    task_id: str
    map_index: int
    key: str
    value: Any
    timestamp: datetime
    by_api: bool = False

    @property
    def full_key(self) -> Key:
        """What no other XCom has: DAG, run, task, map index and key."""
        return (self.run.dag_id, self.run.run_id, self.task_id, self.map_index, self.key)
