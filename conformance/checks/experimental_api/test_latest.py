"""The latest run of each DAG (experimental-api, "Endpoints")."""

from __future__ import annotations

from urllib.parse import unquote_plus

from conformance.checks.experimental_api.answers import moment, record, records, succeeded
from conformance.checks.experimental_api.runs import Runs, keys
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target


@requirement("EXP-LATEST-001")
def test_one_run_of_each_dag(target: Target, judge: Judge, runs: Runs) -> None:
    """A DAG with runs has one in the list, the one of the latest date, though another was created after it."""
    runs.there(judge)
    latest = target.call("latest_dag_runs")
    if not succeeded(judge, latest, "the latest runs are to be listed"):
        return
    found = [(item.get("dag_id"), moment(item.get("execution_date"))) for item in records(latest, "items")]
    for dag in (runs.dag, runs.other_dag):
        listed = runs.listed(dag)
        last = max(date for _, date in keys(listed) if date)
        shown = [date for name, date in found if name == dag]
        wish = f"of {dag} the latest run is to be shown, once, that of {last}; shown are those of {shown}"
        judge.that(shown == [last], [listed, latest], wish)
    dags = [name for name, _ in found]
    judge.that(
        len(set(dags)) == len(dags), latest, f"each DAG is to be there once; {len(dags)} are of {len(set(dags))}"
    )


@requirement("EXP-LATEST-002")
def test_what_is_shown_of_a_run(target: Target, judge: Judge, runs: Runs) -> None:
    """Each item names its DAG and its date, and has an address in the web interface that leads to both."""
    runs.there(judge)
    latest = target.call("latest_dag_runs")
    items = record(latest).get("items")
    judge.that(isinstance(items, list) and len(items) > 1, latest, "the latest runs are to be in a list called items")
    for item in records(latest, "items"):
        dag, date = str(item.get("dag_id")), moment(item.get("execution_date"))
        judge.that("dag_id" in item and date is not None, latest, f"each is to have its DAG and its date; it is {item}")
        address = unquote_plus(str(item.get("dag_run_url")))
        leads = address.startswith("/") and dag in address and (date is None or f"{date:%H:%M:%S}" in address)
        judge.that(leads, latest, f"the address of the run of {dag} at {date} is to lead to it; it is {address}")
