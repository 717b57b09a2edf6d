"""What is told of a task (experimental-api, "Endpoints")."""

from __future__ import annotations

from conformance.checks.experimental_api.answers import record, refused, succeeded
from conformance.checks.experimental_api.dags import described, strange
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target


@requirement("EXP-TASK-001", "EXP-TASK-002")
def test_task_is_as_its_file_says(target: Target, judge: Judge) -> None:
    """Each task of a DAG is told of under its own name, with the owner of the DAG, its pool and its retries."""
    for dag in described():
        for task in dag.tasks:
            found = _task(target, dag.id, task.id)
            shown = record(found)
            succeeded(judge, found, f"the task {task.id} of {dag.id} is to be told of")
            told = shown.get("task_id")
            wish = f"the answer about {task.id} of {dag.id} is about {told}"
            judge.that(told == task.id, found, wish, requirement="EXP-TASK-001")
            says = {"owner": dag.owner, "pool": task.pool, "retries": str(task.retries)}
            has = {name: shown.get(name) for name in says}
            wish = f"{task.id} of {dag.id} is to have {says}; it has {has}"
            judge.that(has == says, found, wish, requirement="EXP-TASK-002")


@requirement("EXP-TASK-003")
def test_unknown_tasks_are_not_told_of(target: Target, judge: Judge) -> None:
    """Nothing is told of a task that only other DAGs have, that none has, or of a DAG that there is not."""
    unknown = target.new_name("unknown")
    for dag in described():
        first = dag.tasks[0].id
        for task in (unknown, *strange(dag), first[:-1], f"{first}x", first.upper()):
            refused(judge, _task(target, dag.id, task), f"the task {task} of {dag.id}, which has none,", 404)
        refused(judge, _task(target, unknown, first), f"the task {first} of a DAG that there is not", 404)


def _task(target: Target, dag: str, task: str) -> Exchange:
    return target.call("task_info", params={"dag_id": dag, "task_id": task})
