"""A run is created as it was asked for, once, and of no other DAG (experimental-api, "Endpoints")."""

from __future__ import annotations

import json
from collections.abc import Sequence

from conformance.checks.experimental_api.answers import moment, record, records, refused, succeeded
from conformance.checks.experimental_api.runs import WITH_TASKS, Made, Runs, keys
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.dates import plain
from conformance.target import Target


@requirement("EXP-RUN-001", "EXP-RUN-003")
def test_one_run_is_created(judge: Judge, runs: Runs) -> None:
    """What the answer tells of is what the list has more than before; it has the run id and the date of the request."""
    for made in runs.every():
        tried, told = made.tried, record(made.tried.answer)
        if succeeded(judge, tried.answer, f"{made} is to be created"):
            key = told.get("run_id"), moment(told.get("execution_date"))
            wish = f"{made} was asked for; the answer is about {key}"
            judge.that(key == made.key, tried.answer, wish, requirement="EXP-RUN-003")
            wish = f"the list is to have one run more, {key}; it has {tried.new}"
            judge.that(tried.new == (key,), tried.story, wish, requirement="EXP-RUN-001")
            wish = f"{made} is to be in the list; new there are {tried.new}"
            judge.that(made.key in tried.new, tried.story, wish, requirement="EXP-RUN-003")


@requirement("EXP-RUN-002")
def test_run_is_of_its_dag_alone(target: Target, judge: Judge, runs: Runs) -> None:
    """The DAG that was asked for has the run; no other has one of its id or of its date, nor is one its latest."""
    made = runs.there(judge)
    for dag in (runs.dag, runs.other_dag, WITH_TASKS):
        _has_its_own(judge, runs, dag, made)
    owners = {each.moment: each.dag_id for each in made}
    latest = target.call("latest_dag_runs")
    for item in records(latest, "items"):
        date, dag = moment(item.get("execution_date")), str(item.get("dag_id"))
        owner = owners.get(date, dag) if date else dag
        judge.that(owner == dag, latest, f"the run of {owner} at {date} is to be no run of {dag}")


@requirement("EXP-RUN-004")
def test_configuration_as_in_the_example(judge: Judge, runs: Runs) -> None:
    """The configuration is JSON text in a string, as in the document's example; the run is there then."""
    body = runs.new(conf=json.dumps({"key": "value"}))
    tried = runs.trigger(runs.dag, json=body)
    if succeeded(judge, tried.answer, "a run with its configuration as JSON text is to be created"):
        wish = f"{body['run_id']} is to be there; new are {tried.new}"
        judge.that([name for name, _ in tried.new] == [body["run_id"]], tried.story, wish)


@requirement("EXP-RUN-006")
def test_run_that_is_there_is_not_created_again(judge: Judge, runs: Runs) -> None:
    """A run id that is taken, a date that is, and both: refused, and the list is as it was."""
    runs.there(judge)
    name, date = {"run_id": runs.early.run_id}, {"execution_date": plain(runs.early.moment)}
    for what, taken in (("a run id", name), ("a date", date), ("a run id and a date", {**name, **date})):
        tried = runs.trigger(runs.dag, json=runs.new(**taken))
        refused(judge, tried.answer, f"a run with {what} that the DAG has already")
        judge.that(not tried.new, tried.story, f"{what} that is taken makes no run; new are {tried.new}")


@requirement("EXP-RUN-007")
def test_unknown_dag_gets_no_run(target: Target, judge: Judge, runs: Runs) -> None:
    """A run of a DAG that there is not is refused with 404, whatever the body has."""
    dag = target.new_name("dag")
    for body in (runs.new(), runs.new(conf={"dag_id": runs.dag}), {}):
        answer = target.call("trigger_dag", params={"dag_id": dag}, json=body)
        refused(judge, answer, "a run of a DAG that there is not", 404)


def _has_its_own(judge: Judge, runs: Runs, dag: str, made: Sequence[Made]) -> None:
    listed = runs.listed(dag)
    found = keys(listed)
    names, moments = {name for name, _ in found}, {date for _, date in found}
    for each in made:
        if each.dag_id == dag:
            judge.that(each.key in found, listed, f"{dag} is to have {each}, which was made of it")
        else:
            strange = each.run_id in names or each.moment in moments
            judge.that(not strange, listed, f"{dag} is to have neither the id nor the date of {each}")
