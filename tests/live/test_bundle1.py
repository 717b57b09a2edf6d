"""What a real Airflow 1.10 makes of the fixture DAGs is what the world file says of them: tasks as its API has them."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from specs.fixtures import Dag, load
from specs.versions import Version
from tests.live.airflow import Airflow
from tests.live.conftest import Boot
from tests.live.test_bundle import some_dags

Get = Callable[[str], Any]
FILES = {file.name for file in (resources.files("specs.fixtures") / "bundle" / "airflow1").iterdir()}


@pytest.fixture(scope="module")
def airflow(boot: Boot, version: Version) -> Airflow:
    if version.major != 1:
        pytest.skip("reads the database of Airflow 1.10")
    return boot("airflow-1.10-open")


def rows(airflow: Airflow, question: str, *values: str) -> list[tuple[Any, ...]]:
    with airflow.database() as database:
        return database.execute(question, values).fetchall()


def task_of(airflow: Airflow, dag_id: str, task_id: str) -> dict[str, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{airflow.url}/api/experimental/dags/{dag_id}/tasks/{task_id}") as answer:
        found: dict[str, str] = json.load(answer)
        return found


def test_the_dags_are_those_of_the_world_that_have_a_file(airflow: Airflow) -> None:
    assert {name for (name,) in rows(airflow, "SELECT dag_id FROM dag")} == {
        d.id for d in load().dags if d.file in FILES
    }


@pytest.mark.parametrize("dag", [dag for dag in some_dags() if dag.file in FILES], ids=lambda dag: dag.id)
def test_a_dag_and_its_tasks(airflow: Airflow, dag: Dag) -> None:
    ((description, schedule, paused),) = rows(
        airflow, "SELECT description, schedule_interval, is_paused FROM dag WHERE dag_id = ?", dag.id
    )
    assert (description, json.loads(schedule), bool(paused)) == (dag.description, dag.schedule, dag.paused is not False)
    assert {tag for (tag,) in rows(airflow, "SELECT name FROM dag_tag WHERE dag_id = ?", dag.id)} == set(dag.tags)
    for task in dag.tasks:
        found = task_of(airflow, dag.id, task.id)
        expected = {
            "task_id": task.id,
            "owner": dag.owner,
            "pool": task.pool,
            "retries": str(task.retries),
            "start_date": dag.start_date.isoformat(),
        }
        assert {name: found[name] for name in expected} == expected
        assert ("python_callable" in found) == task.python
