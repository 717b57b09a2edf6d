"""Task instances, XComs and logs of the stable API: measured on Airflow 2.2.5, 2.3.4, 2.6.3, 2.10.5 and 2.11.2."""

from __future__ import annotations

from ast import literal_eval
from typing import Any

import pytest

from tests.mockserver.stable import Stable

PYTHON = "/dags/conformance_python/dagRuns/a/taskInstances"
MAPPED = "/dags/conformance_mapped/dagRuns/a/taskInstances/group.square"
EMPTY = "/dags/conformance_empty"
VERSIONS = ("2.0", "2.1", "2.2", "2.3", "2.4", "2.6", "2.9", "2.11")


def run(api: Stable, dag: str, name: str = "a", date: str = "2025-03-01T00:00:00Z") -> Stable:
    """Trigger a run, which is over after a minute."""
    api.call("PATCH", f"/dags/conformance_{dag}", {"is_paused": False})
    api.made(f"/dags/conformance_{dag}/dagRuns", dag_run_id=name, execution_date=date)
    api.mock.clock.advance(60)
    return api


def queued(api: Stable, *names: str) -> Stable:
    """Trigger runs of a DAG that is paused, a day apart."""
    for day, name in enumerate(names, 1):
        api.made(f"{EMPTY}/dagRuns", dag_run_id=name, execution_date=f"2025-03-0{day}T00:00:00Z")
    return api


def tasks(body: Any) -> list[str]:
    return [one["task_id"] for one in body["task_instances"]]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_every_version_shows(version: str) -> None:
    api = run(Stable(version), "python")
    one = api.get(f"{PYTHON}/produce")
    assert (one["state"], one["operator"], one["try_number"]) == ("success", "PythonOperator", 1)
    assert ("map_index" in one) == (version not in ("2.0", "2.1", "2.2"))
    assert tasks(api.get(PYTHON)) == ["produce", "consume"]
    assert api.get("/dags/~/dagRuns/~/taskInstances")["total_entries"] == 2
    assert api.made("/dags/~/dagRuns/~/taskInstances/list", dag_ids=["nope"])["task_instances"] == []
    assert api.get(f"{PYTHON}/produce/links") == {}
    assert api.call("GET", f"{PYTHON}/nope").body["title"] == "Task instance not found"
    assert api.get(f"{PYTHON}/consume/xcomEntries/return_value")["value"] == "done"


def test_members_of_an_instance() -> None:
    assert set(run(Stable(), "python").get(f"{PYTHON}/produce")) == {
        *("dag_id", "dag_run_id", "duration", "end_date", "execution_date", "executor", "executor_config", "hostname"),
        *("map_index", "max_tries", "note", "operator", "pid", "pool", "pool_slots", "priority_weight", "queue"),
        *("queued_when", "rendered_fields", "rendered_map_index", "sla_miss", "start_date", "state"),
        *("task_display_name", "task_id", "trigger", "triggerer_job", "try_number", "unixname"),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=success", ["produce", "consume"]),
        ("state=none", []),
        ("pool=default_pool&queue=default", ["produce", "consume"]),
        ("pool=nope", []),
        ("executor=x", []),
        ("duration_gte=0", ["produce", "consume"]),
        ("duration_gte=1000", []),
        ("execution_date_gte=2025-04-01T00:00:00Z", []),
        ("limit=1&offset=1", ["consume"]),
    ],
)
def test_lists(query: str, found: list[str]) -> None:
    assert tasks(run(Stable(), "python").get(f"{PYTHON}?{query}")) == found


def test_unknown_states_by_version() -> None:
    query = f"{PYTHON}?state=bogus"
    assert run(Stable(), "python").call("GET", query).status == 500
    assert run(Stable("2.6"), "python").get(query)["task_instances"] == []
    assert run(Stable(follow="documents"), "python").get(query)["task_instances"] == []


