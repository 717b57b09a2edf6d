"""Tasks and their instances in the experimental API: measured on Airflow 1.10.15, 2.2.5, 2.3.4, 2.6.3 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.experimental import EVERY, Experimental

DAY = "2031-02-03T04:05:06"
RUN = f"/dags/conformance_python/dag_runs/{DAY}"


@pytest.mark.parametrize("version", EVERY)
def test_a_task_is_text_all_through(version: str) -> None:
    api = Experimental(version)
    task = api.get("/dags/conformance_params/tasks/only")
    assert all(isinstance(value, str) for value in task.values())
    assert list(task) == sorted(task)
    told = {"task_id": "only", "owner": "conformance", "pool": "default_pool", "email": "None", "inlets": "[]"}
    assert told.items() <= task.items()
    mark = " " if version == "2.11" else "T"
    assert task["start_date"] == f"2025-01-01{mark}00:00:00+00:00"
    assert task["params"] == "{'number': 1, 'word': 'hello'}"
    assert api.get("/dags/conformance_python/tasks/produce").keys() - task.keys() >= {"op_args", "templates_dict"}


@pytest.mark.parametrize(("version", "count"), [("1.10", 34), ("2.2", 46), ("2.3", 48), ("2.6", 50), ("2.11", 57)])
def test_how_many_variables_a_task_has(version: str, count: int) -> None:
    assert len(Experimental(version).get("/dags/conformance_empty/tasks/first")) == count


@pytest.mark.parametrize(("version", "known"), [("1.10", False), ("2.2", False), ("2.3", True), ("2.11", True)])
def test_neighbours_of_a_task(version: str, known: bool) -> None:
    api = Experimental(version)
    first, last = (api.get(f"/dags/conformance_empty/tasks/{name}") for name in ("first", "last"))
    assert ("downstream_task_ids" in first) is known
    if known:
        assert (first["downstream_task_ids"], first["upstream_task_ids"]) == ("{'last'}", "set()")
        assert (last["downstream_task_ids"], last["upstream_task_ids"]) == ("set()", "{'first'}")


def test_what_a_python_task_has_in_1_10() -> None:
    api = Experimental("1.10")
    produce, consume = (api.get(f"/dags/conformance_python/tasks/{name}") for name in ("produce", "consume"))
    assert produce["python_callable"].startswith("<function produce at 0x")
    assert (produce["provide_context"], consume["provide_context"]) == ("False", "True")


@pytest.mark.parametrize("version", EVERY)
def test_what_is_not_there(version: str) -> None:
    api = Experimental(version)
    api.triggered("conformance_python", execution_date=DAY)
    no_task, no_dag = "Task first not found in dag conformance_python", "Dag id nope not found in DagModel"
    for path, text in (
        ("/dags/conformance_python/tasks/first", no_task),
        (f"{RUN}/tasks/first", no_task),
        ("/dags/conformance_python/dag_runs/2031-01-01/tasks/first", no_task),
        ("/dags/nope/tasks/first", no_dag),
        (f"/dags/nope/dag_runs/{DAY}/tasks/first", no_dag),
    ):
        reply = api.call("GET", path)
        assert (reply.status, reply.error) == (404, text), path
    assert "Dag Run for date" in api.call("GET", "/dags/conformance_python/dag_runs/2031-01-01/tasks/produce").error


@pytest.mark.parametrize("version", EVERY)
def test_an_instance_is_text_all_through(version: str) -> None:
    api = Experimental(version)
    api.triggered("conformance_python", run_id="a", execution_date=DAY)
    one = api.get(f"{RUN}/tasks/produce")
    assert all(isinstance(value, str) for value in one.values())
    told = {"task_id": "produce", "dag_id": "conformance_python", "priority_weight": "2", "operator": "PythonOperator"}
    assert told.items() <= one.items()
    if version == "1.10":
        assert one["execution_date"] == "2031-02-03 04:05:06+00:00"
    else:
        assert one["run_id"] == "a"
        assert one["dag_run"].startswith("<DagRun conformance_python @ 2031-02-03 04:05:06+00:00: a,")
    assert (one["start_date"], one["duration"], one["state"]) == ("None", "None", "None")


@pytest.mark.parametrize(("version", "count"), [("1.10", 20), ("2.2", 27), ("2.3", 29), ("2.6", 30), ("2.11", 34)])
def test_how_many_variables_an_instance_has(version: str, count: int) -> None:
    api = Experimental(version)
    api.triggered("conformance_python", execution_date=DAY)
    assert len(api.get(f"{RUN}/tasks/produce")) == count


@pytest.mark.parametrize("version", EVERY)
def test_an_instance_that_has_ended(version: str) -> None:
    api = Experimental(version)
    api.triggered("conformance_python", execution_date="2026-01-01")
    api.mock.clock.advance(10)
    one: dict[str, Any] = api.get("/dags/conformance_python/dag_runs/2026-01-01/tasks/consume")
    assert (one["state"], one["duration"], one["hostname"]) == ("success", "0.3", "worker-1")
    assert one["start_date"] < one["end_date"]


@pytest.mark.parametrize("version", EVERY)
def test_an_instance_of_days_to_come_waits(version: str) -> None:
    api = Experimental(version)
    api.triggered("conformance_python", execution_date=DAY)
    api.mock.clock.advance(10)
    assert api.get(f"{RUN}/tasks/produce")["state"] == "None"


def test_the_operator_of_empty_tasks() -> None:
    for version, name in (("1.10", "DummyOperator"), ("2.11", "EmptyOperator")):
        api = Experimental(version)
        api.triggered(execution_date=DAY)
        assert api.get(f"/dags/conformance_empty/dag_runs/{DAY}/tasks/last")["operator"] == name


def test_a_run_from_before_the_dag_begins_has_no_instances() -> None:
    api = Experimental("1.10")
    api.triggered("conformance_python", execution_date="2020-01-01")
    reply = api.call("GET", "/dags/conformance_python/dag_runs/2020-01-01/tasks/produce")
    assert (reply.status, reply.error) == (404, "Task produce instance for date 2020-01-01T00:00:00+00:00 not found")
