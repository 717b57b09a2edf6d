"""Changes of task instances: states and notes set by hand, instances cleared or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mockserver.api import reach
from mockserver.api.v2 import lookup
from mockserver.api.v2.run_views import NO_CURSOR, instance_view, run_view
from mockserver.api.v2.wording import missing, say
from mockserver.errors import ApiError, Crash, conflict, invalid, not_found, problem
from mockserver.operations import Answer, Call, operation
from mockserver.world.habits import has
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance


def collection(instances: Iterable[TaskInstance]) -> dict[str, Any]:
    """A TaskInstanceCollectionResponse that is not cut into pages."""
    shown = [instance_view(one) for one in instances]
    return {"task_instances": shown, "total_entries": len(shown), **NO_CURSOR}


def value_error(loc: list[str | int], text: str, value: Any) -> ApiError:
    """422 of a rule that goes beyond the schema."""
    return invalid(problem("value_error", loc, f"Value error, {text}", value, error={}))


def _named(call: Call) -> list[TaskInstance]:
    """The instances that the path names: one by its map index, else all of the task."""
    run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    index = call.path.get("map_index", call.query.get("map_index"))
    dag = lookup.dag(call, "dag of task")
    if call.path["task_id"] not in dag.tasks:
        raise missing(call, "task to change")
    found = run.of_task(call.path["task_id"]) if run else []
    if index is None and not has(call.world.version, "a change without a map index is for all"):
        index = -1
    found = [one for one in found if index is None or one.map_index == index]
    if not found:
        text = say(call, "instance of dependencies", map_index=index)
        raise ApiError(404, [text] if has(call.world.version, "a missing instance is a list of texts") else text)
    return found


def apply(call: Call, instances: list[TaskInstance], body: Mapping[str, Any], mask: list[str] | None) -> None:
    """Change instances as the body wants; 409 when they are in the wanted state already."""
    body = {name: value for name, value in body.items() if not mask or name in mask or name.startswith("include_")}
    if body.get("new_state") and not reach.set_states(call.world, instances, body, dry=False):
        raise conflict(f"Task id {instances[0].task_id} is already in {body['new_state']} state")
    if "note" in body:
        for one in instances:
            one.note = body["note"]


@operation("patch_task_instance", "patch_task_instance_by_map_index")
def patch_task_instance(call: Call) -> Any:
    """Change the state or the note of an instance."""
    instances = _named(call)
    apply(call, instances, call.body, call.query.get("update_mask"))
    return collection(instances)


@operation("patch_task_instance_dry_run", "patch_task_instance_dry_run_by_map_index")
def patch_task_instance_dry_run(call: Call) -> Any:
    """Show which instances a change of state would change."""
    return collection(_would_change(call, _named(call)))


def _would_change(call: Call, instances: list[TaskInstance]) -> list[TaskInstance]:
    if call.body.get("new_state"):
        return reach.set_states(call.world, instances, call.body, dry=True)
    return instances if has(call.world.version, "dry runs need no state") else []


def _group(call: Call) -> list[TaskInstance]:
    dag, group, run_id = lookup.dag(call), call.path["group_id"], call.path["dag_run_id"]
    if group not in dag.groups:
        raise not_found(f"Task group '{group}' not found in DAG '{dag.dag_id}'")
    run = call.world.runs.get((dag.dag_id, run_id))
    found = [one for one in run.instances if one.task.group == group] if run else []
    if not found:
        raise not_found(f"No task instances found for task group '{group}' in dag run '{run_id}'")
    return found


@operation("patch_task_group_instances")
def patch_task_group_instances(call: Call) -> Any:
    """Change the state or the note of all instances of a task group."""
    instances = _group(call)
    apply(call, instances, call.body, call.query.get("update_mask"))
    return collection(instances)


@operation("patch_task_group_instances_dry_run")
def patch_task_group_instances_dry_run(call: Call) -> Any:
    """Show which instances of a task group a change of state would change."""
    return collection(_would_change(call, _group(call)))


@operation("delete_task_instance")
def delete_task_instance(call: Call) -> Answer:
    """Take an instance out of its run: 200 with the body `null` (measured on 3.3.2)."""
    call.world.delete_instance(lookup.instance(call, "instance of map index"))
    return Answer(200, b"null", media="application/json")


@operation("clear_dag_run")
def clear_dag_run(call: Call) -> Any:
    """Make a run run again, or (by default) show which instances that would clear."""
    run = lookup.run(call)
    instances = reach.to_clear(run, call.body)
    if call.body.get("dry_run", True):
        return _cleared(instances)
    _clear_run(call, run, instances)
    return run_view(run)


def _cleared(instances: list[TaskInstance]) -> dict[str, Any]:
    return {"task_instances": [instance_view(one) for one in instances], "total_entries": len(instances)}


def _clear_run(call: Call, run: Run, instances: list[TaskInstance]) -> None:
    call.world.clear(instances)
    if call.body.get("note") is not None:
        run.note = call.body["note"]


@operation("clear_dag_runs")
def clear_dag_runs(call: Call) -> Any:
    """Make several runs run again, or (by default) show which instances that would clear."""
    if not call.body.get("dag_runs"):
        lookup.dag(call)
    runs = [_listed(call, entity) for entity in call.body.get("dag_runs") or ()]
    instances = {run.number: reach.to_clear(run, call.body) for run in runs}
    if call.body.get("dry_run", True):
        return _cleared([one for run in runs for one in instances[run.number]])
    for run in runs:
        _clear_run(call, run, instances[run.number])
    return {"dag_runs": [run_view(run) for run in runs], "total_entries": len(runs), **NO_CURSOR}


def _listed(call: Call, entity: Mapping[str, Any]) -> Run:
    dag_id = entity.get("dag_id") or call.path["dag_id"]
    run = call.world.runs.get((dag_id, entity["dag_run_id"]))
    if run is None:
        raise missing(call, "run", dag_id=dag_id, dag_run_id=entity["dag_run_id"])
    return run


@operation("clear_dag_run_partitions")
def clear_dag_run_partitions(call: Call) -> Any:
    """Clear runs of partitions: no DAG here has any."""
    lookup.dag(call)
    return {"dag_runs_cleared": 0, "task_instances_cleared": 0, "dry_run": call.body.get("dry_run", True)}


@operation("post_clear_task_instances")
def post_clear_task_instances(call: Call) -> Any:
    """Clear instances of a DAG, or (by default) show which would be cleared; only failed ones by default."""
    body = {"only_failed": True, **call.body}
    if call.body.get("only_failed") and body.get("only_running"):  # refused before, from 3.3 on
        raise Crash
    instances = reach.of_tasks([one for run in _runs(call, body) for one in reach.to_clear(run, body)], body)
    if not body.get("dry_run", True):
        running = [one for one in instances if one.state == "running"]
        if body.get("prevent_running_task") and running:
            raise conflict(f"Task {running[0].task_id} is running, stopping attempt to clear")
        call.world.clear(instances, "queued" if body.get("reset_dag_runs", True) else None)
        for one in instances if body.get("note") is not None else ():
            one.note = body["note"]
    if has(call.world.version, "clearing sorts by id"):
        instances = sorted(instances, key=lambda one: one.id)
    return collection(instances)


def _runs(call: Call, body: Mapping[str, Any]) -> list[Run]:
    runs = call.world.runs_of(lookup.dag(call, "dag to clear"))
    start, end = body.get("start_date"), body.get("end_date")
    if wanted := body.get("dag_run_id"):
        run = call.world.runs.get((call.path["dag_id"], wanted))
        if run is None:
            raise missing(call, "run to clear", dag_run_id=wanted)
        past, future = body.get("include_past"), body.get("include_future")
        if not past and not future:
            return [run]
        if run.logical_date is None:
            raise ApiError(400, _undated(call))
        start, end = None if past else run.logical_date, None if future else run.logical_date
    return [run for run in runs if reach.dated_within(run, start, end)]


def _undated(call: Call) -> str:
    if has(call.world.version, "dry runs need no state"):
        return "Cannot use include_past or include_future with no logical_date(e.g. manually or asset-triggered)."
    what = "Cannot use include_past or include_future when dag_run_id is provided"
    return f"{what} because logical_date is not applicable."
