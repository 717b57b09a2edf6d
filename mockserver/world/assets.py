"""Assets, their events, and the events that wait for a DAG to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.world.dags import Dag
from mockserver.world.record import Record
from mockserver.world.runs import Run


@dataclass(eq=False)
class Asset(Record):
    """An asset. `consumers` wait for it; `producers` are pairs of DAG and task id that update it.

    `clashes` is the URI of another asset of its name.
    """

    number: int
    name: str
    uri: str
    group: str
    created_at: datetime
    clashes: str | None = None
    consumers: tuple[Dag, ...] = ()
    producers: tuple[tuple[Dag, str], ...] = ()
    last_event: AssetEvent | None = None


@dataclass(eq=False)
class Alias(Record):
    """A name that stands for assets."""

    number: int
    name: str
    group: str


@dataclass(eq=False)
class AssetEvent(Record):
    """One update of an asset, by a task or by a client."""

    number: int
    asset: Asset
    timestamp: datetime
    extra: Mapping[str, Any]
    task_id: str | None = None
    dag_id: str | None = None
    run_id: str | None = None
    map_index: int = -1
    partition_key: str | None = None
    runs: tuple[Run, ...] = ()


@dataclass(eq=False)
class QueuedEvent(Record):
    """An update that a DAG has not run for yet."""

    dag: Dag
    asset: Asset
    created_at: datetime
