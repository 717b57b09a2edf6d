"""Every operation answers in the form of the contract, be it a refusal (experimental-api, "Endpoints")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.checks.experimental_api.pools import DEFAULT
from conformance.checks.experimental_api.runs import WITH_TASKS, Made, Runs
from conformance.forms import Forms
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.dates import plain
from conformance.target import Target
from specs.contract import Interface, Operation

#: An operation, and what `Target.call` is to be given for it.
Question = tuple[str, dict[str, Any]]

#: Which of the spare DAGs is paused (see `Target.spare_dag`).
_PAUSED = 3


@requirement("EXP-API-005")
def test_answers_have_the_form_of_the_contract(
    target: Target, judge: Judge, interface: Interface, operations: list[Operation], runs: Runs
) -> None:
    """About what is there, what is not, and what cannot be: every answer has a form that the contract has."""
    forms, asked = Forms(interface), {operation.id: operation for operation in operations}
    for name, how in questions(target, runs, judge):
        if operation := asked.get(name):
            answer = target.call(name, **how)
            fault = forms.fault(operation, answer.response) if answer.response else ""
            judge.that(not fault, answer, fault or f"{name} has the form of the contract")


def questions(target: Target, runs: Runs, judge: Judge) -> Iterator[Question]:
    """What can be asked of this target."""
    writes, fixtures = not target.guard.why_not, "fixture-dags" in target.profile.capabilities
    if writes and fixtures:
        runs.there(judge)  # so that no list is empty
    yield from _anywhere(target.new_name("unknown"))
    if fixtures:
        yield from _about_dags()
    if writes:
        yield from _about_pools(target.new_name("pool"))
    if writes and fixtures:
        yield from _about_runs(runs.with_tasks, runs.new())
        yield from [("dag_paused", {"params": {"dag_id": target.spare_dag(_PAUSED), "paused": "true"}})]


def _anywhere(unknown: str) -> Iterator[Question]:
    date, dag = {"execution_date": "2000-01-01T00:00:00"}, {"dag_id": unknown}
    yield from ((name, {}) for name in ("test", "info", "latest_dag_runs", "get_pools"))
    yield from (("get_pool", {"params": {"name": name}}) for name in (DEFAULT, unknown))
    yield "dag_runs", {"params": dag}
    yield from ((name, {"params": {**dag, **date}}) for name in ("dag_run_status", "get_lineage"))
    yield "dag_run_status", {"params": {**dag, "execution_date": "no-date"}}
    yield "task_info", {"params": {**dag, "task_id": unknown}}
    yield "task_instance_info", {"params": {**dag, **date, "task_id": unknown}}
    yield "get_dag_code", {"params": dag}


def _about_dags() -> Iterator[Question]:
    dag = {"dag_id": WITH_TASKS}
    yield from ((name, {"params": dag}) for name in ("dag_runs", "dag_is_paused", "get_dag_code"))
    yield "task_info", {"params": {**dag, "task_id": "first"}}


def _about_pools(name: str) -> Iterator[Question]:
    body = {"name": name, "slots": 3, "description": None}
    yield "create_pool", {"json": body}
    yield "create_pool", {"json": {**body, "slots": "many"}}
    yield "create_pool", {"body": b'{"name": "' + name.encode() + b'"'}
    yield "get_pool", {"params": {"name": name}}
    yield "delete_pool", {"params": {"name": name}}
    yield "delete_pool", {"params": {"name": name}}
    yield "trigger_dag", {"params": {"dag_id": name}, "json": {}}
    yield "delete_dag", {"params": {"dag_id": name}}


def _about_runs(made: Made, body: dict[str, Any]) -> Iterator[Question]:
    there = {"dag_id": made.dag_id, "execution_date": plain(made.moment)}
    yield from ((name, {"params": there}) for name in ("dag_run_status", "get_lineage"))
    yield "task_instance_info", {"params": {**there, "task_id": "first"}}
    yield "trigger_dag", {"params": {"dag_id": made.dag_id}, "json": body}
    yield "trigger_dag", {"params": {"dag_id": made.dag_id}, "json": body}
    yield "trigger_dag", {"params": {"dag_id": made.dag_id}, "json": {**body, "execution_date": "no-date"}}
