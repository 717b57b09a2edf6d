"""What the path of a request names: found, or refused with 404 in the words of `wording`."""

from __future__ import annotations

from mockserver.api.v1.wording import missing
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance
from specs.fixtures import Task

ALL = "~"


def dag(call: Call, text: str = "dag") -> Dag:
    """The DAG of the path."""
    found = call.world.dags.get(call.path["dag_id"])
    if found is None:
        raise missing(call, text)
    return found


def task(call: Call, owner: Dag, text: str = "task") -> Task:
    """The task of the path."""
    found = owner.tasks.get(call.path["task_id"])
    if found is None:
        raise missing(call, text)
    return found


def run(call: Call, text: str = "run") -> Run:
    """The DAG run of the path."""
    found = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    if found is None:
        raise missing(call, text)
    return found


def map_index(call: Call) -> int:
    """The map index of the path, else of the query, else -1."""
    value = call.path.get("map_index", call.query.get("map_index"))
    return -1 if value is None else int(value)


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
