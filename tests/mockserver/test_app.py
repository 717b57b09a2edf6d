"""The way of a request: the order of the checks, and what happens when something breaks."""

from __future__ import annotations

from typing import Any

import pytest

from mockserver.errors import Crash
from tests.mockserver.driver import application, send, token

ORIGIN = {"origin": "https://exampleclientapp1.com"}


@pytest.fixture(scope="module")
def app() -> Any:
    return application()


@pytest.mark.parametrize(
    ("method", "path", "body", "user", "status"),
    [
        ("PUT", "/api/v2/pools", b"{", None, 405),  # route and method before all else
        ("POST", "/api/v2/pools", b"{", None, 422),  # JSON syntax before the user
        ("POST", "/api/v2/pools", b"{}", None, 401),  # the user before the body's content
        ("POST", "/api/v2/pools", b"{}", "viewer", 403),  # the role before the body's content
        ("POST", "/api/v2/pools", b"{}", "op", 422),
        ("PATCH", "/api/v2/pools", b"{}", "viewer", 422),  # but not for bulk operations,
        ("PATCH", "/api/v2/pools", b'{"actions": [{"action": "delete", "entities": ["x"]}]}', "viewer", 403),
        ("PATCH", "/api/v2/dags/nope", b'{"is_paused": 7}', "user", 422),  # the content before what it is about
        ("PATCH", "/api/v2/dags/nope", b'{"is_paused": true}', "user", 404),
    ],
)
def test_order_of_checks(app: Any, method: str, path: str, body: bytes, user: str | None, status: int) -> None:
    assert send(app, method, path, body, {"content-type": "application/json"}, user).status == status


def test_a_preflight_goes_before_the_route(app: Any) -> None:
    asked = ORIGIN | {"access-control-request-method": "GET"}
    assert send(app, "OPTIONS", "/no/such/path", headers=asked).status == 200


def test_an_operation_without_a_handler_is_501_after_the_user_was_asked_for() -> None:
    app = application()
    del app.state.mock.handlers["get_pools"]
    assert send(app, "GET", "/api/v2/pools").status == 401
    assert send(app, "GET", "/api/v2/pools", user="admin").status == 501


@pytest.mark.parametrize(("path", "cors"), [("/api/v2/assets/99999999999999999999", False), ("/auth/token", True)])
def test_a_crash_is_text_and_carries_cors_headers_only_under_auth(app: Any, path: str, cors: bool) -> None:
    reply = send(app, "POST", path, [], ORIGIN) if cors else send(app, "GET", path, headers=ORIGIN, user="admin")
    assert (reply.status, reply.body) == (500, b"Internal Server Error")
    assert isinstance(reply.crash, Crash)
    assert ("access-control-allow-origin" in reply.headers, "vary" in reply.headers) == (cors, cors)


def test_a_fault_of_the_mock_is_a_500_that_the_server_gets_to_log() -> None:
    app = application()
    app.state.mock.handlers["get_version"] = lambda _call: 1 / 0
    reply = send(app, "GET", "/api/v2/version")
    assert reply.status == 500
    assert isinstance(reply.crash, ZeroDivisionError)


def test_headers_of_an_answer(app: Any) -> None:
    reply = send(app, "GET", "/api/v2/pools", user="admin")
    assert reply.headers["content-type"] == "application/json"
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert reply.headers["vary"] == "Accept-Encoding, Origin"


def test_an_empty_answer_does_not_vary_by_encoding() -> None:
    app = application()
    send(app, "POST", "/api/v2/variables", {"key": "k", "value": "v"}, user="admin")
    reply = send(app, "DELETE", "/api/v2/variables/k", user="admin")
    assert (reply.status, reply.body, reply.headers.get("vary")) == (204, b"", "Origin")
    assert "content-length" not in reply.headers


def test_the_first_of_two_headers_counts(app: Any) -> None:
    from mockserver.request import Request

    headers = [(b"authorization", b"Bearer one"), (b"authorization", b"Bearer two")]
    request = Request({"method": "GET", "path": "/", "query_string": b"", "headers": headers})
    assert request.headers["authorization"] == "Bearer one"


def test_what_happened_since_is_seen_whoever_looked_before() -> None:
    app = application()
    mock = app.state.mock
    mock.clock.hold()
    headers = {"authorization": f"Bearer {token(app)}"}
    send(app, "PATCH", "/api/v2/dags/conformance_empty", {"is_paused": False}, headers)
    run = send(app, "POST", "/api/v2/dags/conformance_empty/dagRuns", {"logical_date": None}, headers).json
    path = f"/api/v2/dags/conformance_empty/dagRuns/{run['dag_run_id']}"
    assert send(app, "GET", path, headers=headers).json["state"] == "queued"
    mock.clock.advance(0.3)
    assert send(app, "GET", path, headers=headers).json["state"] == "success"


def test_time_that_goes_back_is_not_taken_for_a_moment() -> None:
    app = application()
    mock, settled = app.state.mock, []
    mock.world.settle = lambda: settled.append(mock.clock.now())
    mock.clock.hold()
    send(app, "GET", "/api/v2/version")
    send(app, "GET", "/api/v2/version")
    assert len(settled) == 1
    mock.clock.advance(60)
    send(app, "GET", "/api/v2/version")
    assert len(settled) == 2


@pytest.mark.parametrize(("version", "hidden"), [("3.0", False), ("3.1", False), ("3.2", True), ("3.3", True)])
def test_a_violated_constraint_tells_its_statement_before_3_2(version: str, hidden: bool) -> None:
    app = application("airflow-3", f"airflow={version}")
    reply = send(app, "POST", "/api/v2/pools", {"name": "default_pool", "slots": 1}, user="admin")
    assert reply.status == 409
    assert (reply.detail["statement"] == "hidden", "UNIQUE" in reply.detail["orig_error"]) == (hidden, not hidden)
