"""DAGs, tasks, files and statistics of the stable API: measured on Airflow 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from specs.fixtures import bundle, load
from tests.mockserver.stable import Stable

VERSIONS = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.6", "2.9", "2.11")
#: How many DAGs the bundle for Airflow 2 has.
DAGS = sum((bundle(2) / dag.file).is_file() for dag in load().dags)


def ids(body: Any) -> list[str]:
    return [dag["dag_id"].removeprefix("conformance_") for dag in body["dags"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_every_version_shows_of_a_dag(version: str) -> None:
    api = Stable(version)
    dag = api.get("/dags/conformance_cron")
    assert dag["schedule_interval"] == {"__type": "CronExpression", "value": "0 0 * * *"}
    assert dag["owners"] == ["airflow"]
    assert dag["tags"] == [{"name": "conformance"}, {"name": "cron"}]
    details = api.get("/dags/conformance_params/details")
    assert details["params"]["number"]["value"] == 1
    assert details["catchup"] is True
    assert [task["task_id"] for task in api.get("/dags/conformance_empty/tasks")["tasks"]] == ["first", "last"]


def test_the_next_run_is_about_the_time_before_it() -> None:
    dag = Stable().get("/dags/conformance_cron")
    assert dag["next_dagrun"] == dag["next_dagrun_data_interval_start"]
    assert dag["next_dagrun_create_after"] == dag["next_dagrun_data_interval_end"] > dag["next_dagrun"]


@pytest.mark.parametrize(
    ("version", "timezone", "owners", "view"),
    [
        ("2.2", "Timezone('UTC')", ["airflow"], "tree"),
        ("2.6", "Timezone('UTC')", ["airflow"], "grid"),
        ("2.11", "UTC", [], "grid"),
    ],
)
def test_details_by_version(version: str, timezone: str, owners: list[str], view: str) -> None:
    details = Stable(version).get("/dags/conformance_empty/details")
    assert (details["timezone"], details["owners"], details["default_view"]) == (timezone, owners, view)
    assert ("template_searchpath" in details) == (version == "2.11")


def test_details_where_the_documents_are_followed() -> None:
    details = Stable(follow="documents").get("/dags/conformance_empty/details")
    assert details["owners"] == ["airflow"]
    assert "template_search_path" in details
    assert "template_searchpath" not in details


def test_the_dataset_that_a_dag_waits_for() -> None:
    details = Stable().get("/dags/conformance_consumer/details")
    assert details["dataset_expression"] == {"all": ["s3://conformance/asset"]}
    assert details["timetable_description"] == "Triggered by datasets"
    assert Stable("2.3").get("/dags/conformance_consumer")["schedule_interval"] is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tags=empty,cron", ["cron", "empty"]),
        ("tags=empty&tags=cron", ["cron", "empty"]),
        ("dag_id_pattern=PYTHON", ["python"]),
        ("dag_id_pattern=page_%2599", ["page_099"]),
        ("paused=false", ["halves", "python"]),
        ("limit=2&order_by=-dag_id", ["warned", "trigger"]),
        ("limit=1&offset=1", ["cron"]),
        ("dag_id_pattern=~", []),
    ],
)
def test_lists(query: str, found: list[str]) -> None:
    assert ids(Stable().get(f"/dags?{query}")) == found


def test_fields() -> None:
    api = Stable()
    assert api.get("/dags/conformance_empty?fields=dag_id,is_paused") == {
        "dag_id": "conformance_empty",
        "is_paused": True,
    }
    assert api.get("/dags?fields=dag_id&limit=1") == {
        "dags": [{"dag_id": "conformance_consumer"}],
        "total_entries": DAGS,
    }
    reply = api.call("GET", "/dags?fields=nope")
    assert reply.body["title"] == "DAGCollectionSchema error"
    assert reply.detail == "Invalid fields for <DAGSchema(many=False)>: OrderedSet(['nope'])."
    assert api.call("GET", "/dags?fields=a.b").status == 500
    assert Stable(follow="documents").call("GET", "/dags?fields=a.b").status == 400


def test_pausing() -> None:
    api = Stable()
    one = "/dags/conformance_python"
    assert api.call("PATCH", one, {"is_paused": True}).body["is_paused"] is True
    assert api.call("PATCH", f"{one}?update_mask=is_paused", {"is_paused": False}).body["is_paused"] is False
    reply = api.call("PATCH", f"{one}?update_mask=description", {"is_paused": True})
    assert reply.detail == "Only `is_paused` field can be updated through the REST API"
    assert api.call("PATCH", one, {"nope": 1}).detail == "{'nope': ['Unknown field.']}"
    assert api.call("PATCH", "/dags/nope", {"is_paused": True}).body["title"] == "Dag with id: 'nope' not found"
    assert api.get(one)["is_paused"] is False


def test_a_body_that_pauses_nothing() -> None:
    assert Stable().call("PATCH", "/dags/conformance_python", {}).status == 500
    reply = Stable(follow="documents").call("PATCH", "/dags/conformance_python", {})
    assert (reply.status, reply.body["is_paused"]) == (200, False)
    old = Stable("2.2").call("PATCH", "/dags/conformance_python", {"nope": 1})
    assert old.body["title"] == "Invalid Dag schema"


def test_pausing_one_page_of_dags() -> None:
    api = Stable()
    body = api.call("PATCH", "/dags?dag_id_pattern=page_00&limit=2", {"is_paused": False}).body
    assert (len(body["dags"]), body["total_entries"]) == (2, 10)
    assert ids(api.get("/dags?paused=false")) == ["halves", "page_000", "page_001", "python"]
    assert api.call("PATCH", "/dags?dag_id_pattern=~", {"is_paused": True}).body["total_entries"] == DAGS
    assert ids(api.get("/dags?paused=false")) == ["python"]  # it is beyond the page


def test_deleting() -> None:
    api = Stable()
    assert api.call("DELETE", "/dags/conformance_empty").status == 204
    assert api.call("GET", "/dags/conformance_empty").status == 404
    assert api.call("DELETE", "/dags/conformance_empty").body["title"] == "Dag with id: 'conformance_empty' not found"


def test_a_dag_that_runs_is_not_deleted() -> None:
    api = Stable()
    api.made("/dags/conformance_python/dagRuns")
    api.mock.clock.advance(0.4)
    reply = api.call("DELETE", "/dags/conformance_python")
    assert (reply.status, reply.detail) == (
        409,
        "Task instances of dag with id: 'conformance_python' are still running",
    )


def test_tasks() -> None:
    api = Stable()
    task = api.get("/dags/conformance_mapped/tasks/group.square")
    assert task["class_ref"] == {"class_name": "PythonOperator", "module_path": "airflow.operators.python"}
    assert task["is_mapped"] is True
    assert "sub_dag" not in task
    ordered = api.get("/dags/conformance_empty/tasks?order_by=-task_id")
    assert [one["task_id"] for one in ordered["tasks"]] == ["last", "first"]
    reply = api.call("GET", "/dags/conformance_empty/tasks?order_by=nope")
    assert reply.detail == "'SerializedBaseOperator' object has no attribute 'nope'"
    assert api.call("GET", "/dags/nope/tasks").body["title"] == "DAG not found"
    assert api.call("GET", "/dags/conformance_empty/tasks/nope").body["title"] == "Task not found"
    old = Stable("2.2").get("/dags/conformance_mapped/tasks/group.square")
    assert "is_mapped" not in old
    assert Stable("2.2").get("/dags/conformance_empty/tasks/first")["class_ref"]["class_name"] == "DummyOperator"


def test_the_source_of_a_file() -> None:
    api = Stable()
    path = f"/dagSources/{api.get('/dags/conformance_cron')['file_token']}"
    text = (bundle(2) / "conformance_basic.py").read_text()
    assert api.get(path, accept="application/json") == {"content": text}
    assert api.call("GET", path, headers={"accept": "*/*"}).text == text
    reply = api.call("GET", path)
    assert (reply.status, reply.text) == (406, "Not Allowed Accept Header")
    assert api.call("GET", "/dagSources/nope").status == 404


def test_asking_for_a_file_to_be_parsed_again() -> None:
    api = Stable()
    path = f"/parseDagFile/{api.get('/dags/conformance_cron')['file_token']}"
    first, second = api.call("PUT", path), api.call("PUT", path)
    assert (first.status, first.text) == (201, "")
    assert (second.status, second.text) == (201, "Duplicate request")
    assert api.call("PUT", "/parseDagFile/nope").body["title"] == "File not found"


@pytest.mark.parametrize(("asks", "seconds"), [(True, 0.6), (False, 30)])
def test_a_deleted_dag_comes_back_with_its_file(asks: bool, seconds: float) -> None:
    api, path = Stable(), "/dags/conformance_disposable"
    file = api.get(path)["file_token"]
    api.call("PATCH", path, {"is_paused": False})
    assert api.call("DELETE", path).status == 204
    if asks:
        assert api.call("PUT", f"/parseDagFile/{file}").status == 201
    api.mock.clock.advance(seconds - 0.5)
    assert api.call("GET", path).status == 404
    api.mock.clock.advance(0.5)
    assert api.get(path)["is_paused"] is True
    assert api.call("PUT", f"/parseDagFile/{file}").text == ""


def test_statistics_and_warnings() -> None:
    api = Stable()
    api.made("/dags/conformance_params/dagRuns")
    stats = api.get("/dagStats?dag_ids=conformance_params,conformance_cron,nope")
    assert stats["total_entries"] == 2
    assert stats["dags"][1]["stats"][0] == {"state": "queued", "count": 1}
    assert {one["count"] for one in stats["dags"][0]["stats"]} == {0}
    [warning] = api.get("/dagWarnings?order_by=-timestamp")["dag_warnings"]
    assert warning["message"] == "Dag 'conformance_warned' references non-existent pools: ['conformance_absent']"
    assert api.get("/dagWarnings?dag_id=conformance_empty") == {"dag_warnings": [], "total_entries": 0}
    api.made("/pools", name="conformance_absent", slots=1)
    assert api.get("/dagWarnings")["total_entries"] == 0
