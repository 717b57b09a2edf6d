"""What the stable API says of things that are not there: measured on Airflow 2.2.5, 2.6.3 and 2.11.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.api.v1.problems import Problem, not_found

if TYPE_CHECKING:
    from mockserver.operations import Call

_NO_INSTANCE = "Task instance not found"
_NO_RUN = "DAGRun with DAG ID: '{dag_id}' and DagRun ID: '{dag_run_id}' not found"

TEXTS: dict[str, tuple[str, str | None]] = {  # title and detail
    "dag": ("DAG not found", "The DAG with dag_id: {dag_id} was not found"),
    "dag of tasks": ("DAG not found", None),
    "dag of links": ("DAG not found", 'DAG with ID = "{dag_id}" not found'),
    "dag of mapped": ("DAG {dag_id} not found", None),
    "dag of instance": ("DAG not found", "DAG '{dag_id}' not found"),
    "dag to change": ("Dag with id: '{dag_id}' not found", None),
    "dag to trigger": ("DAG not found", "DAG with dag_id: '{dag_id}' not found"),
    "dag to clear": ("Dag id {dag_id} not found", None),
    "dag to set": ("Dag ID {dag_id} not found", None),
    "source": ("Dag source not found", None),
    "file": ("File not found", None),
    "task": ("Task not found", None),
    "task of links": ("Task not found", 'Task with ID = "{task_id}" not found'),
    "task of instance": ("Task not found", "Task '{task_id}' not found in DAG '{dag_id}'"),
    "task to set": ("Task ID {task_id} not found", None),
    "task not mapped": ("Task id {task_id} not found", None),
    "not mapped": ("Task id {task_id} is not mapped", None),
    "run": ("DAGRun not found", _NO_RUN),
    "run to delete": ("Not Found", _NO_RUN),
    "run to change": ("Dag Run id {dag_run_id} not found in dag {dag_id}", None),
    "run to clear": ("Dag Run id {dag_run_id} not found in dag   {dag_id}", None),
    "run of links": ("DAG Run not found", 'DAG Run with ID = "{dag_run_id}" not found'),
    "instance": (_NO_INSTANCE, None),
    "mapped": (_NO_INSTANCE, "Task instance is mapped, add the map_index value to the URL"),
    "instance by name": (
        "Task Instance not found for dag_id={dag_id}, run_id={dag_run_id}, task_id={task_id}",
        None,
    ),
    "instance of logs": ("TaskInstance not found", None),
    "instance to patch": (
        "Not Found",
        "Task instance not found for task '{task_id}' on DAG run with ID '{dag_run_id}'",
    ),
    "instance of date": (
        "Not Found",
        "Task instance not found for task '{task_id}' on execution_date {execution_date}",
    ),
    "old instance of date": ("Task instance not found for task {task_id} on execution_date {execution_date}", None),
    "try": (
        _NO_INSTANCE,
        "Task Instance not found for dag_id={dag_id}, run_id={dag_run_id}, task_id={task_id}, "
        "map_index={map_index}, try_number={task_try_number}.",
    ),
    "xcom": ("XCom entry not found", None),
    "dataset": ("Dataset not found", "The Dataset with uri: `{uri}` was not found"),
    "dataset of event": ("Dataset not found", "Dataset with uri: '{uri}' not found"),
    "queued event": (
        "Queue event not found",
        "Queue event with dag_id: `{dag_id}` and dataset uri: `{uri}` was not found",
    ),
    "queued events of dag": ("Queue event not found", "Queue event with dag_id: `{dag_id}` was not found"),
    "queued events of dataset": ("Queue event not found", "Queue event with dataset uri: `{uri}` was not found"),
}


def missing(call: Call, name: str, **values: Any) -> Problem:
    """404 with the texts of the table, in which the path's values and the given ones are filled in."""
    known = {"map_index": -1, **call.path, **values}
    title, detail = TEXTS[name]
    return not_found(title.format_map(known), detail and detail.format_map(known))
