"""What the path of a request names: found, or refused with 404 in the words of `wording`."""

from __future__ import annotations

from mockserver.api.lookup import ALL, Lookup, map_index
from mockserver.api.v1.wording import missing
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.task_instances import TaskInstance
from specs.fixtures import Task

__all__ = ["ALL", "dag", "instance", "map_index", "of_task", "run", "task"]

_found = Lookup(missing)
dag, run = _found.dag, _found.run


def task(call: Call, owner: Dag, text: str = "task") -> Task:
    """The task of the path."""
    found = owner.tasks.get(call.path["task_id"])
    if found is None:
        raise missing(call, text)
    return found


def of_task(call: Call) -> list[TaskInstance]:
    """All instances of the task of the path, in the run of the path."""
    owner = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    return owner.of_task(call.path["task_id"]) if owner else []


def instance(call: Call, text: str = "instance") -> TaskInstance:
    """The task instance of the path."""
    for found in of_task(call):
        if found.map_index == map_index(call):
            return found
    raise missing(call, text, map_index=map_index(call))
