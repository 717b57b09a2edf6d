"""What both APIs show of a thing in the same way: all that is known of it; the contract chooses what is sent."""

from __future__ import annotations

from typing import Any

from mockserver.operations import Call
from mockserver.world.dags import BUNDLE, ImportError_
from mockserver.world.events import Event
from mockserver.world.pools import Pool


def pool(call: Call, pool: Pool) -> dict[str, Any]:
    """A pool, and how its slots are used."""
    use = call.world.pool_use(pool)
    return {
        "name": pool.name,
        "slots": pool.slots,
        "description": pool.description,
        "include_deferred": pool.include_deferred,
        "occupied_slots": use.occupied,
        "running_slots": use.running,
        "queued_slots": use.queued,
        "scheduled_slots": use.scheduled,
        "open_slots": use.open,
        "deferred_slots": use.deferred,
        "used_slots": use.occupied,
        "team_name": pool.team_name,
    }


def event_log(event: Event) -> dict[str, Any]:
    """An entry of the event log."""
    names = ("when", "event", "dag_id", "task_id", "run_id", "map_index", "try_number", "logical_date", "owner")
    return {
        "event_log_id": event.number,
        **{name: getattr(event, name) for name in (*names, "extra")},
        "execution_date": event.logical_date,
        "dag_display_name": event.dag_id,
        "task_display_name": event.task_id,
    }


def import_error(error: ImportError_) -> dict[str, Any]:
    """A file that cannot be imported."""
    return {
        "import_error_id": error.number,
        "timestamp": error.timestamp,
        "filename": error.file,
        "bundle_name": BUNDLE,
        "stack_trace": error.stack_trace,
    }
