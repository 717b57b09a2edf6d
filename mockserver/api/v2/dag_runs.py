"""DAG runs: trigger, list, change, delete."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from mockserver.api import params
from mockserver.api.filters import holding, order, select, states
from mockserver.api.v2 import lookup
from mockserver.api.v2.crud import named
from mockserver.api.v2.media import choose
from mockserver.api.v2.run_views import run_view
from mockserver.api.v2.wording import missing
from mockserver.errors import ApiError, UniqueViolation, conflict_unique, invalid, problem
from mockserver.operations import Answer, Call, Page, operation
from mockserver.world.dags import Dag
from mockserver.world.habits import has
from mockserver.world.runs import ALLOWED_ID, STATES, Run
from mockserver.world.store import Taken

TYPES = ("backfill", "scheduled", "manual", "operator_triggered", "asset_triggered", "asset_materialization")
COLUMNS = (
    "dag_id, queued_at, logical_date, start_date, end_date, state, run_id, creating_job_id, run_type, triggered_by, "
    "conf, data_interval_start, data_interval_end, run_after, last_scheduling_decision, log_template_id, updated_at, "
    "clear_number, backfill_id, bundle_version, scheduled_by_job_id, context_carrier, created_dag_version_id"
)
FIELDS: dict[str, Callable[[Run], Any]] = {
    **order("dag_id", "run_id", "logical_date", "run_after", "start_date", "end_date", "duration", "updated_at"),
    **order("run_type", "state", "triggering_user_name", "partition_key"),
    "bundle_version": lambda _: None,
}
ORDER: dict[str, Callable[[Run], Any]] = {
    **order("id=number", "dag_id", "run_id", "dag_run_id=run_id", "state", "logical_date", "run_after", "start_date"),
    **order("end_date", "updated_at"),
    "partition_date": lambda _: None,
    "conf": lambda run: json.dumps(run.conf),
}

NEW_ORDER = {**ORDER, **order("duration")}


def known_types(call: Call) -> list[str]:
    """The run types of the version."""
    later = {"asset_materialization": (3, 2), "operator_triggered": (3, 3)}
    return [name for name in TYPES if call.world.version >= later.get(name, (3, 0))]


def unique(key: str) -> UniqueViolation:
    """The refusal of a second run with the same key."""
    return conflict_unique("dag_run", COLUMNS, f"dag_id, {key}")


@operation("trigger_dag_run")
def trigger_dag_run(call: Call) -> Any:
    """Create a queued run. Dates are echoed with the zone in which they were sent."""
    dag = call.world.dags.get(call.path["dag_id"])
    if dag is None:
        raise missing(call, "dag to trigger")
    _check_interval(call)
    if call.body.get("partition_key") is not None and has(
        call.world.version, "partition keys are for partitioned DAGs"
    ):
        raise ApiError(400, f"Dag '{dag.dag_id}' is not a partitioned Dag and does not accept a partition_key.")
    run = create(call, dag, call.body, "manual")
    dates = {name: call.body[name] for name in ("logical_date", "run_after") if call.body.get(name)}
    shown = {**run_view(run), **dates}
    if run.logical_date is not None:
        start, end = _interval(call.body)
        shown.update(data_interval_start=start, data_interval_end=end)
        if run.run_after == run.logical_date:
            shown["run_after"] = shown["logical_date"]
    return shown


def _check_interval(call: Call) -> None:
    if (call.body.get("data_interval_start") is None) != (call.body.get("data_interval_end") is None):
        message = "Either both data_interval_start and data_interval_end must be provided or both must be None"
        raise invalid(problem("value_error", ["body"], f"Value error, {message}", _plain(call.body), error={}))


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body as it was sent, near enough."""
    return {name: _text(value) if isinstance(value, datetime) else value for name, value in body.items()}


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _interval(body: Mapping[str, Any]) -> tuple[Any, Any]:
    date = body.get("logical_date")
    return (body.get("data_interval_start") or date, body.get("data_interval_end") or date) if date else (None, None)


def create(call: Call, dag: Dag, body: Mapping[str, Any], run_type: str) -> Run:
    """Add a run as the body wants it; ApiError when its id, dates or parameters cannot be."""
    world, date = call.world, body.get("logical_date")
    start, end = _interval(body)
    run_after = _run_after(call, body).astimezone(UTC)
    conf = body.get("conf") or {}
    run_id = body.get("dag_run_id")
    if run_id:
        _check_id(run_id, run_type)
    if wrong := params.complaint(dag, conf):
        raise ApiError(400, wrong)
    values = {
        "logical_date": date.astimezone(UTC) if date else None,
        "data_interval_start": start.astimezone(UTC) if start else None,
        "data_interval_end": end.astimezone(UTC) if end else None,
        "conf": conf,
        "note": body.get("note"),
        "partition_key": body.get("partition_key"),
        "triggering_user_name": call.user.name,
    }
    taken = run_id and (dag.dag_id, run_id) in world.runs
    try:
        return world.add_run(dag, run_id or _new_id(call, run_type, run_after, date), run_type, run_after, **values)
    except Taken:
        raise unique("run_id" if taken else "logical_date") from None


def _run_after(call: Call, body: Mapping[str, Any]) -> datetime:
    """From when on the run may start: as it is said, or now; in 3.0 its logical date where no interval is given."""
    old = not has(call.world.version, "runs are dated by now") and not body.get("data_interval_start")
    moment: datetime = (body.get("logical_date") if old else None) or body.get("run_after") or call.world.now()
    return moment


