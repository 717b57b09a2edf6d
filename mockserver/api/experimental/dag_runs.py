"""DAG runs: listed, looked at, and the latest of each DAG."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from mockserver.api.experimental import dates, lookup, operation, traits
from mockserver.api.experimental.refusing import broken
from mockserver.operations import Call
from mockserver.world.runs import STATES, Run


@operation("dag_runs")
def dag_runs(call: Call) -> Any:
    """List the runs of a DAG by their dates, all or those in one state; a DAG that there is not is a bad request."""
    dag = lookup.dag(call, 400)
    state = (call.query.get("state") or "").lower()
    if state and state not in STATES and traits(call).states_are_checked:
        raise broken(call, f"{state} is no state")
    found = [run for run in call.world.runs_of(dag) if not state or run.state == state]
    return [{**_seen(call, run), "id": run.number, "run_id": run.run_id, "state": run.state} for run in _dated(found)]


@operation("latest_dag_runs")
def latest_dag_runs(call: Call) -> Any:
    """For each DAG that has runs the one with the latest date."""
    latest = (_dated(call.world.runs_of(dag))[-1:] for dag in sorted(call.world.dags, key=lambda dag: dag.dag_id))
    return {"items": [_seen(call, run) for runs in latest for run in runs]}


@operation("dag_run_status")
def dag_run_status(call: Call) -> Any:
    """Show the state of a run, or all that is known of it."""
    run = lookup.run(call, dates.of(call, call.path["execution_date"]))
    return variables(run) if traits(call).shows_all_of_runs else {"state": run.state}


def variables(run: Run) -> dict[str, Any]:
    """The variables of a run."""
    return {
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "execution_date": _iso(run.logical_date),
        "state": run.state,
        "conf": run.conf,
        "external_trigger": run.run_type == "manual",
        "start_date": _iso(run.start_date),
        "end_date": _iso(run.end_date),
    }


def _dated(runs: list[Run]) -> list[Run]:
    date: Callable[[Run], Any] = lambda run: run.logical_date  # noqa: E731 - the type is what it is named for
    return sorted(runs, key=date)


def _seen(call: Call, run: Run) -> dict[str, Any]:
    """What both lists tell of a run."""
    return {
        "dag_id": run.dag_id,
        "dag_run_url": _page(call, run),
        "execution_date": _iso(run.logical_date),
        "start_date": _iso(run.start_date) or "",
    }


def _iso(date: datetime | None) -> str | None:
    return date.isoformat() if date else None


def _page(call: Call, run: Run) -> str:
    """The address of the page that shows a run."""
    ways = traits(call)
    date = quote_plus(dates.spaced(run.logical_date), safe="" if ways.quotes_colons else ":")
    dag_id = quote_plus(run.dag_id)
    asked = {"execution_date": date} if "{}" in ways.run_page else {"dag_id": dag_id, "execution_date": date}
    return f"{ways.run_page.format(dag_id)}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"
