"""Pools, and what takes their slots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mockserver.world.record import Record
from mockserver.world.task_instances import TaskInstance

DEFAULT = "default_pool"
ENDLESS = -1


@dataclass(eq=False)
class Pool(Record):
    """A pool; ENDLESS slots are as many as are wanted."""

    number: int
    name: str
    slots: int
    description: str | None = None
    include_deferred: bool = False
    team_name: str | None = None


@dataclass(frozen=True)
class Use:
    """How the slots of a pool are used."""

    occupied: int
    running: int
    queued: int
    scheduled: int
    deferred: int
    open: int


def use(pool: Pool, instances: Iterable[TaskInstance]) -> Use:
    """Count the slots that the instances take; deferred ones occupy theirs only where the pool says so."""
    states = Counter(instance.state for instance in instances if instance.task.pool == pool.name)
    occupied = states["running"] + states["queued"] + (states["deferred"] if pool.include_deferred else 0)
    free = ENDLESS if pool.slots == ENDLESS else pool.slots - occupied
    return Use(occupied, states["running"], states["queued"], states["scheduled"], states["deferred"], free)
