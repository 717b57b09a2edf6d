"""Which task instances a request reaches beyond those that it names, and what setting a state by hand does to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance
from mockserver.world.world import World

Flags = Mapping[str, Any]  # what a body says: include_upstream, include_past, only_failed, ...


def with_relatives(instances: list[TaskInstance], body: Flags) -> list[TaskInstance]:
    """The instances and those before and after them, in this and in other runs, that the body includes."""
    found: dict[int, TaskInstance] = {}
    for instance in instances:
        upstream, downstream = bool(body.get("include_upstream")), bool(body.get("include_downstream"))
        tasks = instance.run.dag.relatives(instance.task_id, upstream=upstream, downstream=downstream)
        for one in instance.run.instances:
            if one is instance or (one.task_id in tasks and one.task_id != instance.task_id):
                found[id(one)] = one
    return list(found.values())


def across_runs(world: World, instances: list[TaskInstance], body: Flags) -> list[TaskInstance]:
    """The same instances in runs before (include_past) and after (include_future) as well."""
    found = list(instances)
    for instance in instances:
        date = instance.run.logical_date
        for run in world.runs_of(instance.run.dag) if date else ():
            other = run.instance(instance.task_id, instance.map_index)
            if other and date and _included(run.logical_date, date, body):
                found.append(other)
    return found


def _included(other: datetime | None, date: datetime, body: Flags) -> bool:
    before, after = bool(body.get("include_past")), bool(body.get("include_future"))
    return other is not None and ((before and other < date) or (after and other > date))


def set_states(world: World, instances: list[TaskInstance], body: Flags, *, dry: bool) -> list[TaskInstance]:
    """Set the state of instances and of those that the body includes; give those that change."""
    state = body["new_state"]
    wanted = across_runs(world, with_relatives(instances, body), body)
    changed = [one for one in wanted if one.state != state]
    if not dry:
        for one in changed:
            one.set_state(state, world.now())
        _resume(world, across_runs(world, instances, body))
    return changed


def _resume(world: World, instances: list[TaskInstance]) -> None:
    """Clear what has failed after instances that were given a state, whatever that is (measured on 2.2.5 to 3.3.2)."""
    for instance in instances:
        run, after = instance.run, instance.run.dag.relatives(instance.task_id, downstream=True) - {instance.task_id}
        failed = [one for one in run.instances if one.task_id in after and one.state in ("failed", "upstream_failed")]
        world.clear(failed, "queued" if run.state in ("success", "failed") else None)


def to_clear(run: Run, body: Flags) -> list[TaskInstance]:
    """The instances of a run that the body's conditions name."""
    instances = list(run.instances)
    if body.get("only_failed"):
        instances = [one for one in instances if one.state in ("failed", "upstream_failed")]
    if body.get("only_running"):
        instances = [one for one in instances if one.state == "running"]
    return instances


def of_tasks(instances: list[TaskInstance], body: Flags) -> list[TaskInstance]:
    """Of the instances those of the tasks that the body names: ids, or pairs of id and map index."""
    if body.get("task_ids") is None:
        return instances
    pairs = {tuple(one) for one in body["task_ids"] if not isinstance(one, str)}
    names = {one for one in body["task_ids"] if isinstance(one, str)}
    upstream, downstream = bool(body.get("include_upstream")), bool(body.get("include_downstream"))
    for dag in {one.run.dag for one in instances}:
        for name in [one for one in (*names, *(pair[0] for pair in pairs)) if one in dag.tasks]:
            names |= dag.relatives(name, upstream=upstream, downstream=downstream) - {name}
    return [one for one in instances if one.task_id in names or (one.task_id, one.map_index) in pairs]


def dated_within(run: Run, start: datetime | None, end: datetime | None) -> bool:
    """Whether the logical date of a run lies between two moments, of which None is no bound."""
    if start is None and end is None:
        return True
    date = run.logical_date
    return date is not None and (start is None or date >= start) and (end is None or date <= end)