def test_batches() -> None:
    api, path = run(Stable(), "python"), "/dags/~/dagRuns/~/taskInstances/list"
    assert tasks(api.made(path, task_ids=["consume"])) == ["consume"]
    assert tasks(api.made(path, dag_run_ids=["a"], page_limit=1, page_offset=1)) == ["consume"]
    assert tasks(api.made(path, state=["failed", None])) == []
    assert api.call("POST", path, {"order_by": "task_id"}).detail == "{'order_by': ['Unknown field.']}"
    assert api.call("POST", path, {"page_limit": 0}).status == 400
    old = run(Stable("2.6"), "python").made(path, page_limit=1)
    assert tasks(old) == ["produce", "consume"]


def test_mapped_instances() -> None:
    api = run(Stable(), "mapped")
    assert [one["map_index"] for one in api.get(f"{MAPPED}/listMapped")["task_instances"]] == [0, 1, 2]
    falling = api.get(f"{MAPPED}/listMapped?order_by=-map_index")
    assert [one["map_index"] for one in falling["task_instances"]] == [2, 1, 0]
    assert api.get(f"{MAPPED}/1")["map_index"] == 1
    assert api.call("GET", MAPPED).detail == "Task instance is mapped, add the map_index value to the URL"
    bad = api.call("GET", f"{MAPPED}/listMapped?order_by=bad")
    assert bad.detail == "Ordering with 'bad' is not supported"
    run(api, "python")
    assert api.call("GET", f"{PYTHON}/produce/listMapped").body["title"] == "Task id produce is not mapped"
    assert api.call("GET", f"{PYTHON}/nope/listMapped").body["title"] == "Task id nope not found"
    assert api.call("GET", "/dags/nope/dagRuns/a/taskInstances/x/listMapped").body["title"] == "DAG nope not found"


def test_before_mapping_there_is_one_plain_task() -> None:
    api = run(Stable("2.2"), "mapped")
    assert api.get(MAPPED)["state"] == "success"
    assert api.get(f"{MAPPED}/xcomEntries/return_value")["value"] == "1"


def test_a_run_before_the_start_of_its_dag_has_no_instances() -> None:
    api = Stable()
    api.made(f"{EMPTY}/dagRuns", dag_run_id="early", logical_date="2024-12-31T00:00:00Z")
    assert api.get(f"{EMPTY}/dagRuns/early/taskInstances")["total_entries"] == 0


def test_tries() -> None:
    api = run(Stable(), "python")
    body = {"dry_run": False, "only_failed": False, "task_ids": ["consume"], "reset_dag_runs": True, "dag_run_id": "a"}
    api.made("/dags/conformance_python/clearTaskInstances", **body)
    states = [one["state"] for one in api.get(f"{PYTHON}/consume/tries")["task_instances"]]
    assert states == ["success", None]
    api.mock.clock.advance(60)
    tries = api.get(f"{PYTHON}/consume/tries")["task_instances"]
    assert [(one["try_number"], one["state"]) for one in tries] == [(1, "success"), (2, "success")]
    assert api.get(f"{PYTHON}/consume/tries/2")["try_number"] == 2
    assert api.call("GET", f"{PYTHON}/consume/tries/9").detail.endswith("map_index=-1, try_number=9.")
    assert api.get(f"{PYTHON}/nope/tries") == {"task_instances": [], "total_entries": 0}


def test_tries_where_the_documents_are_followed() -> None:
    shown = run(Stable(follow="documents"), "python").get(f"{PYTHON}/consume/tries")
    assert [one["try_number"] for one in shown["task_instances_history"]] == [1]


def test_a_try_that_was_cleared_twice_is_kept_as_it_was_at_first() -> None:
    api = queued(Stable(), "a")
    path = f"{EMPTY}/dagRuns/a"
    for state in ("failed", "success"):
        api.call("PATCH", path, {"state": state})
        api.made(f"{path}/clear", dry_run=False)
    tries = api.get(f"{path}/taskInstances/first/tries")["task_instances"]
    assert [one["state"] for one in tries] == ["skipped", None]


