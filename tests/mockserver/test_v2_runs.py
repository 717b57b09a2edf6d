"""DAG runs, task instances, logs and XComs of the public API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.api import Api

EMPTY = "/dags/conformance_empty/dagRuns"
PYTHON = "/dags/conformance_python/dagRuns"


@pytest.fixture
def api() -> Api:
    return Api()


def states(body: Any) -> list[str | None]:
    return [one["state"] for one in body["task_instances"]]


def test_what_clients_demand_of_a_run(api: Api) -> None:
    """Triggered, it goes on by itself to success, with instances, a log with text and a return value."""
    api.trigger("conformance_python")
    assert states(api.get(f"{PYTHON}/run/taskInstances")) == [None, None]
    seen = []
    for _ in range(30):
        seen.append(api.get(f"{PYTHON}/run")["state"])
        api.wait(0.1)
    assert list(dict.fromkeys(seen)) == ["queued", "running", "success"]
    assert states(api.get(f"{PYTHON}/run/taskInstances")) == ["success", "success"]
    produce = f"{PYTHON}/run/taskInstances/produce"
    assert api.get(f"{produce}/xcomEntries/return_value")["value"] == {"numbers": [1, 2, 3]}
    log = api.get(f"{produce}/logs/1")
    assert "produced three numbers" in [line["event"] for line in log["content"]]
    assert log["continuation_token"] is None
    reply = api.call("GET", f"{produce}/logs/1", accept="application/x-ndjson")
    assert (reply.media, len(reply.body.splitlines())) == ("application/x-ndjson", len(log["content"]))
    [one] = api.get(f"{produce}/tries")["task_instances"]
    assert (one["try_number"], one["state"], one["duration"]) == (1, "success", 0.3)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"logical_date": None}, 200),
        ({"logical_date": "2025-01-01T00:00:00"}, 422),
        ({"logical_date": None, "execution_date": None}, 422),
        ({"logical_date": None, "conf": "x"}, 422),
        ({"logical_date": None, "dag_run_id": "a/b"}, 400),
        ({"logical_date": None, "dag_run_id": "scheduled__x"}, 400),
        ({"logical_date": None, "dag_run_id": ""}, 200),
        ({"logical_date": None, "data_interval_end": "2025-01-01T00:00:00Z"}, 422),
        ({"logical_date": None, "dag_run_id": "run"}, 409),
        ({"logical_date": "2025-02-03T00:00:00Z"}, 409),
        ({"logical_date": "2025-02-03T02:00:00+02:00"}, 409),
    ],
)
def test_bodies_of_a_trigger(api: Api, body: dict[str, Any], status: int) -> None:
    api.trigger("conformance_empty", logical_date="2025-02-03T00:00:00Z")
    assert api.call("POST", EMPTY, body).status == status


def test_ids_and_dates_of_runs_by_version() -> None:
    new, old = Api(), Api("3.0")
    assert new.trigger("conformance_empty", "")["dag_run_id"] == f"manual__{new.mock.clock.now().isoformat()}"
    assert old.trigger("conformance_empty", "")["dag_run_id"].startswith(f"manual__{old.mock.clock.now().isoformat()}_")
    date = "2025-02-03T00:00:00+02:00"
    made = new.trigger("conformance_empty", "dated", logical_date=date)
    assert (made["logical_date"], made["data_interval_end"]) == (date, date)
    assert made["run_after"] > "2026"
    assert new.get(f"{EMPTY}/dated")["logical_date"] == "2025-02-02T22:00:00Z"
    assert old.trigger("conformance_empty", "dated", logical_date=date)["run_after"] == date


def test_params_are_checked(api: Api) -> None:
    path = "/dags/conformance_params/dagRuns"
    assert api.call("POST", path, {"logical_date": None, "conf": {"number": 5}}).status == 200
    reply = api.call("POST", path, {"logical_date": None, "conf": {"number": -5}})
    assert reply.status == 400
    assert reply.body["detail"].startswith("Invalid input for param number: -5 is less than the minimum of 0")
    assert api.call("POST", path, {"logical_date": None, "conf": {"number": "x"}}).status == 400


def test_a_run_is_changed_and_deleted(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run"
    assert api.call("PATCH", path, {"state": "failed", "note": "n"}).body["state"] == "failed"
    assert api.call("PATCH", path + "?update_mask=note", {"state": "success", "note": "m"}).body["note"] == "m"
    assert api.get(path)["state"] == "failed"
    assert api.call("PATCH", path, {"state": "running"}).status == 422
    assert api.call("PATCH", path, {"state": "queued"}).body["end_date"] is None
    assert [api.call("DELETE", path).status for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=failed", ["c"]),
        ("run_id_pattern=A%7Cb", ["a", "b"]),
        ("run_id_prefix_pattern=A", []),
        ("logical_date_gte=2025-02-02T00:00:00Z", ["b", "c"]),
        ("logical_date_gt=2025-02-02T00:00:00Z", ["c"]),
        ("logical_date_lte=2025-02-02T00:00:00Z", ["a", "b"]),
        ("logical_date_lt=2025-02-02T00:00:00Z", ["a"]),
        ("start_date_gte=2100-01-01T00:00:00Z", ["a", "b", "c"]),
        ("start_date_lte=2000-01-01T00:00:00Z", []),
        ("conf_contains=xyz", ["b"]),
        ("triggering_user_name_pattern=ADMI", ["a", "b", "c"]),
        ("dag_version=2", []),
        ("order_by=-run_id", ["c", "b", "a"]),
        ("order_by=-logical_date&limit=1", ["c"]),
    ],
)
def test_filters_of_runs(api: Api, query: str, found: list[str]) -> None:
    for day, run_id in enumerate("abc", 1):
        conf = {"k": "xyz"} if run_id == "b" else {}
        api.trigger("conformance_empty", run_id, logical_date=f"2025-02-0{day}T00:00:00Z", conf=conf)
    api.call("PATCH", f"{EMPTY}/c", {"state": "failed"})
    assert [run["dag_run_id"] for run in api.get(f"{EMPTY}?{query}")["dag_runs"]] == found
    assert [run["dag_run_id"] for run in api.get(f"/dags/~/dagRuns?{query}")["dag_runs"]] == found


def test_lists_by_post(api: Api) -> None:
    api.trigger("conformance_empty", "a")
    api.trigger("conformance_cron", "b")
    runs = api.call("POST", "/dags/~/dagRuns/list", {"dag_ids": ["conformance_cron"], "states": ["queued"]}).body
    assert [run["dag_run_id"] for run in runs["dag_runs"]] == ["b"]
    body = {"dag_run_ids": ["a"], "task_ids": ["last"], "state": [None]}
    found = api.call("POST", "/dags/~/dagRuns/~/taskInstances/list", body).body
    assert [one["task_id"] for one in found["task_instances"]] == ["last"]
    assert api.call("POST", "/dags/~/dagRuns/list", {"dag_ids": [], "page_limit": 1}).body["total_entries"] == 2


def test_filters_of_instances(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances"
    api.call("PATCH", f"{path}/first", {"new_state": "success"})
    for query, found in [
        ("state=success", ["first"]),
        ("state=none", ["last"]),
        ("state=none&state=success", ["first", "last"]),
        ("task_id=last", ["last"]),
        ("task_display_name_pattern=AS", ["last"]),
        ("operator=EmptyOperator&map_index=-1&try_number=0", ["first", "last"]),
        ("pool=other", []),
        ("duration_gte=1", []),
    ]:
        assert [one["task_id"] for one in api.get(f"{path}?{query}")["task_instances"]] == found, query
    assert api.call("GET", f"{path}?state=zz").status == 422


def test_states_set_by_hand(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances/first"
    assert states(api.call("PATCH", f"{path}/dry_run", {"new_state": "failed"}).body) == [None]
    assert api.get(path)["state"] is None
    assert states(api.call("PATCH", path, {"new_state": "failed"}).body) == ["failed"]
    assert api.call("PATCH", path, {"new_state": "failed"}).status == 409
    assert api.call("PATCH", path, {"new_state": "running"}).status == 422
    api.call("PATCH", path, {"new_state": "success", "include_downstream": True})
    assert states(api.get(f"{EMPTY}/run/taskInstances")) == ["success", "success"]
    assert api.call("PATCH", path, {"note": "n"}).body["task_instances"][0]["note"] == "n"
    reply = api.call("DELETE", path)
    assert (reply.status, reply.body) == (200, None)
    assert api.call("GET", path).status == 404


def test_clear_is_dry_and_looks_for_failures_by_default(api: Api) -> None:
    api.trigger("conformance_python")
    api.wait(5)
    path = "/dags/conformance_python/clearTaskInstances"
    assert api.call("POST", path, {"dag_run_id": "run"}).body["total_entries"] == 0
    body = {"dag_run_id": "run", "only_failed": False, "task_ids": ["consume"]}
    assert states(api.call("POST", path, body).body) == ["success"]
    assert api.get(f"{PYTHON}/run")["state"] == "success"
    api.call("POST", path, {**body, "dry_run": False})
    assert api.get(f"{PYTHON}/run")["state"] == "queued"
    api.wait(5)
    tries = api.get(f"{PYTHON}/run/taskInstances/consume/tries")["task_instances"]
    assert [one["try_number"] for one in tries] == [1, 2]
    assert api.get(f"{PYTHON}/run/taskInstances/consume/logs/2")["content"]
    assert len(api.get(f"{PYTHON}/run/taskInstances/produce/tries")["task_instances"]) == 1
    assert api.call("POST", path, {"dag_run_id": "nope"}).status == 404
    body = {"dag_run_id": "run", "only_failed": False, "task_ids": ["produce"], "include_downstream": True}
    assert api.call("POST", path, body).body["total_entries"] == 2


def test_clear_a_run(api: Api) -> None:
    api.trigger("conformance_empty")
    api.call("PATCH", f"{EMPTY}/run", {"state": "success"})
    assert api.call("POST", f"{EMPTY}/run/clear", {}).body["total_entries"] == 2
    assert api.get(f"{EMPTY}/run")["state"] == "success"
    assert api.call("POST", f"{EMPTY}/run/clear", {"dry_run": False}).body["state"] == "queued"


def test_mapped_instances(api: Api) -> None:
    api.trigger("conformance_mapped")
    path = "/dags/conformance_mapped/dagRuns/run/taskInstances"
    assert [one["map_index"] for one in api.get(f"{path}/group.square/listMapped")["task_instances"]] == [0, 1, 2]
    assert api.call("GET", f"{path}/group.square").status == 404
    assert api.get(f"{path}/group.square/1")["rendered_map_index"] == "1"
    assert api.get(f"{path}?task_group_id=group")["total_entries"] == 3
    assert api.call("GET", f"{path}?task_group_id=nope").status == 404
    group = "/dags/conformance_mapped/dagRuns/run/taskGroupInstances/group"
    assert states(api.call("PATCH", group, {"new_state": "success"}).body) == ["success"] * 3
    api.trigger("conformance_empty")
    assert api.get(f"{EMPTY}/run/taskInstances/first/-1") == api.get(f"{EMPTY}/run/taskInstances/first")
    assert api.call("GET", f"{EMPTY}/run/taskInstances/first/0").status == 404
    assert api.call("GET", f"{EMPTY}/run/taskInstances/first/listMapped").status == 404


def test_xcoms(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances/first/xcomEntries"
    made = api.call("POST", path, {"key": "k", "value": {"a": [1]}})
    assert (made.status, made.body["value"]) == (201, {"a": [1]})
    assert api.call("POST", path, {"key": "k", "value": 1}).status == 409
    assert api.get(f"{path}/k?stringify=true")["value"] == "{'a': [1]}"
    assert api.call("PATCH", f"{path}/k", {"value": "z"}).body["value"] == "z"
    [listed] = api.get("/dags/~/dagRuns/~/taskInstances/~/xcomEntries?xcom_key_pattern=K")["xcom_entries"]
    assert "value" not in listed
    assert [api.call("DELETE", f"{path}/k").status for _ in range(2)] == [204, 404]
    assert api.call("POST", path, {"key": "", "value": 1}).status == 500
    assert api.call("POST", f"{EMPTY}/run/taskInstances/nope/xcomEntries", {"key": "k", "value": 1}).status == 404


def test_an_old_airflow_shows_xcoms_as_text() -> None:
    api = Api("3.0")
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances/first/xcomEntries"
    assert api.call("POST", path, {"key": "k", "value": {"a": [1]}}).body["value"] == '{"a": [1]}'
    assert api.call("DELETE", f"{path}/k").status == 405


def test_logs_that_are_not_there(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances/first/logs"
    assert api.call("GET", f"{path}/1").status == 404
    assert api.get(f"{path}/0")["content"][-1]["event"] == "No logs available for this task."
    assert api.call("GET", f"{path}/0?token=zz").status == 400
    assert api.call("GET", f"{path}/0", accept="text/plain").status == 406


def test_state_stores(api: Api) -> None:
    api.trigger("conformance_empty")
    for path in (f"{EMPTY}/run/taskInstances/first/state-store", "/assets/1/state-store"):
        assert api.call("PUT", f"{path}/k", {"value": {"a": 1}}).status == 204
        assert api.get(f"{path}/k")["value"] == {"a": 1}
        assert api.get(path)["total_entries"] == 1
        assert api.call("PUT", f"{path}/k", {"value": None}).status == 422
        assert api.call("DELETE", f"{path}/k").status == 204
        assert api.call("GET", f"{path}/k").status == 404
        api.call("PUT", f"{path}/j", {"value": 1})
        assert api.call("DELETE", path).status == 204
        assert api.get(path)["total_entries"] == 0


def test_wait_tells_the_state_and_results(api: Api) -> None:
    api.trigger("conformance_python")
    api.wait(5)
    body = api.get(f"{PYTHON}/run/wait?interval=1&result=consume")
    assert body == {"state": "success", "results": {"consume": "done"}}


def test_bulk_changes_of_runs_and_instances(api: Api) -> None:
    api.trigger("conformance_empty")
    path = f"{EMPTY}/run/taskInstances"

    def bulk(path: str, action: str, *entities: Any, **more: Any) -> Any:
        reply = api.call("PATCH", path, {"actions": [{"action": action, "entities": list(entities), **more}]})
        assert reply.status == 200, reply
        return reply.body[action]

    assert bulk(path, "update", {"task_id": "first", "new_state": "success"})["success"] == [
        "conformance_empty.run.first[-1]"
    ]
    assert bulk(path, "update", {"task_id": "nope", "new_state": "success"})["errors"][0]["status_code"] == 404
    assert bulk(path, "delete", "last")["success"] == ["conformance_empty.run.last[-1]"]
    assert bulk(EMPTY, "update", {"dag_run_id": "run", "state": "failed"})["success"] == ["conformance_empty.run"]
    assert api.get(f"{EMPTY}/run")["state"] == "failed"
    gone = bulk(EMPTY, "delete", "run", "nope")
    assert (gone["success"], gone["errors"][0]["status_code"]) == ([], 404)
    assert bulk(EMPTY, "delete", "run", "nope", action_on_non_existence="skip")["success"] == ["conformance_empty.run"]
    assert bulk(EMPTY, "create", {"dag_run_id": "x"})["errors"][0]["status_code"] == 405


def test_no_dag_here_is_partitioned() -> None:
    body = {"logical_date": None, "partition_key": "p"}
    assert Api("3.2").call("POST", "/dags/conformance_empty/dagRuns", body).body["partition_key"] == "p"
    refused = Api().call("POST", "/dags/conformance_empty/dagRuns", body)
    assert (refused.status, "not a partitioned Dag" in refused.body["detail"]) == (400, True)
