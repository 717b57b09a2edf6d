"""Backfills: runs for moments of the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.world.dags import Dag
from mockserver.world.record import Record


@dataclass(eq=False)
class Backfill(Record):
    """One backfill of a DAG with a cron schedule; it is over when `completed_at` is set."""

    number: int
    dag: Dag
    from_date: datetime
    to_date: datetime
    created_at: datetime
    updated_at: datetime
    dag_run_conf: Mapping[str, Any] | None = None
    reprocess_behavior: str = "none"
    max_active_runs: int = 10
    is_paused: bool = False
    completed_at: datetime | None = None
