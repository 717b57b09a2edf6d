"""Roles: what each may, per auth manager (measured on 3.3.2, 3.0.6 and FAB 3.10.2)."""

from __future__ import annotations

from typing import Any

import pytest

import profiles
from mockserver.auth.permissions import Permissions, _tables
from mockserver.operations import User
from mockserver.traits import Traits
from specs import contract
from tests.mockserver.driver import application, send


def table(profile: str, version: str = "3.3") -> tuple[Permissions, Any]:
    found = profiles.load(profile, [f"airflow={version}"])
    interface = contract.load().cut(version, found.auth_manager)
    return Permissions(found, Traits.of(found.airflow, "airflow")), interface.operations


@pytest.mark.parametrize(
    ("profile", "operation", "least"),
    [
        ("airflow-3", "get_dags", "viewer"),
        ("airflow-3", "get_event_logs", "viewer"),
        ("airflow-3", "get_variables", "op"),
        ("airflow-3", "trigger_dag_run", "user"),
        ("airflow-3", "post_pool", "op"),
        ("airflow-3", "favorite_dag", "viewer"),
        ("airflow-3", "get_list_dag_runs_batch", "viewer"),
        ("airflow-3", "create_asset_event", "op"),
        ("airflow-3", "delete_xcom_entry", "user"),
        ("airflow-3-fab", "get_dags", "viewer"),
        ("airflow-3-fab", "get_event_logs", "admin"),
        ("airflow-3-fab", "get_plugins", "op"),
        ("airflow-3-fab", "delete_xcom_entry", "op"),
        ("airflow-3-fab", "create_asset_event", "user"),
    ],
)
def test_least_roles(profile: str, operation: str, least: str) -> None:
    permissions, operations = table(profile)
    assert permissions.least(operations[operation]) == least


def test_backfills_were_for_op_in_3_0() -> None:
    assert [table("airflow-3", v)[0].least(table("airflow-3", v)[1]["create_backfill"]) for v in ("3.0", "3.3")] == [
        "op",
        "user",
    ]


def test_who_may_more_may_all_that_who_may_less_may() -> None:
    permissions, operations = table("airflow-3-fab")
    roles = ["public", "viewer", "user", "op", "admin"]
    for operation in operations.values():
        may = [permissions.allows(User("x", role), operation) for role in roles]
        assert may == sorted(may), operation.id
        assert not may[0]
        assert may[-1]


def test_the_table_names_operations_of_the_contract() -> None:
    known = {
        name
        for manager in ("simple", "fab")
        for v in ("3.0", "3.3")
        for name in contract.load().cut(v, manager).operations
    }
    tables = _tables()
    names = [*tables["after_body"], *tables["told_twice"], *tables["logged"]["before"], *tables["logged"]["after"]]
    for manager in ("simple", "fab"):
        for role in [*tables[manager]["roles"], "op_in_3_0"]:
            names += tables[manager].get(role, ())
    assert set(names) <= known


def owners(app: Any) -> list[tuple[str, str]]:
    events = send(app, "GET", "/api/v2/eventLogs?limit=100&order_by=id", user="admin").json["event_logs"]
    return [(one["event"], one["owner"]) for one in events]


def test_refused_writes_are_logged_where_airflow_logs_first() -> None:
    app = application()
    send(app, "POST", "/api/v2/variables", {"key": "k", "value": "v"}, user="viewer")
    send(app, "POST", "/api/v2/pools", {"name": "p", "slots": 1}, user="viewer")
    send(app, "POST", "/api/v2/pools", {"name": "p", "slots": 1}, user="op")
    send(app, "POST", "/api/v2/pools", {"name": "p", "slots": 1})
    events = owners(app)
    assert ("post_variable", "viewer") in events
    assert [owner for event, owner in events if event == "post_pool"] == ["op"]


def test_secrets_are_masked_in_the_event_log() -> None:
    app = application()
    send(app, "POST", "/api/v2/variables", {"key": "my_password", "value": "s3cret"}, user="op")
    connection = {"connection_id": "c", "conn_type": "http", "password": "s3cret", "extra": '{"token": "s3cret"}'}
    send(app, "POST", "/api/v2/connections", connection, user="op")
    body = send(app, "GET", "/api/v2/eventLogs?limit=100", user="admin").body
    assert b"my_password" in body
    assert b"s3cret" not in body


def test_an_event_names_what_it_was_about() -> None:
    app = application()
    body = {"logical_date": None, "dag_run_id": "r"}
    send(app, "POST", "/api/v2/dags/conformance_empty/dagRuns", body, user="user")
    last = send(app, "GET", "/api/v2/eventLogs?order_by=-id&limit=1", user="admin").json["event_logs"][0]
    assert (last["event"], last["dag_id"], last["run_id"]) == ("trigger_dag_run", "conformance_empty", "r")
