"""The operators of the tasks: what Airflow 3 tells about their classes (measured on 3.3.2)."""

from __future__ import annotations

from dataclasses import dataclass

from specs.fixtures import Task


@dataclass(frozen=True)
class Operator:
    """One class. `shown`: the name by which it goes; `links`: the names of the links that its tasks have."""

    name: str
    module: str
    shown: str
    colour: str
    templates: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


_STANDARD = "airflow.providers.standard"
EMPTY = Operator("EmptyOperator", f"{_STANDARD}.operators.empty", "EmptyOperator", "#e8f7e4")
PYTHON = Operator(
    "_PythonDecoratedOperator",
    f"{_STANDARD}.decorators.python",
    "@task",
    "#ffefeb",
    ("templates_dict", "op_args", "op_kwargs"),
)
ASKING = Operator("HITLOperator", f"{_STANDARD}.operators.hitl", "HITLOperator", "#fff", ("subject", "body"))
TRIGGER = Operator(
    "TriggerDagRunOperator",
    f"{_STANDARD}.operators.trigger_dagrun",
    "TriggerDagRunOperator",
    "#ffefeb",
    ("trigger_dag_id", "trigger_run_id", "logical_date", "conf", "wait_for_completion", "skip_when_already_exists"),
    ("Triggered DAG",),
)


def operator_of(task: Task) -> Operator:
    """The operator of a task, by what the task does."""
    if task.python:
        return PYTHON
    if task.asks is not None:
        return ASKING
    return TRIGGER if task.triggers else EMPTY
