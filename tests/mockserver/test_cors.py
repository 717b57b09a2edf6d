"""Cross-origin headers by configuration and version (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.driver import Reply, application, send

A, B = "https://exampleclientapp1.com", "https://exampleclientapp2.com"
NONE = [f"api.access_control_allow_{name}=null" for name in ("headers", "methods", "origins")]
each_version = pytest.mark.parametrize("version", ["3.0", "3.1", "3.2", "3.3"])


def preflight(app: Any, origin: str, method: str = "GET", headers: str | None = None, **more: str) -> Reply:
    given = {"origin": origin, "access-control-request-method": method}
    if headers is not None:
        given["access-control-request-headers"] = headers
    return send(app, "OPTIONS", "/api/v2/dags", headers=given | {name.replace("_", "-"): v for name, v in more.items()})


@each_version
@pytest.mark.parametrize("origin", [A, B])
def test_a_preflight_from_each_listed_origin(version: str, origin: str) -> None:
    reply = preflight(application("airflow-3", f"airflow={version}"), origin, "POST", "Content-Type, accept")
    assert (reply.status, reply.body) == (200, b"OK")
    assert reply.headers["access-control-allow-origin"] == origin
    assert reply.headers["access-control-allow-methods"] == "POST, GET, OPTIONS, DELETE"
    listed = "Accept, Accept-Language, Content-Language, Content-Type, accept, content-type, origin"
    assert reply.headers["access-control-allow-headers"] == listed
    assert reply.headers["access-control-max-age"] == "600"
    assert reply.headers["access-control-allow-credentials"] == "true"
    assert ("Access-Control-Request-Method" in reply.headers["vary"]) == (version in ("3.2", "3.3"))


NEAR = [
    "https://x.example",
    A + "/",
    A + ":443",
    A.upper(),
    A + ".evil.example",
    "http://exampleclientapp1.com",
    "null",
]


@each_version
@pytest.mark.parametrize("origin", [*NEAR, f"{A} {B}", ""])
def test_no_other_origin(version: str, origin: str) -> None:
    app = application("airflow-3", f"airflow={version}")
    reply = preflight(app, origin)
    assert (reply.status, reply.body) == (400, b"Disallowed CORS origin")
    assert "access-control-allow-origin" not in reply.headers
    simple = send(app, "GET", "/api/v2/version", headers={"origin": origin})
    assert simple.status == 200
    assert "access-control-allow-origin" not in simple.headers
    assert simple.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize(
    ("method", "headers", "refused"),
    [
        ("PATCH", None, "method"),
        ("get", None, "method"),
        ("GET", "authorization", "headers"),
        ("GET", "accept, x-foo", "headers"),
        ("PUT", "x-foo", "method, headers"),
    ],
)
def test_a_refused_preflight_says_what_is_refused_and_repeats_the_origin(
    method: str, headers: str, refused: str
) -> None:
    reply = preflight(application(), A, method, headers)
    assert (reply.status, reply.body.decode()) == (400, f"Disallowed CORS {refused}")
    assert reply.headers["access-control-allow-origin"] == A


def test_private_networks_are_refused_since_3_2() -> None:
    asked = {"access_control_request_private_network": "true"}
    assert preflight(application(), A, **asked).status == 400
    assert preflight(application("airflow-3", "airflow=3.1"), A, **asked).status == 200


@pytest.mark.parametrize(
    ("method", "path", "user", "status"),
    [
        ("GET", "/api/v2/version", None, 200),
        ("GET", "/api/v2/dags", None, 401),
        ("GET", "/api/v2/variables", "viewer", 403),
        ("GET", "/api/v2/dags/nope", "admin", 404),
        ("PUT", "/api/v2/dags", "admin", 405),
        ("GET", "/api/v2/dags?limit=x", "admin", 422),
        ("OPTIONS", "/api/v2/dags", None, 405),
        ("GET", "/nosuch", None, 200),
        ("POST", "/auth/token", None, 422),
    ],
)
def test_answers_of_any_status_name_the_origin(method: str, path: str, user: str | None, status: int) -> None:
    body: Any = {} if method == "POST" else b""
    reply = send(application(), method, path, body, {"origin": A}, user)
    assert (reply.status, reply.headers.get("access-control-allow-origin")) == (status, A)
    assert reply.headers["vary"] == "Accept-Encoding, Origin"


@pytest.mark.parametrize(
    ("version", "origin", "vary"),
    [
        ("3.0", A, "Origin, Accept-Encoding"),
        ("3.0", None, "Accept-Encoding"),
        ("3.1", A, "Accept-Encoding, Origin"),
        ("3.1", "https://x.example", "Accept-Encoding"),
        ("3.3", None, "Accept-Encoding, Origin"),
    ],
)
def test_vary(version: str, origin: str | None, vary: str) -> None:
    app = application("airflow-3", f"airflow={version}")
    assert send(app, "GET", "/api/v2/version", headers={"origin": origin} if origin else {}).headers["vary"] == vary


@pytest.mark.parametrize(("version", "sent"), [("3.0", True), ("3.1", True), ("3.2", False), ("3.3", False)])
def test_without_options_3_0_and_3_1_answer_preflights_all_the_same(version: str, sent: bool) -> None:
    app = application("airflow-3", f"airflow={version}", *NONE)
    assert preflight(app, A).status == (400 if sent else 405)
    reply = send(app, "GET", "/api/v2/version", headers={"origin": A})
    assert ("access-control-allow-credentials" in reply.headers) == sent
    assert not [name for name in send(application("airflow-3", *NONE), "GET", "/nosuch").headers if "access" in name]


def test_following_the_documents_no_option_is_no_header() -> None:
    app = application("airflow-3", "airflow=3.0", *NONE, follow="documents")
    assert not [name for name in send(app, "GET", "/nosuch", headers={"origin": A}).headers if "access" in name]


@pytest.mark.parametrize(("follow", "status"), [("airflow", 400), ("documents", 200)])
def test_origins_with_a_blank_between_them(follow: Any, status: int) -> None:
    app = application("airflow-3-cors-example", follow=follow)
    assert {preflight(app, origin).status for origin in (A, B)} == {status}


def test_any_origin_and_any_header() -> None:
    options = ["api.access_control_allow_origins=*", "api.access_control_allow_headers=*"]
    app = application("airflow-3", "airflow=3.0", *options)
    assert send(app, "GET", "/nosuch", headers={"origin": A}).headers["access-control-allow-origin"] == "*"
    with_cookie = send(app, "GET", "/nosuch", headers={"origin": A, "cookie": "a=b"})
    assert with_cookie.headers["access-control-allow-origin"] == A
    assert preflight(app, "https://x.example", headers="x-foo").headers["access-control-allow-headers"] == "x-foo"


@pytest.mark.parametrize(("version", "query"), [("3.0", False), ("3.3", True)])
def test_any_method(version: str, query: bool) -> None:
    app = application("airflow-3", f"airflow={version}", "api.access_control_allow_methods=*")
    assert preflight(app, A, "PATCH").status == 200
    assert ("QUERY" in preflight(app, A).headers["access-control-allow-methods"]) == query
