"""What a real Airflow 2 makes of the fixture DAGs is what the world file says of them."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import pytest

from specs.fixtures import Dag, Task, published
from specs.versions import Version
from tests.live.conftest import Boot
from tests.live.setups import setups

MAPPED, DATASETS = Version(2, 3), Version(2, 4)  # what older ones have not, the DAG files leave out
Get = Callable[[str], Any]
FAMILY = "conformance_page_"
DAGS = published(Version(2, 11)).dags


@pytest.fixture(scope="module")
def get(boot: Boot, version: Version) -> Get:
    if version.major != 2:
        pytest.skip("reads Airflow 2's API")
    airflow = boot(next(name for name in setups(version) if name.endswith("-basic")))
    admin = next(user for user in airflow.profile.users if user.role == "admin")
    word = base64.b64encode(f"{admin.username}:{admin.password}".encode()).decode()
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def get(path: str) -> Any:
        request = urllib.request.Request(f"{airflow.url}/api/v1{path}", headers={"Authorization": f"Basic {word}"})
        with opener.open(request) as answer:
            return json.load(answer)

    return get


def some_dags() -> list[Dag]:
    """Every kind of DAG: of the family that is all alike, the first and the last."""
    family = [dag for dag in DAGS if dag.id.startswith(FAMILY)]
    return [dag for dag in DAGS if dag not in family[1:-1]]


def expected_dag(dag: Dag, version: Version) -> dict[str, Any]:
    waits = bool(dag.assets) and version >= DATASETS
    return {
        "description": dag.description,
        "schedule": "Dataset" if waits else dag.schedule,
        "tags": set(dag.tags),
        "is_paused": dag.paused is not False,
        "params": {name: param.value for name, param in dag.params.items()},
        "catchup": dag.catchup is not False,
        "start_date": dag.start_date.isoformat(),
    }


def actual_dag(get: Get, dag: Dag) -> dict[str, Any]:
    found = get(f"/dags/{dag.id}/details")
    told = {name: found[name] for name in ("description", "is_paused", "catchup", "start_date")}
    schedule = found["schedule_interval"]
    return told | {
        "schedule": schedule["value"] if schedule else None,
        "tags": {tag["name"] for tag in found["tags"]},
        "params": {name: param["value"] for name, param in found["params"].items()},
    }


def expected_task(dag: Dag, task: Task, version: Version) -> dict[str, Any]:
    old = "DummyOperator" if version < Version(2, 3) else "EmptyOperator"
    mapped = task.mapped is not None and version >= MAPPED
    return {
        "class": "PythonOperator" if task.python else "TriggerDagRunOperator" if task.triggers else old,
        "downstream_task_ids": list(task.downstream),
        "retries": task.retries,
        "pool": task.pool,
        "owner": dag.owner,
        "mapped": mapped,
    }


def actual_task(found: dict[str, Any]) -> dict[str, Any]:
    told = {name: found[name] for name in ("downstream_task_ids", "retries", "pool", "owner")}
    return told | {"class": found["class_ref"]["class_name"], "mapped": bool(found.get("is_mapped"))}


def test_the_dags_are_those_of_the_world(get: Get) -> None:
    pages = [get(f"/dags?limit=100&offset={offset}")["dags"] for offset in (0, 100)]
    assert {dag["dag_id"] for page in pages for dag in page} == {dag.id for dag in DAGS}


@pytest.mark.parametrize("dag", some_dags(), ids=lambda dag: dag.id)
def test_a_dag_and_its_tasks(get: Get, dag: Dag, version: Version) -> None:
    assert actual_dag(get, dag) == expected_dag(dag, version)
    tasks = {task["task_id"]: actual_task(task) for task in get(f"/dags/{dag.id}/tasks")["tasks"]}
    assert tasks == {task.id: expected_task(dag, task, version) for task in dag.tasks}
