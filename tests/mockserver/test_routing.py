"""Which operation, page or refusal a path leads to (measured on 3.3.2)."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.routing import Match, Routes, Wrong
from tests.mockserver.driver import application, send


@pytest.fixture(scope="module")
def app() -> Any:
    return application()


def routes(*paths: str) -> Routes:
    table = Routes()
    for line in paths:
        method, path = line.split()
        table.add(method, path, line)
    return table


def test_a_literal_segment_goes_before_a_parameter_unless_the_method_is_missing() -> None:
    table = routes("GET /things/{id}", "GET /things/special", "DELETE /things/{id}")
    assert table.find("GET", "/things/special") == Match("GET /things/special", {})
    assert table.find("DELETE", "/things/special") == Match("DELETE /things/{id}", {"id": "special"})


def test_405_names_the_method_of_the_first_route_alone() -> None:
    table = routes("DELETE /things/{id}", "GET /things/{id}", "GET /things/special")
    assert table.find("PUT", "/things/special") == Wrong("DELETE")
    assert table.find("PUT", "/nowhere") is None


@pytest.mark.parametrize("key", ["a", "a/b", ""])
def test_some_parameters_take_the_rest_of_the_path(key: str) -> None:
    table = routes("GET /variables/{variable_key}")
    assert table.find("GET", f"/variables/{key}") == Match("GET /variables/{variable_key}", {"variable_key": key})


def test_other_parameters_are_one_segment_that_is_not_empty() -> None:
    table = routes("GET /dags/{dag_id}")
    assert table.find("GET", "/dags/") is None
    assert table.find("GET", "/dags/a/b") is None


def test_a_fixed_path_is_found_again_after_a_route_was_added() -> None:
    table = routes("GET /{rest}")
    table.add("GET", "/x", "first")
    assert table.find("GET", "/x") == Match("first", {})
    table.add("POST", "/x", "second")
    assert table.find("POST", "/x") == Match("second", {})


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("PUT", "/api/v2/version", 405, "GET"),
        ("HEAD", "/api/v2/version", 405, "GET"),
        ("OPTIONS", "/api/v2/dags", 405, "GET"),
        ("DELETE", "/api/v2/dags", 405, "GET"),
        ("PUT", "/api/v2/pools/x", 405, "DELETE"),
        ("PUT", "/api/v2/dags/x/dagRuns", 405, "PATCH"),
        ("PUT", "/api/v2/connections/defaults", 405, "DELETE"),
        ("POST", "/api/v2/nosuch", 405, "GET"),
        ("DELETE", "/api/v1/dags", 405, "GET"),
        ("PUT", "/auth/token", 405, "POST"),
        ("POST", "/auth/nosuch", 405, "GET"),
        ("POST", "/auth/token/", 405, "GET"),
        ("POST", "//auth/token", 405, "GET"),
        ("POST", "/openapi.json", 405, "HEAD, GET"),
        ("POST", "/", 405, "GET"),
    ],
)
def test_wrong_methods(app: Any, method: str, path: str, status: int, allow: str) -> None:
    reply = send(app, method, path)
    assert (reply.status, reply.headers.get("allow")) == (status, allow)


@pytest.mark.parametrize("path", ["/", "/nosuch", "/auth", "/api", "/API/v2/dags", "//api/v2/dags", "/docs/", "/ui/x"])
def test_unknown_paths_are_the_page_of_the_user_interface(app: Any, path: str) -> None:
    reply = send(app, "GET", path)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/api/v2/nosuch", "API route not found"),
        ("/api/v2", "API route not found"),
        ("/api/", "API route not found"),
        ("/api/v2/dags/", "API route not found"),
        ("/api/v2/Dags", "API route not found"),
        ("/api/v2//dags", "API route not found"),
        ("/api/v2/dags/a%2Fb", "API route not found"),
        ("/api/v2/dags/../dags", "API route not found"),
    ],
)
def test_unknown_paths_of_the_api(app: Any, path: str, error: str) -> None:
    reply = send(app, "GET", path)
    assert (reply.status, reply.json) == (404, {"error": error})


@pytest.mark.parametrize(("path", "word"), [("/api/v1/dags", "removed"), ("/health", "Moved")])
def test_paths_of_airflow_2(app: Any, path: str, word: str) -> None:
    reply = send(app, "GET", path)
    assert (reply.status, word in reply.json["error"]) == (404, True)


@pytest.mark.parametrize("path", ["/api/v2/pools/", "/api/v2/pools/a%2Fb", "/api/v2/%64ags"])
def test_spellings_that_lead_somewhere_want_a_token(app: Any, path: str) -> None:
    assert send(app, "GET", path).status == 401


def test_openapi_has_the_paths_of_the_api_alone(app: Any) -> None:
    reply = send(app, "GET", "/openapi.json")
    assert reply.json["openapi"].startswith("3.")
    assert all(path.startswith("/api/v2/") for path in reply.json["paths"])
    assert not [name for name in reply.json["components"]["schemas"] if name.startswith("Auth")]
    assert send(app, "HEAD", "/openapi.json").status == 200


def test_docs_name_every_operation(app: Any) -> None:
    body = send(app, "GET", "/docs").body.decode()
    ids = [one.id for one in app.state.mock.interface.operations.values() if one.path.startswith("/api/v2")]
    assert len(ids) > 100
    assert all(name in body for name in ids)


@pytest.mark.parametrize(("method", "path"), [("POST", "//auth/token"), ("GET", "//api/v2/dags")])
def test_following_the_documents_a_doubled_slash_is_one(method: str, path: str) -> None:
    app = application(follow="documents")
    body = {"username": "admin", "password": "admin"} if method == "POST" else b""
    reply = send(app, method, path, body, user=None if body else "admin")
    assert reply.status in (200, 201)
    assert reply.headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/auth/token", 404),
        ("PUT", "/auth/token", 404),
        ("GET", "/auth/nosuch", 404),
        ("POST", "/auth/token/", 404),
        ("GET", "/auth/login/", 200),
        ("GET", "/auth/logout", 307),
        ("GET", "/auth", 200),
    ],
)
def test_paths_under_auth_of_fab(method: str, path: str, status: int) -> None:
    reply = send(application("airflow-3-fab"), method, path)
    assert reply.status == status
    if status == 404:
        assert reply.headers["content-type"].startswith("text/html")
