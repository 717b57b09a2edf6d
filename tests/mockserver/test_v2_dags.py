"""DAGs of the public API."""

from __future__ import annotations

from typing import Any

import pytest

from specs.fixtures import bundle
from tests.mockserver.api import Api


@pytest.fixture
def api() -> Api:
    return Api()


def ids(body: Any) -> list[str]:
    return [dag["dag_id"].removeprefix("conformance_") for dag in body["dags"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("tags=cron&tags=empty", ["cron", "empty"]),
        ("tags=cron&tags=conformance&tags_match_mode=all", ["cron"]),
        ("tags=cron,empty", []),
        ("owners=conformance", ["params"]),
        ("paused=false", ["halves", "hitl", "python"]),
        ("dag_id_pattern=CRON", ["cron"]),
        ("dag_id_pattern=cron%7Cempty", ["cron", "empty"]),
        ("dag_id_pattern=conformance_p_r%25", ["params"]),
        ("dag_id_pattern=*cron*", []),
        ("dag_id_prefix_pattern=conformance_em", ["empty"]),
        ("dag_id_prefix_pattern=CONFORMANCE_EM", []),
        ("dag_display_name_pattern=mapped", ["mapped"]),
        ("has_asset_schedule=true", ["consumer", "halves"]),
        ("asset_dependency=s3", ["consumer", "halves"]),
        ("timetable_type=CronTriggerTimetable", ["cron"]),
        ("has_import_errors=true", []),
        ("bundle_name=other", []),
        ("dag_id=conformance_cron&limit=1", ["consumer"]),
    ],
)
def test_filters(api: Api, query: str, found: list[str]) -> None:
    assert ids(api.get(f"/dags?{query}")) == found


def test_filters_by_the_last_run(api: Api) -> None:
    api.trigger("conformance_empty", "one")
    api.call("PATCH", "/dags/conformance_empty/dagRuns/one", {"state": "failed"})
    assert ids(api.get("/dags?last_dag_run_state=failed")) == ["empty"]
    assert ids(api.get("/dags?dag_run_state=failed")) == ["empty"]
    assert ids(api.get("/dags?dag_run_end_date_lte=2000-01-01T00:00:00Z")) == []
    api.wait(1)
    api.trigger("conformance_empty", "two")
    assert ids(api.get("/dags?last_dag_run_state=failed")) == []
    assert ids(api.get("/dags?last_dag_run_state=queued")) == ["empty"]
    reply = api.call("GET", "/dags?dag_run_state=zz")
    assert (reply.status, reply.body["detail"]) == (
        422,
        "Invalid value for state. Valid values are queued, running, success, failed",
    )


def test_pause_and_unpause(api: Api) -> None:
    path = "/dags/conformance_cron"
    assert api.call("PATCH", path, {"is_paused": False}).body["is_paused"] is False
    assert api.get(path)["is_paused"] is False
    assert "cron" in ids(api.get("/dags?paused=false"))
    assert api.call("PATCH", path + "?update_mask=is_paused", {"is_paused": True}).body["is_paused"] is True
    assert api.call("PATCH", path + "?update_mask=tags", {"is_paused": False}).status == 400
    assert api.call("PATCH", "/dags/nope", {"is_paused": False}).status == 404
    assert api.get(path)["is_paused"] is True


def test_pause_many_needs_a_pattern(api: Api) -> None:
    assert ids(api.call("PATCH", "/dags", {"is_paused": False}).body) == []
    assert len(ids(api.call("PATCH", "/dags?dag_id_pattern=page_00", {"is_paused": False}).body)) == 10
    assert len(ids(api.get("/dags?paused=false"))) == 13


def test_delete_a_dag_and_all_that_is_its(api: Api) -> None:
    api.trigger("conformance_empty")
    assert api.call("DELETE", "/dags/conformance_empty").status == 204
    assert api.call("DELETE", "/dags/conformance_empty").status == 404
    assert api.call("GET", "/dags/conformance_empty/dagRuns/run").status == 404
    assert api.get("/dags/~/dagRuns")["dag_runs"] == []


def test_details_of_a_dag_with_params() -> None:
    params = Api().get("/dags/conformance_params/details")["params"]
    schema = {"type": "integer", "minimum": 0}
    assert params["number"] == {"value": 1, "schema": schema, "description": None, "source": None}
    old = Api("3.0").get("/dags/conformance_params/details")["params"]["number"]
    assert (old["value"], "__class" in old, "source" in old) == (1, True, False)


def test_a_cron_schedule_shows_when_the_next_run_is_due(api: Api) -> None:
    body = api.get("/dags/conformance_cron")
    assert body["timetable_description"] == "At 00:00"
    assert body["next_dagrun_run_after"].endswith("T00:00:00Z")
    before = body["next_dagrun_run_after"]
    api.wait(86400)
    assert api.get("/dags/conformance_cron")["next_dagrun_run_after"] > before


def test_tasks(api: Api) -> None:
    body = api.get("/dags/conformance_python/tasks")
    assert [task["task_id"] for task in body["tasks"]] == ["consume", "produce"]
    assert api.get("/dags/conformance_python/tasks/produce") == body["tasks"][1]
    assert body["tasks"][1]["downstream_task_ids"] == ["consume"]
    turned = api.get("/dags/conformance_python/tasks?order_by=-task_id")
    assert turned["tasks"] == body["tasks"][::-1]
    assert api.call("GET", "/dags/conformance_python/tasks?order_by=zz").status == 400
    assert api.call("GET", "/dags/conformance_python/tasks/nope").status == 404


