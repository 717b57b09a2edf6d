"""What bodies must keep to beyond their schemas, and what is looked at before them (measured on 3.3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.api import Api

TEAM = "Value error, team_name cannot be set when multi_team mode is disabled. Please contact your administrator."
CONNECTION = {"connection_id": "c", "conn_type": "x"}
CASES = [
    ("POST", "/connections", {**CONNECTION, "team_name": ""}, [["body"]]),
    ("POST", "/pools", {"name": "p", "slots": 1, "team_name": "t"}, [["body"]]),
    ("POST", "/pools", {"name": "p", "slots": "x", "team_name": "t"}, [["body", "slots"]]),
    ("PATCH", "/pools/default_pool?update_mask=slots", {"slots": 3, "team_name": ""}, [["body"]]),
    ("POST", "/variables", {"key": "v", "value": 1, "team_name": "t"}, [["body"]]),
    ("POST", "/connections", {**CONNECTION, "extra": "x", "port": 2**80}, [["body", "extra"]]),
    ("POST", "/connections", {**CONNECTION, "extra": "x", "bogus": 1}, [["body", "extra"], ["body", "bogus"]]),
    ("POST", "/connections/test", {**CONNECTION, "extra": "[]"}, [["body", "extra"]]),
    (
        "PATCH",
        "/dags/conformance_empty/dagRuns/run/taskInstances/first",
        {"new_state": "queued", "bogus": 1},
        [["body", "new_state"], ["body", "bogus"]],
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "places"), CASES)
def test_rules_of_bodies(method: str, path: str, body: Any, places: list[list[str]]) -> None:
    reply = Api().call(method, path, body)
    assert reply.status == 422
    assert [one["loc"] for one in reply.body["detail"]] == places


def test_a_rule_is_told_where_it_is_broken_in_a_bulk_request() -> None:
    action = {"action": "create", "entities": [CONNECTION, {**CONNECTION, "team_name": ""}]}
    detail = Api().call("PATCH", "/connections", {"actions": [action]}).body["detail"]
    assert [(one["loc"], one["msg"]) for one in detail] == [
        (["body", "actions", 0, "create", "entities", 1], TEAM)
    ] * 2  # two parts of Airflow read the body


def test_before_3_3_a_team_is_taken() -> None:
    assert Api("3.2").call("POST", "/pools", {"name": "p", "slots": 1, "team_name": "t"}).status == 201


def test_states_are_taken_in_capitals() -> None:
    api = Api()
    api.trigger("conformance_empty")
    path = "/dags/conformance_empty/dagRuns/run/taskInstances/first"
    assert api.call("PATCH", path, {"new_state": "FAILED"}).body["task_instances"][0]["state"] == "failed"


INSTANCE = "/dags/conformance_empty/dagRuns/run/taskInstances/first"


@pytest.mark.parametrize(
    ("version", "path", "body", "status"),
    [
        ("3.3", INSTANCE, {"new_state": {}}, 500),
        ("3.3", "/dags/conformance_empty/clearTaskInstances", [], 500),
        ("3.3", "/dags/conformance_empty/clearPartitions", [], 422),
        ("3.2", "/dags/conformance_empty/dagRuns/run/clear", "a", 500),
        ("3.1", "/dags/conformance_empty/dagRuns/run/clear", "a", 422),
        ("3.3", "/pools", {"dag_id": []}, 500),
        ("3.3", "/dags/conformance_empty/dagRuns", {"dag_run_id": [1]}, 500),
        ("3.3", "/dags/conformance_empty/dagRuns", {"dag_run_id": {}}, 422),
    ],
)
def test_what_airflow_breaks_down_over(version: str, path: str, body: Any, status: int) -> None:
    assert Api(version).call("PATCH" if path == INSTANCE else "POST", path, body).status == status


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/dags/conformance_empty/dagRuns/x/taskInstances/first/state-store/k", {}),
        ("PATCH", "/dags/conformance_empty/dagRuns/x/taskInstances/first/state-store/k", {"value": None}),
        ("DELETE", "/dags/conformance_empty/dagRuns/x/taskInstances/first/state-store/k", None),
        ("DELETE", "/dags/conformance_empty/dagRuns/x/taskInstances/first/state-store?all_map_indices=true", None),
        ("PUT", "/assets/777/state-store/k", {}),
        ("POST", "/dags/x/clearDagRuns", {"partition_key": "p"}),
    ],
)
def test_what_is_not_there_comes_before_the_body(method: str, path: str, body: Any) -> None:
    assert Api().call(method, path, body).status == 404


def test_what_needs_no_database_takes_any_number() -> None:
    api = Api()
    assert api.call("GET", f"/providers?offset={2**70}").body["providers"] == []
    api.trigger("conformance_empty")
    assert api.call("GET", f"{INSTANCE}/externalLogUrl/{2**70}").status == 400


def test_an_empty_order_in_a_body_is_none() -> None:
    path = "/dags/~/dagRuns/list"
    assert Api().call("POST", path, {"order_by": ""}).status == 200
    assert Api().call("POST", path, {"order_by": "x"}).status == 400
