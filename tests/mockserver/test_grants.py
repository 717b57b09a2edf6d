"""Permissions of every operation of the stable API (measured on 2.2.5 and 2.11.2 with roles made for it)."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from mockserver.auth.grants import Grants
from mockserver.auth.visitor import Visitor
from mockserver.world.users import Role, Roles
from mockserver.world.world import World
from specs import contract
from specs.versions import Version

VERSIONS = ["2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "2.10", "2.11"]


@cache
def world(version: str) -> World:
    return World(Version.parse(version))


def may(version: str, operation: str, *grants: tuple[str, str], **path: Any) -> bool:
    visitor = Visitor("ann", "own", 1, (Role(9, "own", grants),))
    known = contract.load("stable-v1").cut(Version.parse(version), "fab").operations[operation]
    return Grants(world(version)).allows(visitor, known, path)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_needs_something(version: str) -> None:
    operations = contract.load("stable-v1").cut(Version.parse(version), "fab").operations.values()
    nobody, admin = Visitor("", ""), Visitor("a", "admin", 1, (Roles(Version.parse(version)).named("Admin"),))  # type: ignore[arg-type]
    for one in operations:
        if not one.open:
            assert not Grants(world(version)).allows(nobody, one, {}), one.id
            assert Grants(world(version)).allows(admin, one, {}), one.id


LEAST = {
    # role -> what of 2.11 it may use and the role before may not (facts: the lowest role of every operation)
    "Public": r"get_health|get_version",
    "Viewer": r"get_(dag|task|mapped|pool|dataset|upstream|xcom|log|extra|import_error).*",
    "User": r"(post|patch|delete|update|clear|set|reparse|create)_.*(dag|task|dataset).*",
    "Op": r".*(connection|variable|pool|queued_event|plugins|providers|config|get_value).*",
    "Admin": r".*(user|role|permission|event_log).*",
}


def test_the_lowest_role_of_every_operation() -> None:
    roles = Roles(Version(2, 11))
    for one in contract.load("stable-v1").cut(Version(2, 11), "fab").operations.values():
        if one.open:
            continue
        path = {"dag_id": "x"} if "{dag_id}" in one.path else {}
        allowed = [role.name for role in roles if Grants(world("2.11")).allows(Visitor("a", "", 1, (role,)), one, path)]
        order = [name for name in LEAST if name in allowed]
        assert order, one.id
        assert order == list(LEAST)[list(LEAST).index(order[0]) :], one.id  # more of a role is never less
        assert re.fullmatch(LEAST[order[0]], one.id), (one.id, order[0])


@pytest.mark.parametrize(
    ("version", "operation", "grants", "path", "allowed"),
    [
        ("2.11", "get_dag", [("can_read", "DAGs")], {"dag_id": "x"}, True),
        ("2.11", "get_dag", [("can_read", "DAG:x")], {"dag_id": "x"}, True),
        ("2.11", "get_dag", [("can_read", "DAG:y")], {"dag_id": "x"}, False),
        ("2.11", "get_dag", [("can_edit", "DAGs")], {"dag_id": "x"}, False),
        ("2.11", "get_dags", [("can_read", "DAG:conformance_basic")], {}, None),
        ("2.11", "get_dags", [("can_read", "DAG:no_such_dag")], {}, False),
        ("2.11", "get_dag_runs", [("can_read", "DAG Runs")], {"dag_id": "~"}, True),
        ("2.6", "get_dag_runs", [("can_read", "DAG Runs")], {"dag_id": "~"}, False),
        ("2.11", "get_dag_runs", [("can_read", "DAG Runs")], {"dag_id": "x"}, False),
        ("2.11", "get_dag_runs", [("can_read", "DAG Runs"), ("can_read", "DAG:x")], {"dag_id": "x"}, True),
        ("2.11", "get_log", [("can_read", "Task Logs"), ("can_read", "DAGs")], {"dag_id": "x"}, True),
        ("2.6", "get_log", [("can_read", "Task Logs"), ("can_read", "DAGs")], {"dag_id": "x"}, False),
        ("2.11", "update_dag_run_state", [("can_edit", "DAG Runs"), ("can_read", "DAGs")], {"dag_id": "x"}, False),
        ("2.6", "update_dag_run_state", [("can_edit", "DAG Runs"), ("can_read", "DAGs")], {"dag_id": "x"}, True),
        ("2.11", "post_pool", [("can_create", "Pools")], {}, True),
        ("2.11", "post_pool", [("can_edit", "Pools")], {}, False),
        ("2.2", "get_permissions", [("can_read", "Permissions")], {}, True),
    ],
)
def test_what_a_role_of_ones_own_may(
    version: str, operation: str, grants: list[tuple[str, str]], path: dict[str, str], allowed: bool | None
) -> None:
    if allowed is None:  # on one DAG that there is
        dag_id = next(iter(world(version).dags)).dag_id
        grants, allowed = [(grants[0][0], f"DAG:{dag_id}")], True
    assert may(version, operation, *grants, **path) is allowed


@pytest.mark.parametrize(
    ("version", "role", "grant", "has"),
    [
        ("2.7", "Viewer", ("can_read", "Audit Logs"), True),
        ("2.8", "Op", ("can_read", "Audit Logs"), False),
        ("2.8", "Admin", ("can_read", "Audit Logs"), True),
        ("2.7", "Viewer", ("can_read", "Pools"), False),
        ("2.8", "Viewer", ("can_read", "Pools"), True),
        ("2.2", "Op", ("can_read", "Pools"), True),
        ("2.2", "Viewer", ("can_read", "Datasets"), False),
        ("2.4", "Viewer", ("can_read", "Datasets"), True),
        ("2.11", "User", ("can_create", "Datasets"), True),
        ("2.11", "Op", ("can_delete", "Datasets"), True),
        ("2.11", "User", ("can_delete", "Datasets"), False),
        ("2.11", "Public", ("can_read", "DAGs"), False),
    ],
)
def test_what_the_roles_grant(version: str, role: str, grant: tuple[str, str], has: bool) -> None:
    found = Roles(Version.parse(version)).named(role)
    assert found is not None
    assert (grant in found.grants) is has


@pytest.mark.parametrize(
    ("version", "sizes"),
    [
        ("2.2", [84, 0, 27, 35, 56]),
        ("2.3", [89, 0, 27, 35, 56]),
        ("2.6", [92, 0, 31, 39, 60]),
        ("2.10", [92, 0, 30, 39, 63]),
        ("2.11", [92, 0, 30, 39, 63]),
    ],
)
def test_how_much_the_roles_grant(version: str, sizes: list[int]) -> None:
    roles = list(Roles(Version.parse(version)))
    assert [role.name for role in roles] == ["Admin", "Public", "Viewer", "User", "Op"]
    assert [len(role.grants) for role in roles] == sizes


def test_the_dags_of_a_visitor() -> None:
    dags = list(world("2.11").dags)
    one = Visitor("a", "", 1, (Role(9, "own", (("can_read", f"DAG:{dags[0].dag_id}"),)),))
    assert one.dags(dags) == dags[:1]
    assert one.dags(dags, "can_edit") == []
    assert Visitor("a", "", 1, (Role(9, "own", (("can_edit", "DAGs"),)),)).dags(dags) == dags
