"""Backfills."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mockserver.api.filters import order
from mockserver.api.v2.wording import missing
from mockserver.errors import ApiError, Crash, conflict
from mockserver.operations import Call, Page, before_the_body, operation
from mockserver.world.backfills import Backfill
from mockserver.world.dags import Dag
from mockserver.world.habits import has

AGAIN: dict[str, tuple[str, ...]] = {"failed": ("failed",), "completed": ("failed", "success"), "none": ()}
"""The states of runs that a backfill runs again, by its reprocess behaviour."""


def view(backfill: Backfill) -> dict[str, Any]:
    """A BackfillResponse."""
    names = (
        "from_date",
        "to_date",
        "dag_run_conf",
        "is_paused",
        "reprocess_behavior",
        "max_active_runs",
        "created_at",
        "completed_at",
        "updated_at",
    )
    dag_id = backfill.dag.dag_id
    return {
        "id": backfill.number,
        "dag_id": dag_id,
        **{name: getattr(backfill, name) for name in names},
        "dag_display_name": dag_id,
    }


@operation("list_backfills")
def list_backfills(call: Call) -> Page:
    """List the backfills of a DAG."""
    rows = [one for one in call.world.backfills if one.dag.dag_id == call.query["dag_id"]]
    return call.page(rows, key="backfills", view=view, order=order("id=number"))


def _backfill(call: Call) -> Backfill:
    backfill = call.world.backfills.get(call.path["backfill_id"])
    if backfill is None:
        raise missing(call, "backfill" if call.operation.method == "GET" else "backfill to change")
    return backfill


@before_the_body("pause_backfill", "unpause_backfill", "cancel_backfill")
def be_there(call: Call) -> None:
    """Refuse a backfill that there is not, before anybody looks at the role."""
    _backfill(call)


@operation("get_backfill")
def get_backfill(call: Call) -> Any:
    """Show a backfill."""
    return view(_backfill(call))


def _running(call: Call) -> Backfill:
    backfill = _backfill(call)
    if backfill.completed_at is not None:
        raise conflict("Backfill is already completed.")
    return backfill


def _pause(call: Call, backfill: Backfill, paused: bool) -> None:
    if backfill.is_paused != paused:
        backfill.is_paused, backfill.updated_at = paused, call.world.now()


@operation("pause_backfill")
def pause_backfill(call: Call) -> Any:
    """Let no run of a backfill start."""
    _pause(call, backfill := _running(call), paused=True)
    return view(backfill)


@operation("unpause_backfill")
def unpause_backfill(call: Call) -> Any:
    """Let the runs of a backfill start again."""
    _pause(call, backfill := _running(call), paused=False)
    return view(backfill)


@operation("cancel_backfill")
def cancel_backfill(call: Call) -> Any:
    """End a backfill; those of its runs that have not started fail."""
    _pause(call, backfill := _running(call), paused=True)
    for run in call.world.runs:
        if run.backfill_id == backfill.number and run.state == "queued":
            run.state = "failed"
    backfill.completed_at = call.world.now()
    return view(backfill)


def _moments(call: Call, dag: Dag) -> list[datetime]:
    """The moments that the body's dates hold for a DAG."""
    start, end = (call.body[name].astimezone(UTC) for name in ("from_date", "to_date"))
    if dag.cron is None:
        raise ApiError(422, _aperiodic(call, dag))
    checked = has(call.world.version, "backfill dates are checked")
    if start > end and not checked and has(call.world.version, "backfill dates out of order crash"):
        raise Crash
    if start > end and checked:
        raise ApiError(422, f"from_date ({start.isoformat()}) must not be after to_date ({end.isoformat()}).")
    if end > call.world.now() and checked:
        raise ApiError(422, "Backfill cannot be executed for future dates.")
    found = list(dag.cron.between(start, end))
    return found[::-1] if call.body.get("run_backwards") else found


def _aperiodic(call: Call, dag: Dag) -> str:
    if has(call.world.version, "backfill dates are checked"):
        return f"{dag.dag_id} has a non-periodic schedule that does not support backfills"
    return f"{dag.dag_id} has no schedule"


def _dag(call: Call) -> Dag:
    dag = call.world.dags.get(call.body["dag_id"])
    if dag is None:
        raise missing(call, "dag to fill", dag_id=call.body["dag_id"])
    return dag


@operation("create_backfill")
def create_backfill(call: Call) -> Any:
    """Run a DAG for moments of the past."""
    world, body, dag = call.world, call.body, _dag(call)
    if any(one.dag is dag and one.completed_at is None for one in world.backfills):
        raise conflict(f"There is already a running backfill for dag {dag.dag_id}")
    moments, now, number = _moments(call, dag), world.now(), world.backfills.next_id()
    options = {
        name: body[name]
        for name in ("dag_run_conf", "reprocess_behavior", "max_active_runs")
        if body.get(name) is not None
    }
    if not has(world.version, "backfill conf may be null"):
        options.setdefault("dag_run_conf", {})
    dates = {name: body[name].astimezone(UTC) for name in ("from_date", "to_date")}
    backfill = world.backfills.add(number, Backfill(number, dag, **dates, created_at=now, updated_at=now, **options))
    for moment in moments:
        _add_run(call, backfill, moment)
    return {**view(backfill), **{name: body[name] for name in dates}}


def _add_run(call: Call, backfill: Backfill, moment: datetime) -> None:
    """Add the run of a moment, unless there is one that need not run again."""
    world, dag = call.world, backfill.dag
    old = next((run for run in world.runs_of(dag) if run.logical_date == moment), None)
    if old is not None:
        if old.state in AGAIN[backfill.reprocess_behavior]:
            old.backfill_id = backfill.number
            world.clear(old.instances)
        return
    world.add_run(
        dag,
        f"backfill__{moment.isoformat()}",
        "backfill",
        moment,
        logical_date=moment,
        data_interval_start=moment,
        data_interval_end=moment,
        triggered_by="backfill",
        triggering_user_name=call.user.name,
        conf=backfill.dag_run_conf or {},
        backfill_id=backfill.number,
    )


@operation("create_backfill_dry_run")
def create_backfill_dry_run(call: Call) -> Any:
    """Show which runs a backfill would create."""
    dag = _dag(call)
    old = {run.logical_date: run.state for run in call.world.runs_of(dag)}
    again = AGAIN[call.body.get("reprocess_behavior", "none")]
    moments = [one for one in _moments(call, dag) if one not in old or old[one] in again]
    shown = [{"logical_date": one, "partition_key": None, "partition_date": None} for one in moments]
    return {"backfills": shown, "total_entries": len(shown)}
