"""Cloud Composer: two layers. What the proxy lets through, what Airflow makes of it, without a server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from mockserver.app import create_app
from mockserver.composer.proxy import address
from mockserver.request import Request
from profiles import load
from tests.mockserver.composing import HOST, App, ask, composer, identity, token
from tests.mockserver.driver import send

B = "airflow.api.auth.backend"
OPEN, SWITCH = f"api.auth_backends={B}.default", "api.enable_experimental_api=True"
DAGS, POOLS, RUNS = "/api/v1/dags", "/api/v1/pools", "/api/v1/dags/conformance_empty/dagRuns"
TEST = "/api/experimental/test"


@pytest.fixture
def app() -> App:
    return composer()


def bearer(app: App, text: str, path: str = DAGS, **headers: str) -> int:
    return send(app, "GET", path, headers={"host": HOST, "authorization": text, **headers}).status


# ---- the proxy -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [DAGS, "/api/v1/version", "/health", "/", "/nothing", TEST, "/_mock/state", "/login/"])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS", "DELETE"])
def test_every_path_and_method_is_behind_the_proxy(app: App, path: str, method: str) -> None:
    reply = send(app, method, path)
    assert (reply.status, reply.headers["www-authenticate"]) == (401, "Bearer")
    assert b"proxy" in reply.body


def test_tokens_that_are_taken(app: App) -> None:
    assert bearer(app, f"Bearer {token(app)}") == 200
    assert bearer(app, f"bearer  {token(app)} ") == 200
    assert bearer(app, f"Bearer {identity(app)}") == 200
    assert bearer(app, f"Bearer {identity(app, audience=f'http://{HOST}/')}") == 200


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer x", "Basic YWRtaW46YWRtaW4=", "Bearer {token}x", "Token {token}", "{token}"],
)
def test_what_is_no_token_is_refused(app: App, header: str) -> None:
    assert bearer(app, header.format(token=token(app))) == 401


def test_tokens_for_something_else_are_refused(app: App) -> None:
    assert bearer(app, f"Bearer {token(app, 'admin', 'https://www.googleapis.com/auth/userinfo.email')}") == 401
    assert bearer(app, f"Bearer {identity(app, audience='http://elsewhere.test')}") == 401
    assert bearer(app, f"Bearer {token(composer())}") == 401
    assert bearer(app, f"Bearer {token(app)},Bearer {token(app)}") == 401


def test_tokens_expire_by_the_clock_of_the_mock(app: App) -> None:
    headers = [f"Bearer {token(app)}", f"Bearer {identity(app)}"]
    app.state.mock.clock.advance(3590)
    assert [bearer(app, header) for header in headers] == [200, 200]
    app.state.mock.clock.advance(11)
    assert [bearer(app, header) for header in headers] == [401, 401]


def test_tokens_are_revoked(app: App) -> None:
    header = f"Bearer {token(app)}"
    app.state.mock.google.tokens.revoke()
    assert bearer(app, header) == 401


def test_what_a_client_says_of_itself_does_not_count(app: App) -> None:
    told = {
        "X-Goog-Authenticated-User-Email": "accounts.google.com:composer-admin@conformance.iam.gserviceaccount.com",
        "X-Goog-Authenticated-User-Id": "accounts.google.com:100000000000000000001",
    }
    assert ask(app, DAGS, None, headers=told).status == 401
    assert ask(app, "/api/v1/users", "viewer", headers=told).status == 403


# ---- addresses -------------------------------------------------------------------------------------------------------


def from_address(app: App, peer: str | None) -> int:
    scope = {
        "type": "http",
        "method": "GET",
        "path": DAGS,
        "query_string": b"",
        "headers": [
            (b"authorization", f"Bearer {token(app)}".encode()),
            (b"x-forwarded-for", b"127.0.0.1"),
            (b"forwarded", b"for=127.0.0.1"),
        ],
        **({} if peer is None else {"client": (peer, 5)}),
    }
    sent: list[Any] = []

    async def answer(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, None, answer))
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize(
    ("ranges", "admitted", "refused"),
    [
        (None, ["127.0.0.1", "::1", "203.0.113.9", "2001:db8::1", None], []),
        ("127.0.0.1", ["127.0.0.1", "::ffff:127.0.0.1"], ["127.0.0.2", "::1", "203.0.113.9", None]),
        ("::1", ["::1"], ["127.0.0.1", "::2"]),
        ("192.0.2.0/24,2001:db8::/32", ["192.0.2.7", "2001:db8:5::1"], ["192.0.3.7", "2001:db9::1", "127.0.0.1"]),
        ("fe80::/10", ["fe80::1%lo"], ["::1"]),
        ("", [], ["127.0.0.1", "::1"]),
    ],
)
def test_addresses_that_have_access(ranges: str | None, admitted: list[str | None], refused: list[str | None]) -> None:
    app = composer("composer-2", *([] if ranges is None else [f"web_server_allow_ip={ranges}"]))
    assert [from_address(app, peer) for peer in admitted] == [200] * len(admitted)
    assert [from_address(app, peer) for peer in refused] == [403] * len(refused)


def test_an_address_without_access_is_refused_before_credentials_are_looked_at() -> None:
    app = composer("composer-2", "web_server_allow_ip=192.0.2.0/24")
    assert (bearer(app, "Bearer x"), bearer(app, f"Bearer {token(app)}")) == (403, 403)


@pytest.mark.parametrize("client", [None, ("testclient", 5), ("", 0), ("/run/airflow.sock", 0)])
def test_who_has_no_address_has_none(client: Any) -> None:
    scope = {"method": "GET", "path": "/", "query_string": b"", "headers": [], "client": client}
    assert address(Request(scope)) is None


def test_the_address_is_that_of_the_other_end() -> None:
    scope = {"method": "GET", "path": "/", "query_string": b"", "headers": [], "client": ("::ffff:10.0.0.1", 1)}
    assert str(address(Request(scope))) == "10.0.0.1"


# ---- Airflow behind it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reads", "writes", "people"),
    [
        ("admin", 200, 200, 200),
        ("op", 200, 200, 403),
        ("user", 200, 403, 403),
        ("viewer", 200, 403, 403),
        ("public", 403, 403, 403),
        ("newcomer", 200, 200, 403),
        ("inactive", 403, 403, 403),
        ("long-email", 403, 403, 403),
    ],
)
def test_the_role_of_the_user_decides(app: App, name: str, reads: int, writes: int, people: int) -> None:
    pool = {"name": f"{name}-pool", "slots": 1}
    asked = [ask(app, DAGS, name), ask(app, POOLS, name, "POST", pool), ask(app, "/api/v1/users", name)]
    assert [reply.status for reply in asked] == [reads, writes, people]
    assert all(reply.headers["content-type"] == "application/problem+json" for reply in asked if reply.status == 403)
    assert (ask(app, f"{POOLS}/{name}-pool").status == 200) is (writes == 200)


def user(app: App, name: str) -> Any:
    return ask(app, f"/api/v1/users/{name}").json


def people(app: App) -> list[str]:
    return sorted(each["username"] for each in ask(app, "/api/v1/users").json["users"])


def test_who_comes_for_the_first_time_becomes_a_user(app: App) -> None:
    before = people(app)
    assert ask(app, DAGS, "newcomer").status == ask(app, DAGS, "newcomer").status == 200
    name = "accounts.google.com:100000000000000000007"
    assert people(app) == sorted([*before, name])
    made = user(app, name)
    assert (made["email"], made["roles"]) == ("composer-newcomer@conformance.iam.gserviceaccount.com", [{"name": "Op"}])
    assert (made["active"], made["login_count"]) == (True, 2)


@pytest.mark.parametrize(("role", "status"), [("Viewer", 403), ("Admin", 200), ("Public", 403)])
def test_the_role_of_registration(role: str, status: int) -> None:
    app = composer("composer-2", f"api.composer_auth_user_registration_role={role}")
    assert ask(app, POOLS, "newcomer", "POST", {"name": "one", "slots": 1}).status == status
    assert user(app, "accounts.google.com:100000000000000000007")["roles"] == [{"name": role}]


def test_who_has_a_long_email_becomes_none_and_is_one_when_registered_by_number(app: App) -> None:
    before = people(app)
    assert [ask(app, DAGS, "long-email").status for _ in range(2)] == [403, 403]
    assert people(app) == before
    body = {
        "username": "accounts.google.com:100000000000000000008",
        "email": "unique",
        "first_name": "unique",
        "last_name": "-",
        "roles": [{"name": "Viewer"}],
    }
    assert ask(app, "/api/v1/users", "admin", "POST", {**body, "email": "x" * 65}).status == 400
    assert ask(app, "/api/v1/users", "admin", "POST", body).status == 200
    assert (ask(app, DAGS, "long-email").status, ask(app, RUNS, "long-email", "POST", {}).status) == (200, 403)
    assert ask(app, f"/api/v1/users/{body['username']}", "admin", "PATCH", {**body, "email": "x" * 65}).status == 400
    app.state.mock.reset()
    assert ask(app, DAGS, "long-email").status == 403


def test_emails_are_as_long_as_the_database_holds(app: App) -> None:
    body = {"username": "a", "first_name": "a", "last_name": "a", "email": "x" * 64}
    assert ask(app, "/api/v1/users", "admin", "POST", {**body, "roles": [{"name": "Op"}]}).status == 200
    plain = create_app(load("airflow-2-basic"))
    headers = {"authorization": "Basic YWRtaW46YWRtaW4="}
    body = {**body, "email": "x" * 65, "roles": [{"name": "Op"}]}  # type: ignore[dict-item]
    assert send(plain, "POST", "/api/v1/users", body, headers).status == 200


def test_a_number_counts_before_an_email(app: App) -> None:
    numbered = "accounts.google.com:100000000000000000002"
    body = {"username": numbered, "email": "any", "first_name": "a", "last_name": "a", "roles": [{"name": "Viewer"}]}
    assert ask(app, RUNS, "op", "POST", {}).status == 200
    assert ask(app, "/api/v1/users", "admin", "POST", body).status == 200
    assert ask(app, RUNS, "op", "POST", {}).status == 403


def test_a_run_is_triggered_with_exactly_200_and_its_conf(app: App) -> None:
    reply = ask(app, RUNS, "op", "POST", {"conf": {"your-key": "your-value"}})
    assert (reply.status, reply.json["conf"]) == (200, {"your-key": "your-value"})


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_methods_reach_airflow(app: App, method: str) -> None:
    reply = ask(app, DAGS, "admin", method)
    assert reply.status not in (401, 403)
    assert "proxy" not in reply.body.decode()


@pytest.mark.parametrize("name", ["admin", "viewer", "newcomer"])
def test_deny_all_refuses_everybody(name: str) -> None:
    app = composer("composer-2-deny-all")
    assert [ask(app, path, name).status for path in (DAGS, POOLS, RUNS)] == [401] * 3
    assert ask(app, "/health", name).status == 200


def test_a_user_of_the_web_server_is_none_of_the_api(app: App) -> None:
    page = ask(app, "/login/").body.decode()
    assert "csrf_token" in page
    cookie = {"cookie": "session=made-up", "authorization": "Basic YWRtaW46YWRtaW4="}
    assert send(app, "GET", DAGS, headers=cookie).status == 401


def configuration(app: App) -> str:
    return ask(app, "/api/v1/config?section=api", headers={"accept": "text/plain"}).body.decode()


def test_the_configuration_names_backend_and_role(app: App) -> None:
    text = configuration(app)
    assert "auth_backends = airflow.composer.api.backend.composer_auth" in text
    assert "composer_auth_user_registration_role = Op" in text
    assert "auth_backend = airflow.composer" in configuration(composer("composer-2", "airflow=2.2"))
    headers = {"authorization": "Basic YWRtaW46YWRtaW4=", "accept": "text/plain"}
    plain = send(create_app(load("airflow-2-chain")), "GET", "/api/v1/config?section=api", headers=headers)
    assert b"auth_backends = airflow.api" in plain.body
    assert b"composer" not in plain.body


# ---- the experimental API --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "status"),
    [([], 404), ([SWITCH], 403), ([OPEN], 404), ([OPEN, SWITCH], 200), ([f"{OPEN[:-7]}deny_all", SWITCH], 403)],
)
def test_it_takes_both_backend_and_switch(settings: list[str], status: int) -> None:
    app = composer("composer-2", *settings)
    assert ask(app, TEST).status == status
    assert ask(app, TEST, None).status == 401
    trigger = ask(app, "/api/experimental/dags/conformance_empty/dag_runs", "admin", "POST", {"conf": {}})
    assert trigger.status == (200 if status == 200 else status)


@pytest.mark.parametrize("name", ["viewer", "public", "newcomer", "long-email", "inactive"])
def test_with_both_everybody_whom_the_proxy_lets_through_may_do_everything(name: str) -> None:
    app = composer("composer-2-experimental")
    pool = {"name": "one", "slots": 1, "description": ""}
    assert ask(app, "/api/experimental/pools", name, "POST", pool).status == 200
    assert ask(app, "/api/experimental/pools", None, "POST", pool).status == 401


@pytest.mark.parametrize("version", ["2.0", "2.2", "2.3", "2.6", "2.9", "2.11"])
def test_in_every_version(version: str) -> None:
    app = composer("composer-2", f"airflow={version}")
    assert [ask(app, DAGS, name).status for name in ("admin", "newcomer", "long-email")] == [200, 200, 403]
    assert ask(app, RUNS, "op", "POST", {"conf": {"a": 1}}).status == 200
