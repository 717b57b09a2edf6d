"""DAG runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mockserver.world.dags import Dag, DagVersion
from mockserver.world.record import Record
from mockserver.world.task_instances import FINISHED, TaskInstance

STATES = ("queued", "running", "success", "failed")
ALLOWED_ID = re.compile(r"[A-Za-z0-9_.~:+-]+")


@dataclass(eq=False)
class Run(Record):
    """One run of a DAG. `number` is its row number; `instances` are its task instances in the order of the tasks."""

    number: int
    dag: Dag
    run_id: str
    run_type: str
    run_after: datetime
    queued_at: datetime | None
    logical_date: datetime | None = None
    data_interval_start: datetime | None = None
    data_interval_end: datetime | None = None
    state: str = "queued"
    start_date: datetime | None = None
    end_date: datetime | None = None
    last_scheduling_decision: datetime | None = None
    triggered_by: str | None = "rest_api"
    triggering_user_name: str | None = None
    conf: Mapping[str, Any] | None = None
    note: str | None = None
    partition_key: str | None = None
    backfill_id: int | None = None
    updated_at: datetime | None = None
    versions: tuple[DagVersion, ...] = ()
    instances: tuple[TaskInstance, ...] = ()

    def __post_init__(self) -> None:
        self.versions = (self.dag.version,)
        self.updated_at = self.queued_at

    @property
    def dag_id(self) -> str:
        """The id of the run's DAG."""
        return self.dag.dag_id

    @property
    def duration(self) -> float | None:
        """Seconds from start to end; None unless both are known."""
        if self.start_date is None or self.end_date is None:
            return None
        return (self.end_date - self.start_date) / timedelta(seconds=1)

    @property
    def active(self) -> bool:
        """Whether the run still goes on."""
        return self.state in ("queued", "running")

    def of_task(self, task_id: str) -> list[TaskInstance]:
        """The instances of one task: one, or one per item that it is mapped over."""
        return [instance for instance in self.instances if instance.task_id == task_id]

    def instance(self, task_id: str, map_index: int = -1) -> TaskInstance | None:
        """One instance, or None."""
        return next((one for one in self.of_task(task_id) if one.map_index == map_index), None)

    def set_state(self, state: str, now: datetime, waiting: str = "skipped", *, all_waiting: bool = True) -> None:
        """Set the state by hand, and the states of the instances that follow from it; "queued" only queues.

        What runs gets the state too, what waits becomes `waiting`; without `all_waiting` what has no state keeps none.
        """
        self.state, self.updated_at = state, now
        if state == "queued":
            self.queued_at, self.start_date, self.end_date = now, None, None
            return
        self.end_date = now
        for instance in self.instances:
            if instance.state not in FINISHED and (all_waiting or instance.state):
                instance.set_state(state if instance.state == "running" else waiting, now)
