"""Faults of those operations of the experimental API that its document does not name."""

from __future__ import annotations

from typing import Any

from mockserver.deviations.conditions import letting_in
from mockserver.deviations.experimental import around, experimental, with_path
from mockserver.operations import Call, Handler
from profiles import Profile


@experimental("code-of-the-next", "EXP-API-006", "The code of a DAG is that of the DAG after it.")
def code_of_the_next(mock: Any) -> None:
    """Count wrongly."""

    def code(handler: Handler, call: Call) -> Any:
        ids = [dag.dag_id for dag in call.world.dags]
        if call.path["dag_id"] in ids:
            call = with_path(call, dag_id=ids[-1 - ids.index(call.path["dag_id"])])
        return handler(call)

    around(mock, "get_dag_code", code)


@experimental("deleted-dag-stays", "EXP-API-006", "A DAG is deleted, with a count of its rows, and is still there.")
def deleted_dag_stays(mock: Any) -> None:
    """Count, and keep everything."""

    def delete(handler: Handler, call: Call) -> Any:
        dag = call.world.dags.get(call.path["dag_id"])
        return {"count": 1, "message": "Removed 1 record(s)"} if dag else handler(call)

    around(mock, "delete_dag", delete)


def with_lineage(profile: Profile) -> bool:
    """The version has that operation, and lets somebody in."""
    return letting_in(profile) and profile.airflow >= (2, 0)


@experimental("lineage-of-every-task", "EXP-API-006", "The lineage of a run names all its tasks.", applies=with_lineage)
def lineage_of_every_task(mock: Any) -> None:
    """Fill what is empty."""

    def lineage(handler: Handler, call: Call) -> Any:
        dag = call.world.dags.get(call.path["dag_id"])
        return {**handler(call), "task_ids": {name: {"inlets": []} for name in dag.tasks} if dag else {}}

    around(mock, "get_lineage", lineage)
