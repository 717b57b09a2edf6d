"""What the path of a request names: found, or refused with 404."""

from __future__ import annotations

from mockserver.api.v2.wording import missing
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance

ALL = "~"


def dag(call: Call, text: str = "dag") -> Dag:
    """The DAG of the path."""
    found = call.world.dags.get(call.path["dag_id"])
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


def instance(call: Call, text: str = "instance") -> TaskInstance:
    """The task instance of the path."""
    owner = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    found = owner.instance(call.path["task_id"], map_index(call)) if owner else None
    if found is None:
        raise missing(call, text, map_index=map_index(call))
    return found


def runs(call: Call, text: str = "dag of runs") -> list[Run]:
    """The runs that the path names: of one DAG, or of all (~)."""
    if call.path["dag_id"] == ALL:
        return list(call.world.runs)
    return call.world.runs_of(dag(call, text))
