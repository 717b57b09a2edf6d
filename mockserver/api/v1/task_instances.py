"""Task instances: lists, single ones, their tries and what they wait for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.obstacles import obstacles
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.dag_views import TRIGGER_LINK
from mockserver.api.v1.dates import aware
from mockserver.api.v1.forms import Field, Form, each, integer, text
from mockserver.api.v1.problems import bad_request
from mockserver.api.v1.run_views import instance_view, try_view
from mockserver.api.v1.wording import missing
from mockserver.operations import Call, Page
from mockserver.world.habits import has
from mockserver.world.task_instances import TaskInstance

STATES = (
    *("removed", "scheduled", "queued", "running", "success", "restarting", "failed", "up_for_retry"),
    *("up_for_reschedule", "upstream_failed", "skipped", "deferred", "shutdown"),
)
FIELDS: dict[str, Callable[[TaskInstance], Any]] = {
    **order("state", "start_date", "end_date", "duration", "updated_at", "task_id"),
    "dag_id": lambda one: one.run.dag_id,
    "run_id": lambda one: one.run.run_id,
    "execution_date": lambda one: one.run.logical_date,
    "pool": lambda one: one.task.pool,
    "queue": lambda _: "default",
    "executor": lambda _: None,
}
_ORDERS = order("state", "duration", "start_date", "end_date")
_DATES = ("execution_date", "start_date", "end_date")
_BOUNDS = {f"{name}_{end}": Field(aware, null=True) for name in _DATES for end in ("gte", "lte")}
_TEXTS = Field(each(text), null=True)
BATCH = Form(
    page_offset=Field(integer, default=0, least=0),
    page_limit=Field(integer, default=100, least=1),
    dag_ids=_TEXTS,
    dag_run_ids=Field(each(text), null=True, since="2.7"),
    task_ids=Field(each(text), null=True, since="2.7"),
    **_BOUNDS,
    duration_gte=Field(integer, null=True),
    duration_lte=Field(integer, null=True),
    state=Field(each(text, null=True), null=True),
    pool=_TEXTS,
    queue=_TEXTS,
    executor=Field(each(text), null=True, since="2.10"),
)


def _page(call: Call, rows: list[TaskInstance]) -> Page:
    view = partial(instance_view, call.world.version)
    return call.page(rows, key="task_instances", view=view, order=_ORDERS)


def _states(call: Call, given: Iterable[str | None]) -> list[str | None]:
    """The states asked for, "none" being null; newer versions crash on one that there is not (measured)."""
    wanted = [None if one in ("none", None) else one for one in given]
    if has(call.world.version, "unknown states crash") and any(one not in (None, *STATES) for one in wanted):
        break_down(call, f"states {wanted}")
    return wanted


def _selected(call: Call, rows: Iterable[TaskInstance], given: Mapping[str, Any]) -> list[TaskInstance]:
    states = _states(call, given.get("state") or ())
    return select(call, rows, {**given, "state": states}, FIELDS)


@operation("get_task_instances")
def get_task_instances(call: Call) -> Page:
    """List the task instances of one run, of all runs of a DAG (run ~), or of all DAGs (~)."""
    names = {"dag_id": call.path["dag_id"], "run_id": call.path["dag_run_id"]}
    wanted = {name: value for name, value in names.items() if value != lookup.ALL}
    return _page(call, _selected(call, call.world.instances(), {**call.query, **wanted}))


@operation("get_task_instances_batch")
def get_task_instances_batch(call: Call) -> Any:
    """List task instances as the body asks; older versions take page_limit and do not follow it (measured)."""
    body = BATCH.load(call)
    names = {"dag_ids": "dag_id", "dag_run_ids": "run_id", "task_ids": "task_id"}
    rows = _selected(call, call.world.instances(), {names.get(k, k): v for k, v in body.items()})
    if has(call.world.version, "batches of instances have pages"):
        return _page(call, rows)
    return {"task_instances": [instance_view(call.world.version, one) for one in rows], "total_entries": len(rows)}


@operation("get_task_instance")
def get_task_instance(call: Call) -> Any:
    """Show the instance of a task that is not mapped."""
    if any(one.map_index >= 0 for one in lookup.of_task(call)):
        raise missing(call, "mapped")
    return instance_view(call.world.version, lookup.instance(call))


@operation("get_mapped_task_instance")
def get_mapped_task_instance(call: Call) -> Any:
    """Show one mapped instance."""
    return instance_view(call.world.version, lookup.instance(call))


@operation("get_mapped_task_instances")
def get_mapped_task_instances(call: Call) -> Page:
    """List the instances of a mapped task."""
    found = [one for one in lookup.of_task(call) if one.map_index >= 0]
    if not found:
        _check_mapped(call)
    rows = _selected(call, found, call.query)
    name = call.query.get("order_by")
    if name == "-map_index" or _is_none(call, name):
        plain = {key: value for key, value in call.query.items() if key != "order_by"}
        return _page(replace(call, query=plain), rows[::-1] if name else rows)
    if name not in call.operation.orders:
        raise bad_request(f"Ordering with '{name}' is not supported")
    return _page(call, rows)


def _is_none(call: Call, order: str | None) -> bool:
    return order is None or (not order and not has(call.world.version, "an empty order is an order"))


def _check_mapped(call: Call) -> None:
    """Refuse a task that is not mapped; an older version breaks down on one that there is not (measured)."""
    dag = lookup.dag(call, "dag of mapped")
    if call.path["task_id"] not in dag.tasks and not has(call.world.version, "unknown tasks are not mapped"):
        break_down(call, "no such task")
    if lookup.task(call, dag, "task not mapped").mapped is None:
        raise missing(call, "not mapped")


@operation("get_task_instance_tries", "get_mapped_task_instance_tries")
def get_task_instance_tries(call: Call) -> Any:
    """List the tries of an instance; one that there is not has none."""
    found = [one for one in lookup.of_task(call) if one.map_index == lookup.map_index(call)]
    tries = [try_view(call.world.version, one, each) for one in found for each in one.tries()]
    if call.mock.traits.pages_tries:
        return call.page(tries, key="task_instances", view=dict, order={})
    return {"task_instances": tries, "total_entries": len(tries)}


@operation("get_task_instance_try_details", "get_mapped_task_instance_try_details")
def get_task_instance_try_details(call: Call) -> Any:
    """Show one try of an instance; the current one counts too when it has not begun."""
    instance = lookup.instance(call, "try")
    for one in (instance.current(), *instance.history):
        if one.try_number == call.path["task_try_number"]:
            return try_view(call.world.version, instance, one)
    raise missing(call, "try", map_index=instance.map_index)


@operation("get_task_instance_dependencies", "get_mapped_task_instance_dependencies")
def get_task_instance_dependencies(call: Call) -> Any:
    """Say what keeps an instance from being scheduled."""
    instance = lookup.instance(call, "instance by name")
    return {"dependencies": sorted(obstacles(instance, _rule), key=lambda one: one["name"])}


def _rule(waiting: int, total: int, upstream: Sequence[str]) -> str:
    states = "skipped=0, failed=0, upstream_failed=0, removed=0"
    done = f"done={total - waiting}, success_setup=0, skipped_setup=0"
    return (
        f"Task's trigger rule 'all_success' requires all upstream tasks to have succeeded, but found {waiting} "
        f"non-success(es). upstream_states=_UpstreamTIStates(success={total - waiting}, {states}, {done}), "
        f"upstream_task_ids={set(upstream)}"
    )


@operation("get_extra_links")
def get_extra_links(call: Call) -> Any:
    """List the extra links of an instance: who triggers a DAG has one to it. Airflow gives no list (measured)."""
    dag = lookup.dag(call, "dag of links")
    task = lookup.task(call, dag, "task of links")
    if not has(call.world.version, "links are of one instance") and len(lookup.of_task(call)) > 1:
        break_down(call, "one instance was expected")
    lookup.instance(call, "run of links")
    links = {"Triggered DAG": f"/dags/{task.triggers}/grid"} if task.triggers else {}
    if call.mock.follow == "airflow":
        return links
    return {"extra_links": [{"class_ref": TRIGGER_LINK, "name": name, "href": url} for name, url in links.items()]}
