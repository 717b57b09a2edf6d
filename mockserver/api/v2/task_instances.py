"""Task instances: lists, single ones, their tries and what they wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mockserver.api.filters import order, select, states
from mockserver.api.obstacles import obstacles
from mockserver.api.v2 import lookup
from mockserver.api.v2.run_views import instance_view, try_view
from mockserver.api.v2.wording import missing, say
from mockserver.errors import ApiError, not_found
from mockserver.operations import Call, Page, operation
from mockserver.world.habits import has
from mockserver.world.operators import operator_of
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance

STATES = (
    *("removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry"),
    *("up_for_reschedule", "upstream_failed", "skipped", "deferred", "awaiting_input"),
)
_PLAIN = ("map_index", "try_number", "state", "start_date", "end_date", "duration", "updated_at", "task_id", "operator")
FIELDS: dict[str, Callable[[TaskInstance], Any]] = {
    **order(*_PLAIN, "operator_name", "rendered_map_index", "task_display_name=task_id"),
    "dag_id": lambda one: one.run.dag_id,
    "run_id": lambda one: one.run.run_id,
    "run_after": lambda one: one.run.run_after,
    "logical_date": lambda one: one.run.logical_date,
    "pool": lambda one: one.task.pool,
    "pool_name": lambda one: one.task.pool,
    "queue": lambda _: "default",
    "queue_name": lambda _: "default",
    "executor": lambda _: None,
    "version_number": lambda one: one.run.versions[-1].number,
}
ORDER: dict[str, Callable[[TaskInstance], Any]] = {
    **order("id", "map_index", "try_number", "state", "start_date", "end_date", "duration", "rendered_map_index"),
    "run_after": FIELDS["run_after"],
    "logical_date": FIELDS["logical_date"],
    "data_interval_start": lambda one: one.run.data_interval_start,
    "data_interval_end": lambda one: one.run.data_interval_end,
}
NEW_ORDER = {**ORDER, **order("operator")}


def known_states(call: Call) -> tuple[str, ...]:
    """The states of the version."""
    return STATES if has(call.world.version, "instances know awaiting_input") else STATES[:-1]


def _selected(call: Call, rows: Iterable[TaskInstance]) -> list[TaskInstance]:
    given = dict(call.query)
    if given.get("state"):
        given["state"] = states(given["state"], known_states(call))
    return select(call, rows, given, FIELDS)


def _page(call: Call, rows: list[TaskInstance]) -> Page:
    rows.sort(key=ORDER["id"])
    keys = NEW_ORDER if has(call.world.version, "instances are ordered by operator") else ORDER
    return call.page(rows, key="task_instances", view=instance_view, order=keys)


@operation("get_task_instances")
def get_task_instances(call: Call) -> Page:
    """List the task instances of one run, of all runs of a DAG (run ~), or of all DAGs (~)."""
    wanted = call.path["dag_run_id"]
    runs = lookup.runs(call, "dag of instances") if wanted == lookup.ALL else _of_id(call, wanted)
    rows = _selected(call, [one for run in runs for one in run.instances])
    return _page(call, _of_group(call, rows))


def _of_id(call: Call, run_id: str) -> list[Run]:
    """The run with an id; before 3.2 one of another DAG may have it, and then there is nothing to be shown."""
    any_dag = call.path["dag_id"] == lookup.ALL
    if has(call.world.version, "instances of a run want its DAG"):
        if any_dag:
            raise ApiError(400, "dag_id is required when dag_run_id is specified")
        return [lookup.run(call, "run of instances")]
    if not any_dag and not has(call.world.version, "instances are found without their DAG"):
        lookup.dag(call, "dag of instances")
    runs = [run for run in call.world.runs if run.run_id == run_id]
    if not runs:
        raise missing(call, "run of instances")
    return [run for run in runs if any_dag or run.dag_id == call.path["dag_id"]]


def _of_group(call: Call, rows: list[TaskInstance]) -> list[TaskInstance]:
    group = call.query.get("task_group_id")
    if not group or not has(call.world.version, "instances are filtered by group"):
        return rows
    if not any(group in dag.groups for dag in call.world.dags if call.path["dag_id"] in (dag.dag_id, lookup.ALL)):
        raise ApiError(404, {"reason": "not_found", "message": f"Task group {group} not found"})
    return [one for one in rows if one.task.group == group]


@operation("get_task_instances_batch")
def get_task_instances_batch(call: Call) -> Page:
    """List task instances as the body asks."""
    body: dict[str, Any] = dict(call.body or {})
    names = {"dag_ids": "dag_id", "dag_run_ids": "run_id", "task_ids": "task_id"}
    given = {names.get(str(name), name): value for name, value in body.items()}
    return _page(call, select(call, call.world.instances(), given, FIELDS))


@operation("get_task_instance")
def get_task_instance(call: Call) -> Any:
    """Show the instance of a task that is not mapped."""
    run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    found = run.of_task(call.path["task_id"]) if run else []
    if found and found[0].map_index >= 0:
        raise not_found(say(call, "mapped"))
    return instance_view(lookup.instance(call))


@operation("get_mapped_task_instance")
def get_mapped_task_instance(call: Call) -> Any:
    """Show one mapped instance; -1 is the one of a task that is not mapped."""
    return instance_view(lookup.instance(call, "mapped instance"))


@operation("get_mapped_task_instances")
def get_mapped_task_instances(call: Call) -> Page:
    """List the instances of a mapped task."""
    run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    found = [one for one in (run.of_task(call.path["task_id"]) if run else []) if one.map_index >= 0]
    if not found:
        dag = lookup.dag(call, "dag of task")
        raise missing(call, "not mapped" if call.path["task_id"] in dag.tasks else "task not mapped")
    return _page(call, _repeated(call, _selected(call, found)))


def _repeated(call: Call, rows: list[TaskInstance]) -> list[TaskInstance]:
    """Before 3.2, asked for by versions, each comes once for every version that any DAG has of them (measured)."""
    wanted = call.query.get("version_number") or ()
    if not wanted or call.mock.follow == "documents" or has(call.world.version, "versions belong to mapped instances"):
        return rows
    return [row for row in rows for dag in call.world.dags for version in dag.versions if version.number in wanted]


@operation("get_task_instance_tries", "get_mapped_task_instance_tries")
def get_task_instance_tries(call: Call) -> Any:
    """List the tries of an instance."""
    instance = lookup.instance(call, "instance of map index")
    tries = [try_view(instance, one) for one in instance.tries()]
    return {"task_instances": tries, "total_entries": len(tries)}


@operation("get_task_instance_try_details", "get_mapped_task_instance_try_details")
def get_task_instance_try_details(call: Call) -> Any:
    """Show one try of an instance; the current one counts too when it has not begun."""
    instance = lookup.instance(call, "try")
    for one in (instance.current(), *instance.history):
        if one.try_number == call.path["task_try_number"]:
            return try_view(instance, one)
    raise missing(call, "try", map_index=instance.map_index)


@operation("get_task_instance_dependencies", "get_task_instance_dependencies_by_map_index")
def get_task_instance_dependencies(call: Call) -> Any:
    """Say what keeps an instance from being scheduled; 3.3 wraps the text of its 404 in a list (measured)."""
    try:
        instance = lookup.instance(call, "instance of dependencies")
    except ApiError as error:
        listed = has(call.world.version, "a missing instance is a list of texts")
        raise ApiError(404, [error.detail] if listed else error.detail) from None
    return {"dependencies": list(obstacles(instance, _rule))}


def _rule(waiting: int, total: int, upstream: Sequence[str]) -> str:
    return (
        f"Task's trigger rule 'all_success' requires all upstream tasks to have succeeded, but found {waiting} "
        f"non-success(es). upstream_states=_UpstreamTIStates(success={total - waiting}), "
        f"upstream_task_ids={list(upstream)}"
    )


@operation("get_extra_links")
def get_extra_links(call: Call) -> Any:
    """List the extra links of an instance: who triggers a DAG has one, which leads nowhere until it has run."""
    if not has(call.world.version, "links are found without their DAG"):
        lookup.dag(call, "dag of links")
    links = operator_of(lookup.instance(call, "instance of links").task).links
    return {"extra_links": dict.fromkeys(links), "total_entries": len(links)}


@operation("get_external_log_url")
def get_external_log_url(_call: Call) -> Any:
    """Refuse: logs are kept in files here."""
    raise ApiError(400, "Task log handler does not support external logs.")
