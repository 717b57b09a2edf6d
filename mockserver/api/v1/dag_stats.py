"""What there is to tell of DAGs besides themselves: how their runs went, and warnings."""

from __future__ import annotations

from typing import Any

from mockserver.api.filters import order
from mockserver.api.v1 import operation
from mockserver.operations import Call, Page
from mockserver.world.runs import STATES


@operation("get_dag_stats")
def get_dag_stats(call: Call) -> Any:
    """Count the runs of DAGs by state; DAGs that there are not are left out."""
    wanted = set(call.query["dag_ids"].split(","))
    stats = []
    for dag in sorted(call.world.dags, key=lambda dag: dag.dag_id):
        if dag.dag_id in wanted:
            runs = [run.state for run in call.world.runs_of(dag)]
            counts = [{"state": state, "count": runs.count(state)} for state in STATES]
            stats.append({"dag_id": dag.dag_id, "stats": counts})
    return {"dags": stats, "total_entries": len(stats)}


@operation("get_dag_warnings")
def get_dag_warnings(call: Call) -> Page:
    """List the warnings about DAGs: there are none."""
    return call.page([], key="dag_warnings", view=dict, order=order("dag_id", "warning_type", "message", "timestamp"))