def test_what_keeps_an_instance_from_being_scheduled() -> None:
    api = queued(Stable(), "a")
    found = api.get(f"{EMPTY}/dagRuns/a/taskInstances/last/dependencies")["dependencies"]
    assert [one["name"] for one in found] == [
        *("Dag Not Paused", "Dagrun Running", "Task Instance State", "Trigger Rule"),
    ]
    assert "upstream_task_ids={'first'}" in found[3]["reason"]
    assert run(api, "python").get(f"{PYTHON}/produce/dependencies") == {"dependencies": []}


def test_links() -> None:
    api = run(run(Stable(), "python"), "mapped")
    assert api.get(f"{MAPPED}/links?map_index=1") == {}
    assert api.call("GET", f"{MAPPED}/links").body["title"] == "DAG Run not found"
    assert api.call("GET", f"{PYTHON}/nope/links").detail == 'Task with ID = "nope" not found'
    assert run(Stable("2.6"), "mapped").call("GET", f"{MAPPED}/links").status == 500
    assert run(Stable(follow="documents"), "python").get(f"{PYTHON}/produce/links") == {"extra_links": []}


def test_the_link_to_what_a_task_triggers() -> None:
    dag, url = "/dags/conformance_trigger", "/dags/conformance_empty/grid"
    real, documented = Stable(), Stable(follow="documents")
    for api in (real, documented):
        api.made(f"{dag}/dagRuns", dag_run_id="a")
    links = f"{dag}/dagRuns/a/taskInstances/start/links"
    assert real.get(links) == {"Triggered DAG": url}
    assert documented.get(links) == {"extra_links": [{"class_ref": LINK, "name": "Triggered DAG", "href": url}]}
    task = real.get(f"{dag}/tasks/start")
    assert (task["class_ref"]["class_name"], task["extra_links"]) == ("TriggerDagRunOperator", [LINK])
    assert documented.get(f"{dag}/tasks/start")["extra_links"] == [{"class_ref": LINK}]


LINK = {"class_name": "TriggerDagRunLink", "module_path": "airflow.operators.trigger_dagrun"}


@pytest.mark.parametrize("state", ["failed", "success", "skipped"])
def test_what_has_failed_after_an_instance_that_is_set_is_cleared(state: str) -> None:
    api, one = queued(Stable(), "a"), f"{EMPTY}/dagRuns/a"
    for task, new in (("last", "failed"), ("first", state)):
        api.call("PATCH", f"{one}/taskInstances/{task}", {"new_state": new, "dry_run": False})
    assert api.get(f"{one}/taskInstances/first")["state"] == state
    assert api.get(f"{one}/taskInstances/last")["state"] is None
    api.call("PATCH", one, {"state": "failed"})
    api.call("PATCH", f"{one}/taskInstances/last", {"new_state": "failed", "dry_run": False})
    api.call("PATCH", f"{one}/taskInstances/first", {"new_state": state, "dry_run": True})
    assert api.get(f"{one}/taskInstances/last")["state"] == "failed"


def test_notes() -> None:
    api = run(Stable(), "mapped")
    assert api.call("PATCH", f"{MAPPED}/1/setNote", {"note": "x"}).body["note"] == "x"
    assert [one["note"] for one in api.get(f"{MAPPED}/listMapped")["task_instances"]] == [None, "x", None]
    title = api.call("PATCH", f"{MAPPED}/setNote", {"note": "x"}).body["title"]
    assert title == "Task Instance not found for dag_id=conformance_mapped, run_id=a, task_id=group.square"
    assert api.call("PATCH", f"{MAPPED}/1/setNote", {}).status == 400


