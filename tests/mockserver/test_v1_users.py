"""Users, roles and permissions of the stable API (measured on 2.2.5, 2.3.4, 2.6.3 and 2.11.2)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.mockserver.driver import Reply, application, send

USER = {
    "username": "ann",
    "email": "ann@example.org",
    "first_name": "Ann",
    "last_name": "Lee",
    "password": "pw",
    "roles": [{"name": "Viewer"}],
}
ADMIN = {"authorization": "Basic " + base64.b64encode(b"admin:admin").decode()}


def grant(action: str, resource: str) -> dict[str, Any]:
    return {"action": {"name": action}, "resource": {"name": resource}}


class Mock:
    def __init__(self, version: str = "2.11", *settings: str, **options: Any) -> None:
        profile = "airflow-2.2-basic" if version == "2.2" else "airflow-2-chain"
        self.app = application(profile, f"airflow={version}", *settings, **options)

    def send(self, method: str, path: str, body: Any = b"") -> Reply:
        return send(self.app, method, f"/api/v1{path}", body, ADMIN)

    def get(self, path: str) -> Any:
        reply = self.send("GET", path)
        assert reply.status == 200, reply
        return reply.json


def test_a_user_is_made_changed_and_deleted() -> None:
    mock = Mock()
    made = mock.send("POST", "/users", USER)
    assert made.status == 200
    assert sorted(made.json) == [
        "active",
        "changed_on",
        "created_on",
        "email",
        "fail_login_count",
        "first_name",
        "last_login",
        "last_name",
        "login_count",
        "roles",
        "username",
    ]
    assert "+" not in made.json["created_on"]
    assert mock.get("/users/ANN") == made.json
    changed = mock.send(
        "PATCH", "/users/ann?update_mask=first_name,%20roles", {**USER, "first_name": "Anna", "roles": []}
    )
    assert (changed.json["first_name"], changed.json["last_name"], changed.json["roles"]) == ("Anna", "Lee", [])
    assert mock.send("PATCH", "/users/ann", {**USER, "username": "bea"}).json["username"] == "bea"
    assert mock.send("GET", "/users/ann").status == 404
    assert mock.send("DELETE", "/users/bea").status == 204
    assert mock.send("DELETE", "/users/bea").status == 404


REFUSED = [
    ("POST", "/users", {**USER, "username": "VIEWER"}, 409, "Username `VIEWER` already exists. Use PATCH to update."),
    ("POST", "/users", {**USER, "email": "op@example.org"}, 409, "The email `op@example.org` is already taken."),
    ("POST", "/users", {**USER, "roles": [{"name": "x"}, {"name": "y"}]}, 400, "Unknown roles: 'x', 'y'"),
    ("POST", "/users", {**USER, "roles": [{"name": "viewer"}]}, 400, "Unknown roles: 'viewer'"),
    ("POST", "/users", {**USER, "roles": [{}]}, 400, "{'roles': {0: {'name': ['Missing data for required field.']}}}"),
    ("POST", "/users", {**USER, "nope": 1}, 400, "{'nope': ['Unknown field.']}"),
    ("POST", "/users", {**USER, "email": "e" * 513}, 400, "{'email': ['Longer than maximum length 512.']}"),
    ("POST", "/users", {**USER, "roles": []}, 500, "Failed to add user `ann`."),
    ("PATCH", "/users/nope", USER, 404, "The User with username `nope` was not found"),
    ("PATCH", "/users/op", {"first_name": "x", "email": "e", "last_name": "l"}, 400, "{'username': ['Missing"),
    ("PATCH", "/users/op?update_mask=x,y", USER, 400, "Unknown update masks: 'x', 'y'"),
    ("PATCH", "/users/op", {**USER, "username": "admin"}, 409, "The username `admin` already exists"),
    ("PATCH", "/users/op", {**USER, "email": "user@example.org"}, 409, "The email `user@example.org` already exists"),
    ("GET", "/users?order_by=-id", b"", 400, "Ordering with '-id' is disallowed"),
    ("GET", "/users?order_by=username", b"", 400, "Ordering with 'username' is disallowed"),
    ("GET", "/roles?order_by=id", b"", 400, "Ordering with 'id' is disallowed"),
    ("GET", "/roles/viewer", b"", 404, "Role with name 'viewer' was not found"),
    ("POST", "/roles", {"name": "Op", "actions": []}, 409, "Role with name 'Op' already exists; please update with"),
    ("POST", "/roles", {"name": "r", "actions": [grant("x", "Pools")]}, 400, "The specified action: 'x' was not found"),
    ("POST", "/roles", {"name": "r", "actions": [grant("can_read", "x")]}, 400, "The specified resource: 'x' was not"),
    ("POST", "/roles", {"name": "r" * 65, "actions": []}, 400, "{'name': ['Longer than maximum length 64.']}"),
    ("PATCH", "/roles/Op?update_mask=x", {"name": "Op", "actions": []}, 400, "'x' in update_mask is unknown"),
    ("PATCH", "/roles/nope", {"name": "x", "actions": []}, 404, "Role with name 'nope' was not found"),
    ("DELETE", "/roles/nope", b"", 404, "Role with name 'nope' was not found"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "detail"), REFUSED)
def test_refusals(method: str, path: str, body: Any, status: int, detail: str) -> None:
    reply = Mock().send(method, path, body)
    assert (reply.status, reply.json["detail"][: len(detail)]) == (status, detail)


@pytest.mark.parametrize(
    ("version", "settings", "status"),
    [
        ("2.6", [], 500),
        ("2.10", [], 500),
        ("2.11", [], 500),
        ("2.6", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer"], 200),
        ("2.11", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer"], 200),
    ],
)
def test_who_is_given_no_role_gets_the_public_one(version: str, settings: list[str], status: int) -> None:
    body = {name: value for name, value in USER.items() if name != "roles"}
    reply = Mock(version, *settings).send("POST", "/users", body)
    assert reply.status == status
    if status == 200:
        assert reply.json["roles"] == [{"name": "Viewer" if settings else "Public"}]


@pytest.mark.parametrize(("version", "status"), [("2.6", 200), ("2.10", 500), ("2.11.0", 500), ("2.11", 200)])
def test_what_they_get_where_there_is_no_public_role_configured(version: str, status: int) -> None:
    app = application("airflow-2-basic", f"airflow={version}")
    body = {name: value for name, value in USER.items() if name != "roles"}
    reply = send(app, "POST", "/api/v1/users", body, ADMIN)
    assert reply.status == status
    assert status == 500 or reply.json["roles"] == [{"name": "Public"}]


def test_users_in_order() -> None:
    mock, old = Mock(), Mock("2.2")
    names = [user["username"] for user in mock.get("/users")["users"]]
    assert names == ["admin", "op", "user", "viewer", "public", "inactive"]
    assert [user["username"] for user in mock.get("/users?order_by=first_name&limit=2&offset=1")["users"]] == [
        "inactive",
        "op",
    ]
    assert [user["username"] for user in old.get("/users?order_by=-user_id")["users"]] == names[::-1]
    assert mock.send("GET", "/users?order_by=role").status == 500
    assert Mock(follow="documents").send("GET", "/users?order_by=role").status == 400


def test_roles_in_order() -> None:
    mock, old = Mock(), Mock("2.2")
    assert [role["name"] for role in mock.get("/roles")["roles"]] == ["Admin", "Op", "Public", "User", "Viewer"]
    made = ["Admin", "Public", "Viewer", "User", "Op"]
    assert [role["name"] for role in mock.get("/roles?order_by=role_id")["roles"]] == made
    assert [role["name"] for role in old.get("/roles?order_by=-role_id")["roles"]] == made[::-1]


def test_a_role_is_made_grows_and_is_deleted() -> None:
    mock = Mock()
    body = {"name": "r", "actions": [grant("can_read", "Pools"), {}, grant("can_read", "Pools")]}
    reply = mock.send("POST", "/roles", body)
    assert (reply.status, reply.json) == (200, {})
    assert mock.get("/roles/r") == {"name": "r", "actions": [grant("can_read", "Pools")]}
    more = mock.send("PATCH", "/roles/r?update_mask=actions", {"name": "x", "actions": [grant("can_edit", "Pools")]})
    assert more.json == {"name": "r", "actions": [grant("can_read", "Pools"), grant("can_edit", "Pools")]}
    assert mock.send("PATCH", "/roles/r", {"name": "s", "actions": []}).json["name"] == "s"
    assert mock.send("PATCH", "/roles/s", {"name": "Op"}).json["name"] == "s"  # that name is taken
    assert mock.send("DELETE", "/roles/s").status == 204
    assert mock.send("GET", "/roles/s").status == 404


def test_a_role_counts_at_once() -> None:
    mock = Mock()
    mock.send("POST", "/roles", {"name": "r", "actions": [grant("can_read", "Variables")]})
    mock.send("POST", "/users", {**USER, "roles": [{"name": "r"}]})
    ann = {"authorization": "Basic " + base64.b64encode(b"ann:pw").decode()}
    assert send(mock.app, "GET", "/api/v1/variables", headers=ann).status == 200
    assert send(mock.app, "GET", "/api/v1/connections", headers=ann).status == 403
    mock.send("PATCH", "/roles/r", {"name": "r", "actions": [grant("can_read", "Connections")]})
    assert send(mock.app, "GET", "/api/v1/connections", headers=ann).status == 200
    mock.send("DELETE", "/roles/r")
    assert send(mock.app, "GET", "/api/v1/variables", headers=ann).status == 403
    assert mock.get("/users/ann")["roles"] == []


def test_admin_can_be_deleted_and_then_nobody_can_repair_it() -> None:
    mock = Mock()
    assert mock.send("DELETE", "/roles/Admin").status == 204
    assert mock.send("GET", "/roles").status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/roles", {"name": "r"}),
        ("POST", "/roles", {"name": "r", "actions": [{"action": {"name": "can_read"}}]}),
        ("PATCH", "/roles/Op?update_mask=actions", {"name": "Op"}),
    ],
)
def test_what_breaks_airflow_is_refused_where_the_documents_are_followed(method: str, path: str, body: Any) -> None:
    assert Mock().send(method, path, body).status == 500
    assert Mock(follow="documents").send(method, path, body).status in (200, 400)


def test_following_the_documents_a_new_role_is_shown() -> None:
    body = {"name": "r", "actions": [grant("can_read", "Pools")]}
    assert Mock(follow="documents").send("POST", "/roles", body).json == body


def test_22_changes_a_role_by_name_and_breaks_without_actions() -> None:
    mock = Mock("2.2")
    mock.send("POST", "/roles", {"name": "r", "actions": [grant("can_read", "Pools")]})
    assert mock.send("PATCH", "/roles/r", {"name": "s", "actions": []}).status == 500
    assert mock.get("/roles/s")["name"] == "s"
    assert mock.send("PATCH", "/roles/s?update_mask=actions", {"name": "s", "actions": []}).status == 500
    reply = mock.send("PATCH", "/roles/s", {"name": "s", "actions": [grant("can_edit", "Pools")]})
    assert len(reply.json["actions"]) == 2
    assert mock.send("GET", "/roles/r").json["detail"] == "The Role with name `r` was not found"


def test_actions() -> None:
    assert Mock().get("/permissions") == {
        "actions": [{"name": one} for one in ("can_edit", "can_read", "can_create", "can_delete", "menu_access")],
        "total_entries": 5,
    }
    assert Mock("2.2").get("/permissions?limit=1&offset=5")["actions"] == [{"name": "can_get"}]


def test_the_world_begins_again() -> None:
    mock = Mock()
    mock.send("DELETE", "/users/viewer")
    mock.app.state.mock.reset()
    assert mock.send("GET", "/users/viewer").status == 200
