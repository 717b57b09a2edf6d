"""What the path of a request names: found, or refused with 404."""

from __future__ import annotations

from mockserver.api.lookup import ALL, Lookup, map_index
from mockserver.api.v2.wording import missing
from mockserver.operations import Call
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance

__all__ = ["ALL", "dag", "instance", "map_index", "run", "runs"]

_found = Lookup(missing)
dag, run = _found.dag, _found.run


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