def test_an_instance_is_changed_only_when_the_body_insists() -> None:
    api = queued(Stable(), "a")
    path = f"{EMPTY}/dagRuns/a/taskInstances/first"
    dry = api.call("PATCH", path, {"new_state": "failed"}).body
    assert set(dry) == {"dag_id", "dag_run_id", "execution_date", "task_id"}
    assert api.get(path)["state"] is None
    assert api.call("PATCH", path, {"new_state": "failed", "dry_run": False}).body == {}
    assert api.get(path)["state"] == "failed"
    assert api.call("PATCH", path, {}).detail == "{'new_state': ['Missing data for required field.']}"
    unknown = api.call("PATCH", f"{EMPTY}/dagRuns/a/taskInstances/nope", {"new_state": "failed"})
    assert unknown.detail == "Task 'nope' not found in DAG 'conformance_empty'"


def test_a_body_that_does_not_say_whether_it_is_dry() -> None:
    path = f"{EMPTY}/dagRuns/a/taskInstances/first"
    assert queued(Stable("2.6"), "a").call("PATCH", path, {"new_state": "failed"}).status == 500
    api = queued(Stable("2.6", follow="documents"), "a")
    assert api.call("PATCH", path, {"new_state": "failed"}).status == 200
    assert api.get(path)["state"] is None
    changed = api.call("PATCH", path, {"new_state": "failed", "dry_run": False})
    assert changed.body["task_id"] == "first"


FLAGS = dict.fromkeys(("include_upstream", "include_downstream", "include_future", "include_past"), False)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, [("b", "first")]),
        ({"include_downstream": True}, [("b", "first"), ("b", "last")]),
        ({"include_past": True}, [("a", "first"), ("b", "first")]),
        ({"include_past": True, "include_future": True}, [("a", "first"), ("b", "first"), ("c", "first")]),
        ({"task_id": "last", "include_upstream": True}, [("b", "first"), ("b", "last")]),
    ],
)
def test_setting_states(more: dict[str, Any], found: list[tuple[str, str]]) -> None:
    api, path = queued(Stable(), "a", "b", "c"), f"{EMPTY}/updateTaskInstancesState"
    body = {"task_id": "first", "new_state": "failed", "dag_run_id": "b", **FLAGS, **more}
    dry = api.made(path, **body)["task_instances"]
    assert sorted((one["dag_run_id"], one["task_id"]) for one in dry) == found
    assert api.made(path, **body, dry_run=False)["task_instances"] == dry
    later = [("b", "last")] if more == {"include_downstream": True} else []  # what fails after it is cleared
    assert [(one["dag_run_id"], one["task_id"]) for one in api.made(path, **body)["task_instances"]] == later


def test_setting_states_that_cannot_be_set() -> None:
    api, path = queued(Stable(), "a"), f"{EMPTY}/updateTaskInstancesState"
    body = {"task_id": "first", "new_state": "failed", **FLAGS}
    assert "Exactly one of execution_date or dag_run_id" in api.call("POST", path, body).detail
    by_date = api.call("POST", path, {**body, "execution_date": "2030-01-01T00:00:00Z"})
    assert by_date.detail == "Task instance not found for task 'first' on execution_date 2030-01-01 00:00:00+00:00"
    old = queued(Stable("2.2"), "a").call("POST", path, {**body, "dag_run_id": "a"})
    assert old.detail == "{'execution_date': ['Missing data for required field.'], 'dag_run_id': ['Unknown field.']}"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"dag_run_id": "b"}, [("b", "first"), ("b", "last")]),
        ({"dag_run_id": "b", "task_ids": ["first"], "include_downstream": True}, [("b", "first"), ("b", "last")]),
        ({"dag_run_id": "b", "task_ids": ["first"], "include_future": True}, [("b", "first"), ("c", "first")]),
        ({"end_date": "2025-03-01T00:00:00Z", "task_ids": ["last"]}, [("a", "last")]),
        ({"only_failed": True}, []),
    ],
)
def test_clearing(body: dict[str, Any], found: list[tuple[str, str]]) -> None:
    api, path = queued(Stable(), "a", "b", "c"), f"{EMPTY}/clearTaskInstances"
    for name in "abc":
        api.call("PATCH", f"{EMPTY}/dagRuns/{name}", {"state": "success"})
    dry = api.made(path, **{"only_failed": False, **body})["task_instances"]
    assert sorted((one["dag_run_id"], one["task_id"]) for one in dry) == found
    api.made(path, **{"only_failed": False, **body}, dry_run=False)
    cleared = api.made("/dags/~/dagRuns/~/taskInstances/list", state=["none"])["task_instances"]
    assert sorted((one["dag_run_id"], one["task_id"]) for one in cleared) == found


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"only_running": True}, "only_failed and only_running both are set to True"),
        (
            {"dag_run_id": "a", "start_date": "2025-03-01T00:00:00Z"},
            "Exactly one of dag_run_id or start_date must be provided",
        ),
        (
            {"start_date": "2025-03-02T00:00:00Z", "end_date": "2025-03-01T00:00:00Z"},
            "end_date is sooner than start_date",
        ),
    ],
)
def test_what_cannot_be_cleared(body: dict[str, Any], says: str) -> None:
    reply = queued(Stable(), "a").call("POST", f"{EMPTY}/clearTaskInstances", body)
    assert reply.detail == f"{{'_schema': ['{says}']}}"


