"""What there is to tell of DAGs besides themselves: how their runs went, and warnings."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from mockserver.api.filters import select
from mockserver.api.v1 import operation
from mockserver.operations import Call, Page
from mockserver.world.dags import Dag
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
    """List the warnings about DAGs: of the pools that they want and that are not there."""
    rows = [_warning(dag, pools) for dag in call.world.dags if (pools := call.world.missing_pools(dag))]
    keys = {name: itemgetter(name) for name in ("dag_id", "warning_type", "message", "timestamp")}
    return call.page(select(call, rows, call.query, keys), key="dag_warnings", view=dict, order=keys)


def _warning(dag: Dag, pools: list[str]) -> dict[str, Any]:
    message = f"Dag '{dag.dag_id}' references non-existent pools: {pools}"
    return {"dag_id": dag.dag_id, "warning_type": "non-existent pool", "message": message, "timestamp": dag.parsed_at}
