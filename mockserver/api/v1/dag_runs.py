"""DAG runs: listed, shown, changed and deleted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.dates import aware
from mockserver.api.v1.fields import Cut
from mockserver.api.v1.forms import Field, Form, boolean, each, integer, text
from mockserver.api.v1.run_views import references, run_view
from mockserver.operations import Call, Page
from mockserver.world.habits import has
from mockserver.world.runs import Run

FIELDS: dict[str, Callable[[Run], Any]] = order(
    *("dag_id", "execution_date=logical_date", "start_date", "end_date", "updated_at", "state")
)
ORDER: dict[str, Callable[[Run], Any]] = {
    **FIELDS,
    **order("id=number", "dag_run_id=run_id"),
    "external_trigger": lambda run: run.run_type == "manual",
    "conf": lambda run: json.dumps(run.conf),
}
_DATES = ("execution_date", "start_date", "end_date")
_BOUNDS = {f"{name}_{end}": Field(aware, null=True) for name in _DATES for end in ("gte", "lte")}
BATCH = Form(
    order_by=Field(text),
    page_offset=Field(integer, default=0, least=0),
    page_limit=Field(integer, default=100, least=1),
    dag_ids=Field(each(text), null=True),
    states=Field(each(text), null=True, since="2.3"),
    **_BOUNDS,
    updated_at_gte=Field(aware, null=True, since="2.6"),
    updated_at_lte=Field(aware, null=True, since="2.6"),
)
STATE = Form(state=Field(text))
NOTE = Form(note=Field(text, null=True, longest=1000))
CLEAR = Form(dry_run=Field(boolean, default=True))
_ONE = Cut("DAGRunSchema error", "DAGRunSchema", early=False)
_MANY = Cut("DAGRunCollectionSchema error", "DAGRunSchema", early=False)


@operation("get_dag_runs")
def get_dag_runs(call: Call) -> Page:
    """List the runs of one DAG, or of all (~); a DAG that there is not has none."""
    wanted = {} if call.path["dag_id"] == lookup.ALL else {"dag_id": call.path["dag_id"]}
    rows = select(call, call.world.runs, {**call.query, **wanted}, FIELDS)
    return _MANY.page(call, call.page(rows, key="dag_runs", view=run_view, order=ORDER))


@operation("get_dag_runs_batch")
def get_dag_runs_batch(call: Call) -> Page:
    """List runs as the body asks; it may say when they changed last, which is not looked at (measured)."""
    body = BATCH.load(call)
    given = {name: body.get(name) for name in _BOUNDS}
    rows = select(call, call.world.runs, {**given, "dag_id": body.get("dag_ids"), "state": body.get("states")}, FIELDS)
    return call.page(rows, key="dag_runs", view=run_view, order=ORDER)


@operation("get_dag_run")
def get_dag_run(call: Call) -> Any:
    """Show a run."""
    return _ONE.of(call, run_view(lookup.run(call)))


@operation("delete_dag_run")
def delete_dag_run(call: Call) -> None:
    """Delete a run."""
    call.world.delete_run(lookup.run(call, "run to delete"))


@operation("update_dag_run_state")
def update_dag_run_state(call: Call) -> Any:
    """Set the state of a run; a body without one crashes Airflow (measured)."""
    run = lookup.run(call, "run to change")
    body = STATE.load(call)
    if "state" in body:
        _set_state(call, run, body["state"])
    else:
        break_down(call, "no state")
    return run_view(run)


def _set_state(call: Call, run: Run, state: str) -> None:
    world, ended = call.world, run.end_date
    all_waiting = state == "success" or has(world.version, "failing skips what has no state")
    run.set_state(state, world.now(), waiting="success" if state == "success" else "skipped", all_waiting=all_waiting)
    if state == "queued" and not has(world.version, "queued runs have not ended"):
        run.end_date = ended
    if state == "success":
        for one in run.instances:
            one.set_state("success", world.now())
    world.requeue(run)


@operation("set_dag_run_note")
def set_dag_run_note(call: Call) -> Any:
    """Set the note of a run; a body without one crashes Airflow (measured)."""
    run = lookup.run(call, "run to change")
    body = NOTE.load(call)
    if "note" in body:
        run.note = body["note"]
    else:
        break_down(call, "no note")
    return run_view(run)


@operation("clear_dag_run")
def clear_dag_run(call: Call) -> Any:
    """Make a run run again, or (by default) show which instances that would clear."""
    run = lookup.run(call, "run to clear")
    if CLEAR.load(call)["dry_run"]:
        return references(list(run.instances))
    call.world.clear(run.instances)
    return run_view(run)