def _new_id(call: Call, run_type: str, run_after: datetime, date: datetime | None) -> str:
    """An id made of the time; in 3.0 of the present, with random letters for a run without a date (measured)."""
    if has(call.world.version, "runs are dated by now"):
        return call.world.run_id(run_type, run_after)
    return call.world.run_id(run_type, run_after if date is None else call.world.now(), random=date is None)


def _check_id(run_id: str, run_type: str) -> None:
    if not ALLOWED_ID.fullmatch(run_id):
        own = r"^(?:manual|scheduled|asset_triggered)__(?:\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00)$"
        raise ApiError(
            400, f"The run_id provided '{run_id}' does not match regex pattern '^[A-Za-z0-9_.~:+-]+$' or '{own}'"
        )
    for kind in ("backfill", "scheduled", "asset_triggered"):
        if run_id.startswith(f"{kind}__") and kind != run_type:
            noun = "manual DAG run"
            raise ApiError(400, f"A {noun} cannot use ID '{run_id}' since it is reserved for {kind} runs")


@operation("get_dag_runs")
def get_dag_runs(call: Call) -> Page:
    """List the runs of one DAG, or of all (~)."""
    given = {name: value for name, value in call.query.items() if name != "run_type"}
    if given.get("state"):
        given["state"] = states(given["state"], STATES)
    if call.query.get("run_type"):
        given["run_type"] = states(call.query["run_type"], known_types(call), "run type")
    rows = select(call, lookup.runs(call), given, FIELDS)
    _check_partition(call)
    if given.get("conf_contains"):
        rows = [run for run in rows if given["conf_contains"] in json.dumps(run.conf)]
    if given.get("dag_version"):
        rows = [run for run in rows if any(one.number in given["dag_version"] for one in run.versions)]
    if given.get("consuming_asset_pattern"):
        holds = holding(call, given["consuming_asset_pattern"])
        events = [one for one in call.world.asset_events if holds(one.asset.name) or holds(one.asset.uri)]
        rows = [run for run in rows if any(run in event.runs for event in events)]
    return _page(call, rows)


def _check_partition(call: Call) -> None:
    """Refuse to look for partitions: no DAG here has any."""
    if call.query.get("partition_date_gte") or call.query.get("partition_date_lte"):
        dag_id, names = call.path["dag_id"], "partition_date_gte and partition_date_lte"
        if dag_id == lookup.ALL:
            raise ApiError(400, f"{names} require a specific dag_id.")
        raise ApiError(400, f"Dag with dag_id: '{dag_id}' is not partitioned; {names} are not supported.")


@operation("get_list_dag_runs_batch")
def get_list_dag_runs_batch(call: Call) -> Page:
    """List runs as the body asks."""
    body = dict(call.body or {})
    body["dag_id"], body["state"] = body.pop("dag_ids", None), body.pop("states", None)
    rows = select(call, call.world.runs, body, FIELDS)
    if body.get("conf_contains"):
        rows = [run for run in rows if body["conf_contains"] in json.dumps(run.conf)]
    return _page(call, rows)


def _page(call: Call, rows: list[Run]) -> Page:
    keys = NEW_ORDER if has(call.world.version, "runs are dated by now") else ORDER
    return call.page(rows, key="dag_runs", view=run_view, order=keys)


@operation("get_dag_run")
def get_dag_run(call: Call) -> Any:
    """Show a run."""
    return run_view(lookup.run(call))


def change(call: Call, run: Run, body: Mapping[str, Any]) -> None:
    """Set the state and the note of a run as the body wants; before 3.3 all of its instances succeed with it."""
    if body.get("state"):
        now = call.world.now()
        if body["state"] == "success" and not has(call.world.version, "success skips what waits"):
            for one in run.instances:
                one.set_state("success", now)
        run.set_state(body["state"], now)
        call.world.requeue(run)
    if "note" in body:
        run.note = body["note"]


@operation("patch_dag_run")
def patch_dag_run(call: Call) -> Any:
    """Change a run."""
    run = lookup.run(call)
    change(call, run, named(call.body, call.query.get("update_mask")))
    return run_view(run)


@operation("delete_dag_run")
def delete_dag_run(call: Call) -> None:
    """Delete a run."""
    call.world.delete_run(lookup.run(call))


@operation("wait_dag_run_until_finished")
def wait_dag_run_until_finished(call: Call) -> Answer:
    """Tell the state of a run, one line per look; the mock looks once, and time goes on only between requests."""
    run = lookup.run(call)
    line: dict[str, Any] = {"state": run.state}
    wanted = call.query.get("result") or []
    if wanted and not run.active:
        found = {task: _result(call, run, task) for task in wanted}
        line |= {"results": found} if any(value is not None for value in found.values()) else {}
    documented = call.mock.follow == "documents"
    media = choose(call, "application/json", "application/x-ndjson") if documented else None
    return Answer(body=json.dumps(line).encode() + b"\n", media=media)


def _result(call: Call, run: Run, task_id: str) -> Any:
    found = [
        one.value for one in call.world.xcoms if one.run is run and one.task_id == task_id and one.key == "return_value"
    ]
    return found[0] if len(found) == 1 else found or None
