"""The token endpoint, good and bad (measured on 3.3.2, 3.0.6 and FAB 3.10.2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.driver import application, send

GOOD = b'{"username": "admin", "password": "admin"}'
JSON, FORM = {"content-type": "application/json"}, {"content-type": "application/x-www-form-urlencoded"}
EMPTY = b'{"username": "", "password": ""}'
ROWS: list[tuple[bytes, dict[str, str], int, int, int]] = [
    # body, headers, then the status of: simple 3.3, simple 3.0, FAB 3.3
    (GOOD, JSON, 201, 201, 201),
    (GOOD, {}, 201, 201, 422),
    (GOOD, {"content-type": "application/json; charset=utf-8"}, 201, 201, 201),
    (b"username=admin&password=admin", FORM, 201, 422, 422),
    (b"username=admin", FORM, 422, 422, 422),
    (GOOD, {"content-type": "text/plain"}, 415, 422, 422),
    (GOOD, {"content-type": "application/vnd.api+json"}, 415, 201, 201),
    (b'{"username": "admin", "password": "wrong"}', JSON, 401, 401, 401),
    (b'{"username": "admin", "password": "admi"}', JSON, 401, 401, 401),
    (b'{"username": "admin", "password": "admin "}', JSON, 401, 401, 401),
    (b'{"username": "admin", "password": "ADMIN"}', JSON, 401, 401, 401),
    (b'{"username": "ADMIN", "password": "admin"}', JSON, 401, 401, 201),
    (b'{"username": "admin@example.org", "password": "admin"}', JSON, 401, 401, 201),
    (b'{"username": "nobody", "password": "admin"}', JSON, 401, 401, 401),
    (EMPTY, JSON, 400, 400, 400),
    (b'{"username": "admin"}', JSON, 422, 422, 400),
    (b'{"username": "admin", "password": null}', JSON, 422, 422, 400),
    (b'{"username": "admin", "password": 1}', JSON, 422, 422, 500),
    (b'{"username": 1, "password": "x"}', JSON, 422, 422, 401),
    (b'{"username": "admin", "password": "admin", "x": 1}', JSON, 422, 422, 201),
    (b"[]", JSON, 500, 422, 422),
    (b'"x"', JSON, 500, 422, 422),
    (b"{", JSON, 500, 422, 422),
    (b"", JSON, 500, 422, 422),
]


@pytest.fixture(scope="module")
def apps() -> list[Any]:
    return [application(), application("airflow-3", "airflow=3.0"), application("airflow-3-fab")]


@pytest.mark.parametrize(("body", "headers", "simple", "old", "fab"), ROWS)
def test_credentials(apps: list[Any], body: bytes, headers: dict[str, str], simple: int, old: int, fab: int) -> None:
    replies = [send(app, "POST", "/auth/token", body, headers) for app in apps]
    assert [reply.status for reply in replies] == [simple, old, fab]
    for reply in replies:
        if reply.status == 201:
            assert list(reply.json) == ["access_token"]


@pytest.mark.parametrize("profile", ["airflow-3", "airflow-3-fab"])
@pytest.mark.parametrize(("body", "headers"), [row[:2] for row in ROWS])
def test_following_the_documents_nothing_crashes(profile: str, body: bytes, headers: dict[str, str]) -> None:
    assert send(application(profile, follow="documents"), "POST", "/auth/token", body, headers).status < 500


def test_the_faults_of_simple_credentials_are_told_as_one_text(apps: list[Any]) -> None:
    reply = send(apps[0], "POST", "/auth/token", {"username": 1, "x": 2})
    lines = reply.detail.splitlines()
    assert lines[0] == "3 validation errors for LoginBody"
    assert lines[1:3] == [
        "username",
        "  Input should be a valid string [type=string_type, input_value=1, input_type=int]",
    ]
    listed = send(apps[0], "POST", "/auth/token/cli", {"username": 1, "x": 2}).detail
    assert [one["type"] for one in listed] == ["string_type", "missing", "extra_forbidden"]


def test_getting_a_token_without_credentials_is_for_all_admins(apps: list[Any]) -> None:
    assert send(apps[0], "GET", "/auth/token").status == 403
    assert send(apps[0], "GET", "/auth/token/login").status == 403
    app = application("airflow-3-all-admins")
    assert send(app, "GET", "/auth/token").status == 201
    assert send(app, "POST", "/auth/token", EMPTY, JSON).status == 201
    assert send(app, "POST", "/auth/token", {}).status == 422
    reply = send(app, "GET", "/auth/token/login?next=/x")
    assert (reply.status, reply.headers["location"]) == (307, "/x")
    assert reply.headers["set-cookie"].startswith("_token=ey")
    assert send(app, "GET", "/auth/token/login?next=http://evil.example/").headers["location"] == "/"


@pytest.mark.parametrize(("version", "location"), [("3.0", "/auth/login?next=/x"), ("3.3", "/auth/login?next=%2Fx")])
def test_going_to_the_login_page(version: str, location: str) -> None:
    app = application("airflow-3", f"airflow={version}")
    assert send(app, "GET", "/api/v2/auth/login?next=/x").headers["location"] == location
    assert send(app, "GET", "/api/v2/auth/login").headers["location"] == "/auth/login"
    assert send(app, "GET", "/api/v2/auth/login?next=http://evil.example/").status == 400


def test_fab_forgets_the_cookie_on_a_page_of_its_own(apps: list[Any]) -> None:
    assert send(apps[2], "GET", "/api/v2/auth/logout").headers["location"] == "/auth/logout"
    reply = send(apps[2], "GET", "/auth/logout")
    assert (reply.status, reply.headers["location"]) == (307, "/auth/login/")
    assert "set-cookie" in reply.headers


def test_no_password_in_any_refusal_but_what_was_sent(apps: list[Any]) -> None:
    for app in apps:
        reply = send(app, "POST", "/auth/token", {"username": "op", "password": "wrong"})
        assert reply.json == {"detail": "Invalid credentials"}
