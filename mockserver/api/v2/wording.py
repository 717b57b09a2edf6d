"""The texts of refusals, by version: measured on Airflow 3.0.6, 3.1.8, 3.2.2 and 3.3.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.errors import ApiError, not_found
from specs.versions import Version

if TYPE_CHECKING:
    from mockserver.operations import Call

TEXTS: dict[str, tuple[str, str] | str] = {  # of two texts the first came with 3.1, or with the version in SINCE
    "dag": ("The Dag with ID: `{dag_id}` was not found", "Dag with id {dag_id} was not found"),
    "dag of runs": ("The Dag with ID: `{dag_id}` was not found", "The DAG with dag_id: `{dag_id}` was not found"),
    "dag of instances": ("The Dag with ID: `{dag_id}` was not found", "DAG with dag_id: `{dag_id}` was not found"),
    "dag to clear": ("The Dag with ID: `{dag_id}` was not found", "DAG {dag_id} not found"),
    "dag of xcoms": ("The Dag with ID: `{dag_id}` was not found", "Dag with ID: `{dag_id}` was not found"),
    "dag of task": ("The Dag with ID: `{dag_id}` was not found", "DAG {dag_id} not found"),
    "dag of links": ("The Dag with ID: `{dag_id}` was not found", "DAG with ID = {dag_id} not found"),
    "dag to change": "Dag with id: {dag_id} was not found",
    "dag to trigger": ("Dag with dag_id: '{dag_id}' not found", "DAG with dag_id: '{dag_id}' not found"),
    "dag to like": ("Dag with id '{dag_id}' not found", "DAG with id '{dag_id}' not found"),
    "dag to fill": "Could not find dag {dag_id}",
    "not a favorite": ("Dag is not marked as favorite", "DAG is not marked as favorite"),
    "source": (
        "The source code of the Dag {dag_id}, version_number {version_number} was not found",
        "The source code of the DAG {dag_id}, version_number {version_number} was not found",
    ),
    "dag version": "The DagVersion with dag_id: `{dag_id}` and version_number: `{version_number}` was not found",
    "task": "Task with id {task_id} was not found",
    "task of dag": (
        "Task with ID: `{task_id}` not found in dag: `{dag_id}`",
        "Task with ID: `{task_id}` not found in DAG: `{dag_id}`",
    ),
    "run": "The DagRun with dag_id: `{dag_id}` and run_id: `{dag_run_id}` was not found",
    "run of instances": (
        "DagRun with dag_id: `{dag_id}` and run_id: `{dag_run_id}` was not found",
        "DagRun with run_id: `{dag_run_id}` was not found",
    ),
    "run of dag": (
        "Dag Run with ID: `{dag_run_id}` not found for dag: `{dag_id}`",
        "DAG Run with ID: `{dag_run_id}` not found for DAG: `{dag_id}`",
    ),
    "run to clear": "Dag Run id {dag_run_id} not found in dag {dag_id}",
    "instance": (
        "The Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}` and task_id: `{task_id}` was not found"
    ),
    "mapped instance": (
        "The Mapped Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}`, task_id: `{task_id}`, "
        "and map_index: `{map_index}` was not found"
    ),
    "instance of map index": (
        "The Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}`, task_id: `{task_id}` "
        "and map_index: `{map_index}` was not found"
    ),
    "instance of dependencies": (
        "The Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}`, task_id: `{task_id}` "
        "and map_index: `{map_index}` was not found",
        "Task Instance not found for dag_id={dag_id}, run_id={dag_run_id}, task_id={task_id}",
    ),
    "try": (
        "The Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}`, task_id: `{task_id}`, "
        "try_number: `{task_try_number}` and map_index: `{map_index}` was not found"
    ),
    "instance of logs": "TaskInstance not found",
    "instance of links": ("TaskInstance not found", "Task with ID = {task_id} not found"),
    "mapped": "Task instance is mapped, add the map_index value to the URL",
    "not mapped": "Task id {task_id} is not mapped",
    "task not mapped": "Task id {task_id} not found",
    "task to change": ("Task '{task_id}' not found in Dag '{dag_id}'", "Task '{task_id}' not found in DAG '{dag_id}'"),
    "instance to update": (
        "No task instances found for dag_id: {dag_id}, run_id: {dag_run_id}, task_id: {task_id}",
        "The Task Instance with dag_id: `{dag_id}`, run_id: `{dag_run_id}`, task_id: `{task_id}` "
        "and map_index: `{map_index}` was not found",
    ),
    "instance to delete": (
        "No task instances found for dag_id: {dag_id}, run_id: {dag_run_id}, task_id: {task_id}",
        "No task instances found for task_id: {task_id}",
    ),
    "xcom": "XCom entry with key: `{xcom_key}` not found",
    "xcom to change": "The XCom with key: `{xcom_key}` with mentioned task instance doesn't exist.",
    "xcom taken": "The XCom with key: `{xcom_key}` with mentioned task instance already exists.",
    "asset": "The Asset with ID: `{asset_id}` was not found",
    "asset of event": "Asset with ID: `{asset_id}` was not found",
    "asset of states": "Asset with id {asset_id} not found",
    "asset alias": "The Asset Alias with ID: `{asset_alias_id}` was not found",
    "queued event": "Queued event with dag_id: `{dag_id}` and asset_id: `{asset_id}` was not found",
    "queued events of dag": "Queue event with dag_id: `{dag_id}` was not found",
    "queued events of asset": "Queue event with asset_id: `{asset_id}` was not found",
    "materializer": ("No Dag materializes asset with ID: {asset_id}", "No DAG materializes asset with ID: {asset_id}"),
    "backfill": "Backfill not found",
    "backfill to change": ("Backfill not found", "Could not find backfill with id {backfill_id}"),
    "event log": "The Event Log with id: `{event_log_id}` not found",
    "import error": "The ImportError with import_error_id: `{import_error_id}` was not found",
}

SINCE: dict[str, Version] = {
    **dict.fromkeys(["dag to trigger", "dag to like", "not a favorite", "source", "run of instances"], Version(3, 2)),
    **dict.fromkeys(["instance of links", "task to change", "materializer"], Version(3, 2)),
    **dict.fromkeys(["instance to update", "instance to delete"], Version(3, 2)),
    "backfill to change": Version(3, 3),
}


def say(call: Call, name: str, **values: Any) -> str:
    """A text, with the path's values and the given ones filled in."""
    text = TEXTS[name]
    if not isinstance(text, str):
        text = text[0] if call.world.version >= SINCE.get(name, Version(3, 1)) else text[1]
    return text.format_map({"map_index": -1, **call.query, **call.path, **values})


def missing(call: Call, name: str, **values: Any) -> ApiError:
    """404 with a text of the table."""
    return not_found(say(call, name, **values))
