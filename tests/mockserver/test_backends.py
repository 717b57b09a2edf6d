"""Backends in turn, the public role, and who is let in as whom (api-authentication; measured on 2.2.5 to 2.11.2)."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import pytest

import profiles
from mockserver.app import create_app
from mockserver.auth.basic import Basic
from mockserver.errors import SetupError
from tests.mockserver.driver import Reply, application, send

DAGS, POOLS, USERS = "/api/v1/pools?limit=1", "/api/v1/pools", "/api/v1/users?limit=1"
BACKEND = "airflow.api.auth.backend"


def basic(name: str, password: str | None = None) -> dict[str, str]:
    text = f"{name}:{name if password is None else password}"
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@cache
def mock(profile: str, *settings: str) -> Any:
    return application(profile, *settings)


def ask(app: Any, headers: dict[str, str], method: str = "GET", path: str = DAGS, body: Any = b"") -> Reply:
    return send(app, method, path, body, headers)


NEW, OLD = "airflow=2.11", "airflow=2.6"
NOBODY = "webserver_config.AUTH_ROLE_PUBLIC=null"
TABLE = [
    # profile and settings, then the statuses of: nothing, wrong password, right, public's right, inactive, a token
    (("airflow-2-basic",), 403, 403, 200, 403, 403, 403),
    (("airflow-2-basic", NOBODY), 401, 401, 200, 403, 401, 401),
    (("airflow-2-basic", "airflow=2.11.0"), 401, 401, 200, 403, 401, 401),
    (("airflow-2-basic", OLD), 401, 401, 200, 403, 401, 401),
    (("airflow-2-chain",), 401, 401, 200, 403, 401, 401),
    (("airflow-2-session",), 403, 403, 403, 403, 403, 403),
    (("airflow-2-session", NOBODY), 401, 401, 401, 401, 401, 401),
    (("airflow-2-open",), 403, 403, 403, 403, 403, 403),
    (("airflow-2-open", NOBODY), 403, 403, 403, 403, 403, 403),
    (("airflow-2-deny-all",), 403, 403, 403, 403, 403, 403),
    (("airflow-2-deny-all", NOBODY), 401, 401, 401, 401, 401, 401),
    (("airflow-2.2-basic",), 401, 401, 200, 403, 401, 401),
    (("airflow-2.2-basic", "webserver_config.AUTH_ROLE_PUBLIC=Viewer", OLD), 401, 401, 200, 403, 401, 401),
    (("airflow-2-basic", "webserver_config.AUTH_ROLE_PUBLIC=Viewer"), 200, 200, 200, 403, 200, 200),
    (("airflow-2-session", "webserver_config.AUTH_ROLE_PUBLIC=Viewer"), 200, 200, 200, 200, 200, 200),
    (("airflow-2-open", "webserver_config.AUTH_ROLE_PUBLIC=Admin", OLD), 200, 200, 200, 200, 200, 200),
]


@pytest.mark.parametrize(("profile", "nothing", "wrong", "right", "public", "inactive", "token"), TABLE)
def test_who_is_let_in(
    profile: tuple[str, ...], nothing: int, wrong: int, right: int, public: int, inactive: int, token: int
) -> None:
    app = mock(*profile)
    requests = [
        {},
        basic("admin", "nope"),
        basic("admin"),
        basic("public"),
        basic("inactive"),
        {"authorization": "Bearer abc"},
    ]
    path = "/api/v1/dags?limit=1" if "airflow=2.6" in profile or "2.2" in profile[0] else DAGS
    found = [ask(app, headers, path=path).status for headers in requests]
    assert found == [nothing, wrong, right, public, inactive, token]


@pytest.mark.parametrize(
    ("settings", "challenge"),
    [
        ((f"api.auth_backends={BACKEND}.session,{BACKEND}.basic_auth",), "Basic"),
        ((f"api.auth_backends={BACKEND}.basic_auth,{BACKEND}.session",), None),
        ((f"api.auth_backends={BACKEND}.basic_auth",), None),
        ((f"api.auth_backends={BACKEND}.deny_all,{BACKEND}.basic_auth",), None),
    ],
)
def test_the_challenge_is_that_of_the_last_backend(settings: tuple[str, ...], challenge: str | None) -> None:
    reply = ask(mock("airflow-2-session", NOBODY, *settings), {})
    assert (reply.status, reply.headers.get("www-authenticate")) == (401, challenge)
    assert reply.json["title"] == "Unauthorized"
    assert ask(mock("airflow-2-session", NOBODY, *settings), basic("viewer")).status == 200


def test_22_has_one_backend_and_its_challenge() -> None:
    assert ask(mock("airflow-2.2-basic"), {}).headers["www-authenticate"] == "Basic"


def test_a_public_role_has_its_permissions_and_no_more() -> None:
    app = mock("airflow-2-basic", "webserver_config.AUTH_ROLE_PUBLIC=Viewer")
    body = {"name": "p", "slots": 1}
    assert ask(app, {}, "POST", POOLS, body).status == 403
    assert ask(app, {}, path=USERS).status == 403
    open_to_all = application("airflow-2-basic", "webserver_config.AUTH_ROLE_PUBLIC=Admin")
    assert ask(open_to_all, basic("viewer"), "POST", POOLS, body).status == 403  # less than nobody may
    assert ask(open_to_all, {}, "POST", POOLS, body).status == 200


def test_a_public_role_that_was_deleted_grants_nothing() -> None:
    app = application("airflow-2-basic", "webserver_config.AUTH_ROLE_PUBLIC=Viewer")
    assert ask(app, {}).status == 200
    assert ask(app, basic("admin"), "DELETE", "/api/v1/roles/Viewer").status == 204
    assert ask(app, {}).status == 403


def test_credentials_that_break_22_are_refused_when_following_the_documents() -> None:
    header = {"authorization": "Basic " + base64.b64encode(b"admin:\xff").decode()}
    reply = ask(mock("airflow-2.2-basic"), header)
    assert (reply.status, reply.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert ask(application("airflow-2.2-basic", follow="documents"), header).status == 401


def test_logins_are_counted() -> None:
    app = application("airflow-2-chain")
    app.state.mock.clock.hold()
    viewer = app.state.mock.world.users.named("viewer")
    assert (viewer.login_count, viewer.fail_login_count, viewer.last_login) == (None, None, None)
    ask(app, basic("viewer", "nope"))
    assert (viewer.login_count, viewer.fail_login_count) == (0, 1)
    ask(app, basic("viewer"))
    ask(app, basic("VIEWER", "viewer"))
    assert (viewer.login_count, viewer.fail_login_count) == (2, 0)
    assert viewer.last_login == app.state.mock.world.now()


@pytest.mark.parametrize(
    ("name", "password", "status"),
    [
        ("viewer", "viewer", 200),
        ("Viewer", "viewer", 200),
        ("viewer@example.org", "viewer", 200),
        ("VIEWER@example.org", "viewer", 401),
        ("viewer", "viewer\0", 200),
        ("viewer", "viewe", 401),
        ("viewer", "viewer1", 401),
        ("viewer", "VIEWER", 401),
        ("viewer", "viewer ", 401),
        (" viewer", "viewer", 401),
        ("viewer", "admin", 401),
        ("nobody", "nobody", 401),
    ],
)
def test_near_misses(name: str, password: str, status: int) -> None:
    assert ask(mock("airflow-2-chain"), basic(name, password)).status == status


def test_a_user_who_was_made_can_log_in_and_one_who_was_deleted_cannot() -> None:
    app = application("airflow-2-chain")
    body = {
        "username": "ann",
        "email": "ann@x",
        "first_name": "a",
        "last_name": "n",
        "password": "pw",
        "roles": [{"name": "Viewer"}],
    }
    assert ask(app, basic("ann", "pw")).status == 401
    assert ask(app, basic("admin"), "POST", "/api/v1/users", body).status == 200
    assert ask(app, basic("ann", "pw")).status == 200
    assert ask(app, basic("admin"), "DELETE", "/api/v1/users/ann").status == 204
    assert ask(app, basic("ann", "pw")).status == 401


def test_what_is_wrong_with_a_request_comes_before_who_makes_it() -> None:
    app = mock("airflow-2-chain")
    assert ask(app, {}, path="/api/v1/dags?limit=abc").status == 400
    assert ask(app, {}, path="/api/v1/nope").status == 404
    assert ask(app, {}, path="/api/v1/health").status == 200
    assert ask(app, basic("viewer"), "POST", POOLS, {"name": 1}).status == 400
    assert ask(app, basic("viewer"), "DELETE", "/api/v1/pools/nope").status == 403


def test_a_backend_that_the_mock_does_not_have() -> None:
    profile = profiles.load("airflow-2-session", [f"api.auth_backends={BACKEND}.kerberos_auth"])
    with pytest.raises(SetupError, match="kerberos_auth"):
        create_app(profile)


def test_the_chain_can_be_looked_into() -> None:
    chain = mock("airflow-2-chain").state.mock.auth
    assert [type(one).__name__ for one in chain.backends] == ["function", "Basic"]
    assert isinstance(chain.backends[1], Basic)
