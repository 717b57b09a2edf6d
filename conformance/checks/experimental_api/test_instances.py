"""The instances of a run's tasks (experimental-api, "Endpoints")."""

from __future__ import annotations

from typing import Any

from conformance.checks.experimental_api.answers import moment, record, refused, succeeded
from conformance.checks.experimental_api.dags import strange
from conformance.checks.experimental_api.runs import Made, Runs, at
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.dates import plain
from conformance.target import Target
from specs import fixtures
from specs.fixtures.model import Dag

#: What the document's words "public instance variables" come to at least.
VARIABLES = ("dag_id", "task_id", "state", "pool", "queue", "start_date", "end_date", "duration", "operator")


@requirement("EXP-INSTANCE-001", "EXP-INSTANCE-002", "EXP-INSTANCE-003")
def test_each_task_of_a_run_has_an_instance(target: Target, judge: Judge, runs: Runs) -> None:
    """At the run's date in the form of the document each task has its instance, of that task and of that run."""
    for made in (each for each in runs.there(judge) if not each.moment.microsecond):
        for task in _dag(made).tasks:
            found = at(target, made.dag_id, plain(made.moment), task.id)
            if succeeded(judge, found, f"{made} is to have an instance of {task.id}"):
                shown = record(found)
                told = shown.get("dag_id"), shown.get("task_id"), _run(shown, made)
                same = told == (made.dag_id, task.id, True)
                wish = f"the instance of {task.id} in {made} is to be of that run; it is {_shown(shown)}"
                judge.that(same, found, wish, requirement="EXP-INSTANCE-001")
                lacking = [name for name in VARIABLES if name not in shown]
                wish = f"the instance is to have {', '.join(VARIABLES)}; it lacks {lacking}"
                judge.that(not lacking, found, wish, requirement="EXP-INSTANCE-002")
                wish = f"the instance of {task.id} is to have the pool {task.pool}; it has {shown.get('pool')}"
                judge.that(shown.get("pool") == task.pool, found, wish, requirement="EXP-INSTANCE-002")


@requirement("EXP-INSTANCE-004")
def test_unknown_instances_are_not_told_of(target: Target, judge: Judge, runs: Runs) -> None:
    """No instance of a task that the DAG does not have, of another DAG's run, at another date, of an unknown DAG."""
    runs.there(judge)
    made, other, unknown = runs.with_tasks, runs.other, target.new_name("unknown")
    date, task = plain(made.moment), _dag(made).tasks[0].id
    for strange_one in (*strange(_dag(made)), unknown):
        refused(judge, at(target, made.dag_id, date, strange_one), f"{strange_one} in {made}, which has none,", 404)
    elsewhere = plain(other.moment)
    refused(judge, at(target, made.dag_id, elsewhere, task), f"{task} of {made.dag_id} at the date of {other}", 404)
    never = plain(made.moment.replace(year=made.moment.year - 1))
    refused(judge, at(target, made.dag_id, never, task), f"{task} of {made.dag_id} at {never}", 404)
    refused(judge, at(target, unknown, date, task), f"{task} of a DAG that there is not", 404)


def _dag(made: Made) -> Dag:
    return fixtures.load().dag(made.dag_id)


def _run(shown: dict[str, Any], made: Made) -> bool:
    """Whether an instance is of a run: by the run's id or, before 2.2, by its date."""
    return made.run_id == shown["run_id"] if "run_id" in shown else moment(shown.get("execution_date")) == made.moment


def _shown(shown: dict[str, Any]) -> str:
    names = ("dag_id", "task_id", "run_id", "execution_date")
    return ", ".join(f"{name} {shown[name]}" for name in names if name in shown)
