"""DAGs: paused and unpaused, their code, and forgetting them."""

from __future__ import annotations

from typing import Any

from mockserver.api.experimental import lookup, operation, traits
from mockserver.api.experimental.refusing import refused
from mockserver.operations import Answer, Call
from mockserver.world.dags import Dag
from specs.fixtures import source

HTML = "text/html; charset=utf-8"
_WORDS = ("true", "false")


@operation("dag_paused")
def dag_paused(call: Call) -> Any:
    """Pause a DAG by the word "true"; any other lets it run on. A GET that writes."""
    word = call.path["paused"]
    if word not in _WORDS and not traits(call).any_word_unpauses:
        raise refused(400, f"paused: {word!r} is neither 'true' nor 'false'")
    call.world.pause(lookup.row(call), word == "true")
    return {"response": "ok"}


@operation("dag_is_paused")
def dag_is_paused(call: Call) -> Any:
    """Tell whether a DAG is paused."""
    return {"is_paused": lookup.row(call).is_paused}


@operation("get_dag_code")
def get_dag_code(call: Call) -> Answer:
    """Show the file of a DAG."""
    code = source(call.world.version.major, lookup.dag(call).plan)
    return Answer(body=code.encode(), media=HTML)


@operation("delete_dag")
def delete_dag(call: Call) -> Any:
    """Forget a DAG, and tell how many rows that were."""
    dag = call.world.dags.get(call.path["dag_id"])
    if dag is None:
        raise refused(404, f"Dag id {call.path['dag_id']} not found")
    count = _rows(call, dag)
    call.world.delete_dag(dag)
    return {"count": count, "message": f"Removed {count} record(s)"}


def _rows(call: Call, dag: Dag) -> int:
    """The DAG itself and its runs; in some versions its tags and the instances of its runs, too."""
    runs = call.world.runs_of(dag)
    parts = len(dag.plan.tags) + sum(len(run.instances) for run in runs)
    return 1 + len(runs) + (parts if traits(call).counts_all_rows else 0)
