"""What the guard makes of requests to Airflow 2; what holds for every API is in test_guard.py."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.guard import Creation
from tests.conformance.test_guard import FIXTURE, OWN, guard, refused, request

DATE = "2025-01-01T00:00:00Z"
HALF = "s3://conformance/half"


@pytest.mark.parametrize(
    ("method", "target", "body", "kind", "ids"),
    [
        ("POST", "/api/v1/variables", {"key": OWN, "value": "theirs"}, "variable", {"key": OWN}),
        ("POST", "/api/v1/users", {"username": OWN, "roles": [{"name": "Admin"}]}, "user", {"username": OWN}),
        ("POST", "/api/v1/roles", {"name": OWN, "actions": [{"action": {"name": "can_read"}}]}, "role", {"name": OWN}),
        ("POST", f"/api/v1/dags/{FIXTURE}/dagRuns", {"dag_run_id": OWN}, "dag_run",
         {"dag_id": FIXTURE, "dag_run_id": OWN}),
        ("POST", f"/api/v1/dags/{FIXTURE}/dagRuns", {"note": OWN}, "dag_run", {"dag_id": FIXTURE}),
        ("PATCH", f"/api/v1/dags/{FIXTURE}", {"is_paused": True}, "paused", {"dag_id": FIXTURE}),
        ("PATCH", f"/api/v1/dags?dag_id_pattern={FIXTURE}", {"is_paused": True}, "paused", {"dag_id": FIXTURE}),
        ("POST", "/api/v1/datasets/events", {"dataset_uri": HALF}, "dataset_event", {"dataset_uri": HALF}),
    ],
)  # fmt: skip
def test_what_may_be_created_is_told(method: str, target: str, body: Any, kind: str, ids: dict[str, str]) -> None:
    assert guard("2.11").check(request(method, target, body)) == [Creation(kind, ids)]


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/api/v1/dags/~/dagRuns/list", {"dag_ids": ["theirs"]}),
        ("POST", "/api/v1/dags/~/dagRuns/~/taskInstances/list", {"dag_ids": ["theirs"]}),
        ("PATCH", f"/api/v1/dags/{FIXTURE}/dagRuns/{OWN}", {"state": "failed"}),
        ("POST", f"/api/v1/dags/{FIXTURE}/dagRuns/{OWN}/clear", {"dry_run": False}),
        ("POST", f"/api/v1/dags/{FIXTURE}/clearTaskInstances", {"dag_run_id": OWN, "dry_run": False}),
        ("PATCH", f"/api/v1/dags/{FIXTURE}/dagRuns/{OWN}/taskInstances/first/setNote", {"note": "n"}),
        ("PATCH", f"/api/v1/dags?dag_id_pattern={OWN}", {"is_paused": True}),
        ("PATCH", f"/api/v1/roles/{OWN}", {"name": OWN, "actions": [{"action": {"name": "can_read"}}]}),
        ("PATCH", f"/api/v1/users/{OWN}", {"username": OWN, "roles": [{"name": "Admin"}]}),
        ("DELETE", f"/api/v1/users/{OWN}", None),
        ("DELETE", f"/api/v1/variables/{OWN}/with/slashes", None),
        ("DELETE", f"/api/v1/datasets/queuedEvent/{OWN}%3A%2F%2Fx", None),
        ("DELETE", "/api/v1/datasets/queuedEvent/s3%3A%2F%2Fconformance%2Fhalf", None),
        ("DELETE", f"/api/v1/dags/{FIXTURE}/datasets/queuedEvent", None),
        ("PUT", "/api/v1/parseDagFile/token-of-a-fixture", None),
        ("GET", "/logout/", None),
        ("POST", "/logout/", b"csrf_token=x"),
        ("POST", "/login/", b"username=theirs&password=x&csrf_token=y"),
        ("DELETE", "/api/v1/version", None),
    ],
)
def test_harmless(method: str, target: str, body: Any) -> None:
    assert guard("2.11").check(request(method, target, body)) == []


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("DELETE", "/api/v1/roles/Admin", None),
        ("PATCH", "/api/v1/roles/Public", {"name": OWN}),
        ("PATCH", f"/api/v1/roles/{OWN}", {"name": "Admin"}),
        ("POST", "/api/v1/roles", {"name": "Viewer", "actions": []}),
        ("DELETE", "/api/v1/users/admin", None),
        ("PATCH", "/api/v1/users/admin", {"username": OWN}),
        ("PATCH", f"/api/v1/users/{OWN}", {"username": "admin"}),
        ("POST", "/api/v1/users", {"username": "admin"}),
        ("POST", "/api/v1/dags/~/dagRuns", {"dag_run_id": OWN}),
        ("DELETE", f"/api/v1/dags/~/dagRuns/{OWN}", None),
        ("DELETE", f"/api/v1/dags/{FIXTURE}", None),
        ("POST", f"/api/v1/dags/{FIXTURE}/clearTaskInstances", {"dry_run": True}),
        ("POST", f"/api/v1/dags/{FIXTURE}/clearTaskInstances", {"dag_run_id": OWN, "start_date": DATE}),
        ("POST", f"/api/v1/dags/{FIXTURE}/clearTaskInstances", {"dag_run_id": OWN, "include_parentdag": True}),
        ("POST", f"/api/v1/dags/{FIXTURE}/updateTaskInstancesState", {"dag_run_id": "theirs", "task_id": OWN}),
        ("POST", f"/api/v1/dags/{FIXTURE}/updateTaskInstancesState",
         {"dag_run_id": OWN, "execution_date": DATE}),
        ("PATCH", f"/api/v1/dags/{FIXTURE}/dagRuns/theirs/setNote", {"note": OWN}),
        ("PATCH", "/api/v1/dags", {"is_paused": True}),
        ("PATCH", "/api/v1/dags?dag_id_pattern=~", {"is_paused": True}),
        ("PATCH", f"/api/v1/dags?dag_id_pattern={OWN}&dag_id_pattern=%25", {"is_paused": True}),
        ("POST", "/api/v1/connections/test", {"connection_id": "theirs", "conn_type": "http"}),
        ("POST", "/api/v1/datasets/events", {"dataset_uri": "s3://theirs"}),
        ("DELETE", "/api/v1/datasets/queuedEvent/s3%3A%2F%2Ftheirs", None),
        ("DELETE", "/api/v1/dags/theirs/datasets/queuedEvent", None),
        ("PATCH", f"/api/v1/dags?dag_id_pattern={FIXTURE}", {"is_paused": True, "tags": []}),
        ("PATCH", f"/api/v1/dags?dag_id_pattern={FIXTURE}%25", {"is_paused": True}),
        ("DELETE", "/api/v1/dags/conformance_disposable", None),
        ("DELETE", "/api/v1/variables/theirs/with/slashes", None),
        ("DELETE", f"/api/v1/variables/theirs/{OWN}", None),
        ("POST", "/api/experimental/pools", {"name": OWN}),
        ("POST", f"/api/experimental/dags/{FIXTURE}/dag_runs", {}),
        ("POST", f"/dags/{FIXTURE}/trigger", b""),
        ("POST", "/users/add", b"username=x"),
        ("POST", "/delete?dag_id=theirs", None),
    ],
)  # fmt: skip
def test_refused(method: str, target: str, body: Any) -> None:
    assert " is not sent: " in refused(guard("2.11"), request(method, target, body))


STATE = {"task_id": "first", "new_state": "failed", "include_future": False, "include_past": False}


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("updateTaskInstancesState", {**STATE, "execution_date": DATE}),
        ("clearTaskInstances", {"start_date": DATE, "end_date": DATE}),
    ],
)
def test_instances_may_be_named_by_a_date_of_the_run(operation: str, body: dict[str, Any]) -> None:
    asked = request("POST", f"/api/v1/dags/{FIXTURE}/{operation}", body)
    keeper = guard("2.2")
    assert "one date of the run's own" in refused(keeper, asked)
    keeper.own("execution_date", DATE)
    assert keeper.check(asked) == []


@pytest.mark.parametrize("more", [{"end_date": None}, {"end_date": "2026-01-01T00:00:00Z"}, {"include_future": True}])
def test_a_date_of_the_run_names_nothing_else(more: dict[str, Any]) -> None:
    keeper = guard("2.11")
    keeper.own("execution_date", DATE)
    body = {"start_date": DATE, "end_date": DATE, **more}
    refused(keeper, request("POST", f"/api/v1/dags/{FIXTURE}/clearTaskInstances", body))


def test_a_disposable_dag_may_be_deleted_once_it_is_lent() -> None:
    keeper = guard("2.11")
    keeper.lend("disposable", "conformance_disposable")
    assert keeper.check(request("DELETE", "/api/v1/dags/conformance_disposable", None)) == []
    refused(keeper, request("DELETE", f"/api/v1/dags/{FIXTURE}", None))
