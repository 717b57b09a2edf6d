"""DAG runs of the stable API: measured on Airflow 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.stable import Stable

RUNS = "/dags/conformance_params/dagRuns"
EMPTY = "/dags/conformance_empty/dagRuns"
VERSIONS = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.6", "2.9", "2.11")


@pytest.mark.parametrize("version", VERSIONS)
def test_made_shown_listed_and_deleted(version: str) -> None:
    api = Stable(version)
    run = api.made(RUNS, dag_run_id="a", execution_date="2025-02-01T00:00:00Z", conf={"number": 2})
    assert run["execution_date"] == "2025-02-01T00:00:00+00:00"
    state = "running" if version == "2.0" else "queued"  # read in 2.0.2
    assert (run["state"], run["external_trigger"], run["conf"]) == (state, True, {"number": 2})
    assert api.get(f"{RUNS}/a") == run
    assert api.get(RUNS)["dag_runs"] == [run]
    assert api.made("/dags/~/dagRuns/list", dag_ids=["conformance_params"])["dag_runs"] == [run]
    assert api.call("DELETE", f"{RUNS}/a").status == 204
    assert api.call("DELETE", f"{RUNS}/a").status == 404
    assert api.get(RUNS) == {"dag_runs": [], "total_entries": 0}


def test_what_is_made_up() -> None:
    api = Stable()
    one, two = api.made(RUNS), api.made(RUNS)
    assert one["dag_run_id"] == f"manual__{one['logical_date']}"
    assert one["logical_date"] == one["execution_date"] == one["data_interval_start"] == one["data_interval_end"]
    assert one["dag_run_id"] != two["dag_run_id"]
    assert set(one) == {
        *("conf", "dag_id", "dag_run_id", "data_interval_end", "data_interval_start", "end_date", "execution_date"),
        *("external_trigger", "last_scheduling_decision", "logical_date", "note", "run_type", "start_date", "state"),
    }


def test_dates_are_echoed_as_sent_and_kept_in_utc() -> None:
    api = Stable()
    assert api.made(RUNS, dag_run_id="a", logical_date="2025-03-01T00:00:00+02:00")["logical_date"].endswith("+02:00")
    assert api.get(f"{RUNS}/a")["logical_date"] == "2025-02-28T22:00:00+00:00"


def test_a_run_of_a_cron_schedule_is_about_the_last_whole_interval() -> None:
    run = Stable().made("/dags/conformance_cron/dagRuns", logical_date="2025-03-06T12:00:00Z")
    assert run["data_interval_start"] == "2025-03-05T00:00:00+00:00"
    assert run["data_interval_end"] == "2025-03-06T00:00:00+00:00"


DATE = "2025-02-01T00:00:00Z"


@pytest.mark.parametrize(
    ("body", "title", "detail"),
    [
        (
            {"logical_date": DATE, "execution_date": "2025-02-02T00:00:00Z"},
            "logical_date conflicts with execution_date",
            "'2025-02-01T00:00:00Z' != '2025-02-02T00:00:00Z'",
        ),
        ({"logical_date": "2025-02-01"}, "Bad Request", "'2025-02-01' is not a 'date-time' - 'logical_date'"),
        (
            {"logical_date": None},
            "Incorrect datetime argument",
            "argument 'input': 'NoneType' object cannot be cast as 'str'",
        ),
        ({"dag_run_id": None}, "Bad Request", "{'dag_run_id': ['Field may not be null.']}"),
        ({"dag_run_id": "x" * 251}, "Bad Request", "{'dag_run_id': ['Longer than maximum length 250.']}"),
        (
            {"dag_run_id": "scheduled__x"},
            "Bad Request",
            "A manual DAG run cannot use ID 'scheduled__x' since it is reserved for scheduled runs",
        ),
        ({"state": "queued"}, "Bad Request", "Property is read-only - 'state'"),
        ({"nope": 1}, "Bad Request", "{'nope': ['Unknown field.']}"),
        ({"note": "x" * 1001}, "Bad Request", "{'note': ['Longer than maximum length 1000.']}"),
        (
            {"data_interval_start": DATE},
            "Bad Request",
            "{'_schema': [\"Both 'data_interval_start' and 'data_interval_end' must be specified together\"]}",
        ),
        (
            {"conf": {"number": -1}},
            "Bad Request",
            "Invalid input for param number: -1 is less than the minimum of 0\n\nFailed validating 'minimum' in "
            "schema:\n    {'type': 'integer', 'minimum': 0}\n\nOn instance:\n    -1",
        ),
    ],
)
def test_what_cannot_be_made(body: dict[str, Any], title: str, detail: str) -> None:
    reply = Stable().call("POST", RUNS, body)
    assert (reply.status, reply.body["title"], reply.detail) == (400, title, detail)


def test_ids_and_dates_are_taken_once() -> None:
    api = Stable()
    api.made(RUNS, dag_run_id="a", logical_date=DATE)
    reply = api.call("POST", RUNS, {"dag_run_id": "a"})
    assert reply.status == 409
    assert reply.detail == "DAGRun with DAG ID: 'conformance_params' and DAGRun ID: 'a' already exists"
    reply = api.call("POST", RUNS, {"dag_run_id": "b", "logical_date": DATE})
    assert "DAGRun logical date: '2025-02-01 00:00:00+00:00' already exists" in reply.detail
    assert api.call("POST", "/dags/nope/dagRuns", {}).detail == "DAG with dag_id: 'nope' not found"


def test_odd_ids_by_version() -> None:
    assert Stable().call("POST", RUNS, {"dag_run_id": "a b"}).status == 500
    assert Stable(follow="documents").call("POST", RUNS, {"dag_run_id": "a b"}).status == 400
    assert Stable("2.2").made(RUNS, dag_run_id="scheduled__a b")["dag_run_id"] == "scheduled__a b"


def test_bad_params_by_version() -> None:
    body = {"conf": {"number": "x"}}
    assert [Stable(version).call("POST", RUNS, body).status for version in ("2.2", "2.6", "2.11")] == [400, 500, 400]
    assert Stable("2.6", follow="documents").call("POST", RUNS, body).status == 400


def test_dates_of_old_versions() -> None:
    api = Stable("2.2")
    naive = api.call("POST", RUNS, {"logical_date": "2025-02-01T00:00:00"})
    assert (naive.body["title"], naive.detail) == ("Invalid datetime format", "Naive datetime is disallowed")
    assert (
        api.call("POST", RUNS, {"logical_date": "2025-02-01"}).detail == "{'logical_date': ['Not a valid datetime.']}"
    )
    assert api.call("POST", RUNS, {"logical_date": "nope"}).detail == "Invalid date string: nope"


@pytest.fixture
def three() -> Stable:
    api = Stable()
    for number in (1, 2, 3):
        api.made(EMPTY, dag_run_id=f"r{number}", logical_date=f"2025-03-0{number}T00:00:00Z")
    api.call("PATCH", f"{EMPTY}/r2", {"state": "failed"})
    return api


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=failed", ["r2"]),
        ("state=failed&state=queued", ["r1", "r2", "r3"]),
        ("state=bogus", []),
        ("execution_date_gte=2025-03-02T00:00:00Z", ["r2", "r3"]),
        ("execution_date_lte=2025-03-02T00:00:00%2B00:00", ["r1", "r2"]),
        ("end_date_gte=2000-01-01T00:00:00Z", ["r2"]),
        ("start_date_lte=2100-01-01T00:00:00Z", []),
        ("order_by=-dag_run_id", ["r3", "r2", "r1"]),
        ("order_by=-execution_date&limit=1", ["r3"]),
        ("limit=1&offset=1", ["r2"]),
    ],
)
def test_lists(three: Stable, query: str, found: list[str]) -> None:
    assert [run["dag_run_id"] for run in three.get(f"{EMPTY}?{query}")["dag_runs"]] == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"states": ["failed"]}, ["r2"]),
        ({"dag_ids": []}, ["r1", "r2", "r3"]),
        ({"dag_ids": ["nope"]}, []),
        ({"page_limit": 1, "page_offset": 1}, ["r2"]),
        ({"order_by": "-execution_date", "page_limit": 1}, ["r3"]),
        ({"execution_date_lte": "2025-03-01T00:00:00Z"}, ["r1"]),
        ({"updated_at_gte": "2100-01-01T00:00:00Z"}, ["r1", "r2", "r3"]),
    ],
)
def test_batches(three: Stable, body: dict[str, Any], found: list[str]) -> None:
    assert [run["dag_run_id"] for run in three.made("/dags/~/dagRuns/list", **body)["dag_runs"]] == found


def test_refused_lists(three: Stable) -> None:
    reply = three.call("GET", f"{EMPTY}?order_by=run_id")
    assert reply.detail == "Ordering with 'run_id' is disallowed or the attribute does not exist on the model"
    assert three.call("POST", "/dags/~/dagRuns/list", {"order_by": "nope"}).status == 400
    assert three.call("POST", "/dags/~/dagRuns/list", {"nope": 1}).detail == "{'nope': ['Unknown field.']}"
    assert three.get("/dags/nope/dagRuns") == {"dag_runs": [], "total_entries": 0}


def test_fields(three: Stable) -> None:
    assert three.get(f"{EMPTY}/r2?fields=state") == {"state": "failed"}
    assert three.get(f"{EMPTY}?fields=dag_run_id&limit=1")["dag_runs"] == [{"dag_run_id": "r1"}]
    reply = three.call("GET", f"{EMPTY}/r2?fields=run_id")
    assert (reply.body["title"], reply.detail) == ("DAGRunSchema error", "run_id not in DAGRunSchema")


def test_notes(three: Stable) -> None:
    path = f"{EMPTY}/r1/setNote"
    assert three.call("PATCH", path, {"note": "hello"}).body["note"] == "hello"
    assert three.get(f"{EMPTY}/r1")["note"] == "hello"
    assert three.call("PATCH", path, {}).status == 500
    assert three.call("PATCH", path, {"note": "x" * 1001}).status == 400
    title = three.call("PATCH", f"{EMPTY}/nope/setNote", {"note": "x"}).body["title"]
    assert title == "Dag Run id nope not found in dag conformance_empty"


def test_states_set_by_hand(three: Stable) -> None:
    def states() -> list[str | None]:
        return [one["state"] for one in three.get(f"{EMPTY}/r1/taskInstances")["task_instances"]]

    run = three.call("PATCH", f"{EMPTY}/r1", {"state": "failed"}).body
    assert (run["state"], run["end_date"] is None, states()) == ("failed", False, ["skipped", "skipped"])
    run = three.call("PATCH", f"{EMPTY}/r1", {"state": "queued"}).body
    assert (run["state"], run["end_date"]) == ("queued", None)
    three.call("PATCH", f"{EMPTY}/r1", {"state": "success"})
    assert states() == ["success", "success"]
    assert three.call("PATCH", f"{EMPTY}/r1", {}).status == 500


def test_states_of_old_versions() -> None:
    api = Stable("2.6")
    api.made(EMPTY, dag_run_id="a", logical_date="2025-03-01T00:00:00Z")
    api.call("PATCH", f"{EMPTY}/a", {"state": "failed"})
    assert [one["state"] for one in api.get(f"{EMPTY}/a/taskInstances")["task_instances"]] == [None, None]
    assert api.call("PATCH", f"{EMPTY}/a", {"state": "queued"}).body["end_date"] is not None


def test_clearing(three: Stable) -> None:
    path = f"{EMPTY}/r2/clear"
    three.call("PATCH", f"{EMPTY}/r2", {"state": "success"})
    dry = three.made(path)
    assert dry == three.made(path, dry_run=True)
    assert set(dry["task_instances"][0]) == {"dag_id", "dag_run_id", "execution_date", "task_id"}
    assert three.get(f"{EMPTY}/r2")["state"] == "success"
    assert three.made(path, dry_run=False)["state"] == "queued"
    assert [one["state"] for one in three.get(f"{EMPTY}/r2/taskInstances")["task_instances"]] == [None, None]
    title = three.call("POST", f"{EMPTY}/nope/clear", {}).body["title"]
    assert title == "Dag Run id nope not found in dag   conformance_empty"


def test_a_run_goes_on_by_itself() -> None:
    api = Stable()
    api.made("/dags/conformance_python/dagRuns", dag_run_id="a", logical_date="2025-03-01T00:00:00Z")
    api.mock.clock.advance(60)
    run = api.get("/dags/conformance_python/dagRuns/a")
    assert run["state"] == "success"
    assert run["start_date"] < run["end_date"]


def test_a_run_of_the_future_waits() -> None:
    api = Stable()
    api.made("/dags/conformance_python/dagRuns", dag_run_id="a", logical_date="2124-03-01T00:00:00Z")
    api.mock.clock.advance(60)
    assert api.get("/dags/conformance_python/dagRuns/a")["state"] == "queued"


def test_a_schedule() -> None:
    api = Stable()
    before = api.get("/dags/conformance_cron")
    api.call("PATCH", "/dags/conformance_cron", {"is_paused": False})
    api.mock.clock.advance(60)
    assert api.get("/dags/conformance_cron/dagRuns")["total_entries"] == 1
    api.mock.clock.advance(60)
    (run,) = api.get("/dags/conformance_cron/dagRuns")["dag_runs"]
    assert run["dag_run_id"] == f"scheduled__{before['next_dagrun']}"
    assert (run["run_type"], run["external_trigger"], run["state"]) == ("scheduled", False, "success")
    assert run["data_interval_end"] == before["next_dagrun_create_after"]
    assert api.get("/dags/conformance_cron")["next_dagrun"] == run["data_interval_end"]