def test_xcoms() -> None:
    api = run(run(run(Stable(), "python"), "mapped"), "producer")
    entry = f"{PYTHON}/produce/xcomEntries/return_value"
    assert api.get(entry)["value"] == "{'numbers': [1, 2, 3]}"
    assert api.get(f"{entry}?stringify=false")["value"] == {"numbers": [1, 2, 3]}
    assert api.call("GET", f"{entry}?deserialize=true").status == 400
    assert api.call("GET", f"{MAPPED}/xcomEntries/return_value").body["title"] == "XCom entry not found"
    assert api.get(f"{MAPPED}/xcomEntries/return_value?map_index=2")["value"] == "9"
    rows = api.get("/dags/~/dagRuns/~/taskInstances/~/xcomEntries")["xcom_entries"]
    assert [row["task_id"] for row in rows] == ["group.square"] * 3 + ["update"] * 2 + ["consume", "produce"]
    assert "pipeline_outlets" in {row["key"] for row in rows}
    assert "value" not in rows[0]
    assert run(Stable("2.6"), "mapped").call("GET", f"{MAPPED}/xcomEntries/return_value").status == 500


def test_logs() -> None:
    api, path = run(Stable(), "python"), f"{PYTHON}/produce/logs"
    shown = api.get(f"{path}/1", accept="application/json")
    ((host, text),) = literal_eval(shown["content"])
    assert host == "worker-1"
    assert "INFO - produced three numbers\n" in text
    assert text.startswith(" INFO - ::group::Log message source details\n")
    plain = api.call("GET", f"{path}/1", headers={"accept": "*/*"})
    assert (plain.media, plain.text) == ("text/plain", f"{host}\n{text}\n")
    rest = api.get(f"{path}/1?token={shown['continuation_token']}", accept="application/json")
    assert literal_eval(rest["content"]) == [(host, "")]
    bad = api.call("GET", f"{path}/1?token=abc")
    assert bad.body["title"] == "Bad Signature. Please use only the tokens provided by the API."
    assert "Try number 0 is invalid" in api.get(f"{path}/0", accept="application/json")["content"]
    assert api.call("GET", f"{PYTHON}/nope/logs/1").body["title"] == "TaskInstance not found"


def test_logs_of_old_versions() -> None:
    api, path = run(Stable("2.2"), "python"), f"{PYTHON}/produce/logs/1"
    shown = api.get(path, accept="application/json")
    ((_, text),) = literal_eval(shown["content"])
    assert text.startswith("*** Reading local file: /opt/airflow/logs/conformance_python/produce/2025-03-01T00:00:00")
    assert api.get(f"{path}?token={shown['continuation_token']}", accept="application/json") == shown


def test_a_collection_that_is_documented_as_one_of_its_items() -> None:
    shown = run(Stable("2.3"), "mapped").get(f"{MAPPED}/listMapped")
    assert (len(shown["task_instances"]), shown["total_entries"]) == (3, 3)
    assert "note" not in shown["task_instances"][0]
