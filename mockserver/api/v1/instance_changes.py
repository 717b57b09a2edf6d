"""Changes of task instances: states and notes set by hand, instances cleared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api import reach
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.dates import aware
from mockserver.api.v1.forms import Field, Form, boolean, each, text
from mockserver.api.v1.run_views import instance_view, reference_view, references
from mockserver.api.v1.wording import missing
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance

Body = Mapping[str, Any]
_FLAGS = ("include_upstream", "include_downstream", "include_future", "include_past")


def _one_choice(body: Body) -> str | None:
    if body["only_failed"] and body["only_running"]:
        return "only_failed and only_running both are set to True"
    return None


def _one_time(body: Body) -> str | None:
    start, end, run = (body.get(name) for name in ("start_date", "end_date", "dag_run_id"))
    if start and end and start > end:
        return "end_date is sooner than start_date"
    given = [name for name, value in (("start_date", start), ("end_date", end)) if value]
    if not run or not given:
        return None
    rest = given[0] if len(given) == 1 else f"({' and '.join(given)})"
    return f"Exactly one of dag_run_id or {rest} must be provided"


CLEAR = Form(
    lambda body: _one_choice(body) or _one_time(body),
    dry_run=Field(boolean, default=True),
    start_date=Field(aware, null=True),
    end_date=Field(aware, null=True),
    only_failed=Field(boolean, default=True),
    only_running=Field(boolean, default=False),
    include_subdags=Field(boolean, default=False),
    include_parentdag=Field(boolean, default=False),
    reset_dag_runs=Field(boolean, default=False),
    task_ids=Field(each(text), shortest=1),
    dag_run_id=Field(text, null=True, since="2.4"),
    **{name: Field(boolean, default=False, since="2.4") for name in _FLAGS},
)


@operation("post_clear_task_instances")
def post_clear_task_instances(call: Call) -> Any:
    """Clear instances of a DAG, or (by default) show which would be cleared; only failed ones by default."""
    body = CLEAR.load(call)
    runs = _runs(call, body)
    instances = reach.of_tasks([one for run in runs for one in reach.to_clear(run, body)], body)
    if not body["dry_run"]:
        call.world.clear(instances, "queued" if body["reset_dag_runs"] else None)
    return references(instances)


def _runs(call: Call, body: Body) -> list[Run]:
    runs = call.world.runs_of(lookup.dag(call, "dag to clear"))
    start, end = body.get("start_date"), body.get("end_date")
    if (wanted := body.get("dag_run_id")) is not None:
        run = call.world.runs.get((call.path["dag_id"], wanted))
        if run is None:
            raise missing(call, "run to change", dag_run_id=wanted)
        start = end = run.logical_date
    bounds = (None if body.get("include_past") else start, None if body.get("include_future") else end)
    return [run for run in runs if reach.dated_within(run, *bounds)]


def _one_run(body: Body) -> str | None:
    if bool(body.get("execution_date")) != bool(body.get("dag_run_id")):
        return None
    return "Exactly one of execution_date or dag_run_id must be provided"


_SET: Mapping[str, Field] = {
    "dry_run": Field(boolean, default=True),
    "task_id": Field(text, required=True),
    **{name: Field(boolean, required=True) for name in _FLAGS},
    "new_state": Field(text, required=True),
}
SET = Form(_one_run, **_SET, execution_date=Field(aware), dag_run_id=Field(text))
SET_BY_DATE = Form(**_SET, execution_date=Field(aware, required=True))
PATCH = Form(dry_run=Field(boolean, default=True), new_state=Field(text, required=True))
NOTE = Form(note=Field(text, null=True, required=True, longest=1000))


def _is_dry(call: Call, body: Body) -> bool:
    """Whether nothing is to be changed; older versions break down on a body that does not say (measured)."""
    if "dry_run" not in call.body and not has(call.world.version, "dry runs are the default"):
        break_down(call, "no dry_run")
    return bool(body["dry_run"])


@operation("post_set_task_instances_state")
def post_set_task_instances_state(call: Call) -> Any:
    """Set the state of a task's instance and of those around it, or (by default) show which that would change."""
    by_run = has(call.world.version, "states are set by run")
    body = (SET if by_run else SET_BY_DATE).load(call)
    dag = lookup.dag(call, "dag to set")
    if body["task_id"] not in dag.tasks:
        raise missing(call, "task to set", task_id=body["task_id"])
    found = [one for run in call.world.runs_of(dag) if _is_named(run, body) for one in run.of_task(body["task_id"])]
    if not found:
        raise _nowhere(call, body, old=not by_run)
    changed = reach.set_states(call.world, found, body, dry=_is_dry(call, body))
    return references(changed)


def _is_named(run: Run, body: Body) -> bool:
    if body.get("dag_run_id"):
        return run.run_id == str(body["dag_run_id"])
    return run.logical_date is not None and run.logical_date == body["execution_date"]


def _nowhere(call: Call, body: Body, *, old: bool) -> Exception:
    if body.get("dag_run_id"):
        return missing(call, "instance to patch", **body)
    return missing(call, "old instance of date" if old else "instance of date", **body)


@operation("patch_task_instance", "patch_mapped_task_instance")
def patch_task_instance(call: Call) -> Any:
    """Set the state of an instance, or (by default) do not: the answer names it, but for a real change (measured)."""
    body = PATCH.load(call)
    dag = lookup.dag(call, "dag of instance")
    lookup.task(call, dag, "task of instance")
    instance = lookup.instance(call, "instance to patch")
    if _is_dry(call, body):
        return reference_view(instance)
    reach.set_states(call.world, [instance], body, dry=False)
    return {} if call.mock.follow == "airflow" else reference_view(instance)


@operation("set_task_instance_note", "set_mapped_task_instance_note")
def set_task_instance_note(call: Call) -> Any:
    """Set the note of an instance."""
    body = NOTE.load(call)
    instance: TaskInstance = lookup.instance(call, "instance by name")
    instance.note = body["note"]
    return instance_view(call.world.version, instance)
