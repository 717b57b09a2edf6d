"""Faults of paths: a child is found by a part of its path."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, in_both
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import around
from mockserver.operations import Call, Handler
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock


def with_stores(profile: Profile) -> bool:
    """Assets have state stores."""
    return profile.airflow >= (3, 3)


def mapping(profile: Profile) -> bool:
    """Somebody is let in, and tasks are mapped."""
    return admitting(profile) and profile.airflow >= (2, 3)


def by_run_alone(mock: Mock, operation: str) -> None:
    """Find a run by its id, whatever its DAG."""

    def find(handler: Handler, call: Call) -> Any:
        run_id = call.path["dag_run_id"]
        run = next((one for one in call.world.runs if one.run_id == run_id), None)
        return handler(replace(call, path={**call.path, "dag_id": run.dag_id}) if run else call)

    around(mock, operation, find)


@in_both(
    "run-of-any-dag",
    breaks="API-006",
    applies=mapping,
    sentence="A run is shown under any DAG.",
)
def run_of_any_dag(mock: Mock) -> None:
    """Look at its id."""
    by_run_alone(mock, "get_dag_run")


@in_both(
    "run-deleted-by-any-dag",
    breaks="API-006",
    applies=mapping,
    sentence="A run is deleted under any DAG.",
)
def run_deleted_by_any_dag(mock: Mock) -> None:
    """Look at its id."""
    by_run_alone(mock, "delete_dag_run")


@deviation(
    "tries-of-any-dag", breaks=["PUB-API-006"], sentence="The tries of a task instance are listed under any DAG."
)
def tries_of_any_dag(mock: Mock) -> None:
    """Look at the run's id."""
    by_run_alone(mock, "get_task_instance_tries")


@deviation(
    "note-set-by-any-dag", breaks=["PUB-API-006"], sentence="Under any DAG a task instance of a run can be changed."
)
def note_set_by_any_dag(mock: Mock) -> None:
    """Look at the run's id."""
    by_run_alone(mock, "patch_task_instance")


@deviation(
    "stable-note-set-by-any-dag",
    breaks=["STB-API-006"],
    applies=lambda profile: admitting(profile) and profile.airflow >= (2, 5),
    apis=STABLE,
    sentence="Under any DAG a note can be set on a task instance of a run.",
)
def stable_note_set_by_any_dag(mock: Mock) -> None:
    """Look at the run's id."""
    by_run_alone(mock, "set_task_instance_note")


@deviation("xcom-of-any-run", breaks=["PUB-API-006"], sentence="An XCom is shown under any run of its DAG.")
def xcom_of_any_run(mock: Mock) -> None:
    """Look at its key, its task and its DAG."""

    def show(handler: Handler, call: Call) -> Any:
        names = ("dag_id", "task_id", "xcom_key")
        for xcom in call.world.xcoms:
            if (xcom.run.dag_id, xcom.task_id, xcom.key) == tuple(call.path[name] for name in names):
                return handler(replace(call, path={**call.path, "dag_run_id": xcom.run.run_id}))
        return handler(call)

    around(mock, "get_xcom_entry", show)


@deviation("xcom-deleted-by-any-task", breaks=["PUB-API-006"], sentence="An XCom is deleted under any task of its run.")
def xcom_deleted_by_any_task(mock: Mock) -> None:
    """Look at its key and its run."""

    def delete(handler: Handler, call: Call) -> Any:
        for xcom in call.world.xcoms:
            if (xcom.run.run_id, xcom.key) == (call.path["dag_run_id"], call.path["xcom_key"]):
                return handler(replace(call, path={**call.path, "task_id": xcom.task_id}))
        return handler(call)

    if "delete_xcom_entry" in mock.handlers:
        around(mock, "delete_xcom_entry", delete)


@deviation("any-map-index", breaks=["PUB-API-006"], sentence="A task that is not mapped has an instance of any index.")
@deviation(
    "stable-any-map-index",
    breaks=["STB-API-006"],
    applies=mapping,
    apis=STABLE,
    sentence="A mapped task that another DAG has is found under a DAG without it.",
)
def any_map_index(mock: Mock) -> None:
    """Take the one that there is, or the one of the run's DAG."""
    if mock.profile.api in STABLE:
        by_run_alone(mock, "get_mapped_task_instance")
        return

    def show(handler: Handler, call: Call) -> Any:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        plain = run is not None and run.instance(call.path["task_id"]) is not None
        return handler(replace(call, path={**call.path, "map_index": -1}) if plain else call)

    around(mock, "get_mapped_task_instance", show)


@in_both(
    "task-of-any-dag",
    breaks="API-006",
    applies=mapping,
    sentence="A task is shown under any DAG.",
)
def task_of_any_dag(mock: Mock) -> None:
    """Look at its id."""

    def show(handler: Handler, call: Call) -> Any:
        dag = next((one for one in call.world.dags if call.path["task_id"] in one.tasks), None)
        return handler(replace(call, path={**call.path, "dag_id": dag.dag_id}) if dag else call)

    around(mock, "get_task", show)


@deviation(
    "state-of-any-asset",
    breaks=["PUB-API-006"],
    applies=with_stores,
    sentence="A key of the state store of an asset is shown under any asset.",
)
def state_of_any_asset(mock: Mock) -> None:
    """Look at the key."""

    def show(handler: Handler, call: Call) -> Any:
        for key in dict(call.world.states.items()):
            if key[0] == "asset" and key[-1] == call.path["key"]:
                return handler(replace(call, path={**call.path, "asset_id": key[1]}))
        return handler(call)

    around(mock, "get_asset_state_store", show)
