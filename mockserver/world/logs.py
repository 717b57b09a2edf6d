"""What task instances write while they run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mockserver.world.task_instances import LogLine, TaskInstance


def lines(instance: TaskInstance, start: datetime, end: datetime) -> tuple[LogLine, ...]:
    """The log of one try of a Python task; other tasks write none."""
    return tuple(_lines(instance, start, end)) if instance.task.python else ()


def _lines(instance: TaskInstance, start: datetime, end: datetime) -> Iterator[LogLine]:
    source = {
        "try_number": instance.try_number,
        "run_id": instance.run.run_id,
        "ti_id": instance.id,
        "task_id": instance.task_id,
        "dag_id": instance.run.dag_id,
        "map_index": instance.map_index,
        "logger": "task",
    }
    yield {"timestamp": start, "event": "::group::Pre Execute", "level": "info", "logger": "task"}
    yield {"timestamp": start, "event": "::endgroup::", "level": "info", **source}
    for text in instance.task.log:
        yield {"timestamp": start, "event": text, "level": "info", "logger": "task.stdout"}
    event = f"Done. Returned value was: {instance.value!r}"
    yield {"timestamp": end, "event": event, "level": "info", **source}
