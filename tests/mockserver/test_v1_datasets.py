"""Datasets of the stable API: measured on Airflow 2.6.3 and 2.11.2."""

from __future__ import annotations

import pytest

from tests.mockserver.stable import Stable

URI = "s3%3A%2F%2Fconformance%2Fasset"
EVENT = {"dataset_uri": "s3://conformance/asset"}
QUEUED = "/dags/conformance_consumer/datasets/queuedEvent"


def waiting(version: str = "2.11") -> Stable:
    """A DAG that is not paused waits for the dataset."""
    api = Stable(version)
    api.call("PATCH", "/dags/conformance_consumer", {"is_paused": False})
    return api


def test_a_dataset() -> None:
    api = Stable()
    shown = api.get(f"/datasets/{URI}")
    assert shown == api.get("/datasets/s3://conformance/asset") == api.get("/datasets")["datasets"][0]
    assert [dag["dag_id"] for dag in shown["consuming_dags"]] == ["conformance_consumer"]
    assert [task["task_id"] for task in shown["producing_tasks"]] == ["update"]
    assert shown["aliases"] == []
    assert api.call("GET", "/datasets/nope").detail == "The Dataset with uri: `nope` was not found"
    assert Stable("2.3").call("GET", "/datasets").status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("uri_pattern=CONF", 3),
        ("uri_pattern=nope", 0),
        ("dag_ids=conformance_empty,conformance_producer", 1),
        ("dag_ids=conformance_empty", 0),
    ],
)
def test_filters_and_the_total_which_does_not_know_of_them(query: str, found: int) -> None:
    shown = Stable().get(f"/datasets?{query}")
    assert (len(shown["datasets"]), shown["total_entries"]) == (found, 3)
    assert Stable(follow="documents").get(f"/datasets?{query}")["total_entries"] == found


def test_events() -> None:
    api = Stable()
    made = api.made("/datasets/events", **EVENT, extra={"a": 1})
    assert made["extra"] == {"a": 1, "from_rest_api": True}
    assert (made["source_dag_id"], made["source_map_index"], made["created_dagruns"]) == (None, -1, [])
    assert api.get("/datasets/events")["dataset_events"] == [made]
    assert api.get("/datasets/events?source_dag_id=x")["total_entries"] == 0
    assert api.get("/datasets/events?source_map_index=0")["total_entries"] == 1
    assert api.get("/datasets")["datasets"][0]["updated_at"] == made["timestamp"]
    assert api.call("POST", "/datasets/events", {"dataset_uri": "x"}).detail == "Dataset with uri: 'x' not found"
    reply = api.call("POST", "/datasets/events", {**EVENT, "extra": None})
    assert reply.detail == "{'extra': ['Field may not be null.']}"


def test_queued_events() -> None:
    api = waiting()
    assert api.call("GET", QUEUED).detail == "Queue event with dag_id: `conformance_consumer` was not found"
    api.made("/datasets/events", **EVENT)
    assert api.get(QUEUED)["queued_events"][0]["uri"] == "s3://conformance/asset"
    assert api.get(f"{QUEUED}/{URI}")["dag_id"] == "conformance_consumer"
    assert api.get(f"/datasets/queuedEvent/{URI}")["total_entries"] == 1
    assert api.call("GET", f"{QUEUED}?before=2020-01-01T00:00:00Z").status == 404
    assert api.call("DELETE", f"{QUEUED}/{URI}").status == 204
    assert api.call("DELETE", f"{QUEUED}/{URI}").status == 404
    documented = Stable(follow="documents")
    documented.call("PATCH", "/dags/conformance_consumer", {"is_paused": False})
    documented.made("/datasets/events", **EVENT)
    assert "datasets" in documented.get(QUEUED)


@pytest.mark.parametrize("version", ["2.6", "2.11"])
def test_an_update_starts_what_waits_for_it(version: str) -> None:
    api = waiting(version)
    api.call("PATCH", "/dags/conformance_producer", {"is_paused": False})
    api.made("/dags/conformance_producer/dagRuns", dag_run_id="a", logical_date="2025-03-01T00:00:00Z")
    api.mock.clock.advance(60)
    (run,) = api.get("/dags/conformance_consumer/dagRuns")["dag_runs"]
    assert run["dag_run_id"] == f"dataset_triggered__{run['logical_date']}"
    assert (run["run_type"], run["external_trigger"], run["state"]) == ("dataset_triggered", False, "success")
    assert run["data_interval_start"] == "2025-03-01T00:00:00+00:00"
    path = f"/dags/conformance_consumer/dagRuns/{run['dag_run_id']}/upstreamDatasetEvents"
    (event,) = api.get(path)["dataset_events"]
    assert (event["source_run_id"], event["source_task_id"]) == ("a", "update")
    assert [one["dag_run_id"] for one in event["created_dagruns"]] == [run["dag_run_id"]]
    (seen,) = api.get("/datasets/events")["dataset_events"]
    assert seen == event