def test_source_as_json_and_as_text(api: Api) -> None:
    text = (bundle(3) / "conformance_mapped.py").read_text(encoding="utf-8")
    assert api.get("/dagSources/conformance_mapped")["content"] == text
    reply = api.call("GET", "/dagSources/conformance_mapped", accept="text/plain")
    assert (reply.body, reply.media) == (text, "text/plain; charset=utf-8")
    assert api.call("GET", "/dagSources/conformance_mapped", accept="text/html").status == 406
    assert api.call("GET", "/dagSources/conformance_mapped?version_number=2").status == 404


def test_statistics_count_runs_by_state(api: Api) -> None:
    assert api.get("/dagStats")["dags"] == []
    api.trigger("conformance_empty", "a")
    api.trigger("conformance_empty", "b")
    api.call("PATCH", "/dags/conformance_empty/dagRuns/b", {"state": "success"})
    [stats] = api.get("/dagStats")["dags"]
    counts = {one["state"]: one["count"] for one in stats["stats"]}
    assert counts == {"queued": 1, "running": 0, "success": 1, "failed": 0}
    assert api.get("/dagStats?dag_ids=conformance_cron")["dags"] == []


def test_favorites_belong_to_a_user(api: Api) -> None:
    path = "/dags/conformance_cron"
    assert api.call("POST", path + "/favorite").status == 204
    assert api.call("POST", path + "/favorite").status == 409
    assert ids(api.get("/dags?is_favorite=true")) == ["cron"]
    assert api.call("GET", "/dags?is_favorite=true", user="op").body["dags"] == []
    assert api.get(path + "/details")["is_favorite"] is True
    assert [api.call("POST", path + "/unfavorite").status for _ in range(2)] == [204, 409]


def test_parse_a_file_again(api: Api) -> None:
    token = api.get("/dags/conformance_cron")["file_token"]
    assert [api.call("PUT", f"/parseDagFile/{token}").status for _ in range(2)] == [201, 409]
    assert api.call("PUT", "/parseDagFile/zz").status == 404


@pytest.mark.parametrize(
    ("path", "new", "old"),
    [
        ("/dags/nope", "The Dag with ID: `nope` was not found", "Dag with id nope was not found"),
        ("/dags/nope/dagRuns", "The Dag with ID: `nope` was not found", "The DAG with dag_id: `nope` was not found"),
        (
            "/dags/conformance_empty/dagRuns/nope/taskInstances",
            "DagRun with dag_id: `conformance_empty` and run_id: `nope` was not found",
            "DagRun with run_id: `nope` was not found",
        ),
    ],
)
def test_refusals_are_worded_as_each_version_does(path: str, new: str, old: str) -> None:
    for version, text in [("3.3", new), ("3.0", old)]:
        reply = Api(version).call("GET", path)
        assert (reply.status, reply.body) == (404, {"detail": text})


def test_assets_events_and_what_waits_for_them(api: Api) -> None:
    [asset] = api.get("/assets?name_pattern=conformance_asset")["assets"]
    assert [one["dag_id"] for one in asset["scheduled_dags"]] == ["conformance_consumer"]
    assert api.get("/assets?name_pattern=zz")["assets"] == []
    body = {"asset_id": asset["id"], "extra": {"a": 1}}
    assert api.call("POST", "/assets/events", body).body["extra"] == {"a": 1, "from_rest_api": True}
    assert api.get("/assets/1/queuedEvents")["queued_events"] == []
    api.call("PATCH", "/dags/conformance_consumer", {"is_paused": False})
    api.call("POST", "/assets/events", body)
    assert len(api.get("/dags/conformance_consumer/assets/queuedEvents")["queued_events"]) == 1
    assert [api.call("DELETE", "/assets/1/queuedEvents").status for _ in range(2)] == [204, 404]
    assert api.get(f"/assets/{asset['id']}")["last_asset_event"]["id"] == 2
    assert api.call("POST", "/assets/events", {"asset_id": 9}).status == 404
    assert api.call("POST", "/assets/1/materialize").body["run_type"] == "asset_materialization"


def test_backfills(api: Api) -> None:
    body = {"dag_id": "conformance_cron", "from_date": "2025-05-01T00:00:00Z", "to_date": "2025-05-03T00:00:00Z"}
    assert api.call("POST", "/backfills/dry_run", body).body["total_entries"] == 3
    made = api.call("POST", "/backfills", body)
    assert made.status == 200
    assert api.call("POST", "/backfills", body).status == 409
    runs = "/dags/conformance_cron/dagRuns?run_type=backfill"
    assert [run["state"] for run in api.get(runs)["dag_runs"]] == ["queued"] * 3
    path = f"/backfills/{made.body['id']}"
    assert api.call("PUT", path + "/pause").body["is_paused"] is True
    assert api.call("PUT", path + "/unpause").body["is_paused"] is False
    assert api.call("PUT", path + "/cancel").body["completed_at"] is not None
    assert [run["state"] for run in api.get(runs)["dag_runs"]] == ["failed"] * 3
    assert api.call("PUT", path + "/pause").status == 409
    reply = api.call("POST", "/backfills", {**body, "dag_id": "conformance_empty"})
    assert (reply.status, type(reply.body["detail"])) == (422, str)


def test_a_backfill_is_over_when_its_runs_are(api: Api) -> None:
    api.call("PATCH", "/dags/conformance_cron", {"is_paused": False})
    body = {"dag_id": "conformance_cron", "from_date": "2025-05-01T00:00:00Z", "to_date": "2025-05-02T00:00:00Z"}
    number = api.call("POST", "/backfills", body).body["id"]
    api.wait(10)
    assert api.get(f"/backfills/{number}")["completed_at"] is not None


def test_a_body_that_nobody_asked_for_does_no_harm() -> None:
    assert Api("3.0").call("POST", "/assets/1/materialize", {"conf": {"a": 1}}).status == 200
