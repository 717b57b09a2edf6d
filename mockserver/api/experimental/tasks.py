"""Tasks and their instances: every variable of Python's object, as text; variables.yaml has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from string import Template
from typing import Any

from mockserver.api.experimental import dates, lookup, operation
from mockserver.api.experimental.refusing import refused
from mockserver.api.experimental.triggering import described
from mockserver.api.v1.dag_views import operator
from mockserver.operations import Call
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance
from specs import yamlfile
from specs.fixtures import Task
from specs.versions import Version, within


@operation("task_info")
def task_info(call: Call) -> Any:
    """Show what the DAG's file says of a task."""
    task, dag = lookup.task(call), lookup.dag(call)
    values = {
        "task_id": task.id,
        "owner": dag.plan.owner,
        "pool": task.pool,
        "retries": task.retries,
        "start": dates.shown(call, dag.plan.start_date),
        "params": {name: param.value for name, param in dag.plan.params.items()},
        "context": bool(dag.upstream[task.id]),
        "downstream": set(task.downstream),
        "upstream": set(dag.upstream[task.id]),
    }
    return filled(call.world.version, "python" if task.python else "empty", values)


@operation("task_instance_info")
def task_instance_info(call: Call) -> Any:
    """Show an instance of a task; one that is not mapped, or the first."""
    date = dates.of(call, call.path["execution_date"])
    task = lookup.task(call)
    run = lookup.run(call, date)
    for instance in run.of_task(task.id):
        return filled(call.world.version, "instance", _values(call, run, task, instance))
    raise refused(404, f"Task {task.id} instance for date {dates.shown(call, date)} not found")


def _values(call: Call, run: Run, task: Task, instance: TaskInstance) -> dict[str, Any]:
    date = dates.spaced(run.logical_date)
    return {
        "task_id": task.id,
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "execution_date": date,
        "run": described(call, run, date),
        "operator": operator(task, call.world.version),
        "weight": run.dag.weight(task.id),
        "pool": task.pool,
        "state": instance.state,
        "start_date": instance.start_date,
        "end_date": instance.end_date,
        "duration": instance.duration,
        "queued_dttm": instance.queued_when,
        "updated_at": instance.updated_at,
        "hostname": instance.hostname,
        "pid": instance.pid,
        "map_index": instance.map_index,
        "max_tries": instance.max_tries,
        "try_number": instance.try_number,
    }


def filled(version: Version, what: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The variables that a version has of something, with their values as Python prints them."""
    return {name: text.substitute(values) for name, text in _templates(version, what)}


@cache
def _templates(version: Version, what: str) -> tuple[tuple[str, Template], ...]:
    return tuple((name, Template(str(text))) for name, text in _variables(version, what))


def _variables(version: Version, what: str) -> Iterator[tuple[str, str]]:
    """The variables of something, and of what it is like."""
    for entry in _table()[what]:
        if within(version, entry.get("since"), entry.get("until")):
            if "like" in entry:
                yield from _variables(version, entry["like"])
            yield from entry.get("have", {}).items()


@cache
def _table() -> Any:
    return yamlfile.read("mockserver.api.experimental", "variables.yaml")
