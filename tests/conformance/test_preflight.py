from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Any

import pytest

from conformance.entrance import health
from conformance.exchange import SAFE, Exchange
from conformance.findings import Preflight
from conformance.preflight import inspect
from conformance.target import Target
from specs import fixtures
from tests.conformance.servers import as_json, http, method_and_target, serve
from tests.conformance.targets import mock, target_at

Answer = Callable[[bytes], list[bytes]]

CANARY = "s3cr3t-canary-password"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with mock() as made:
        yield made


def looked(url: str, *settings: str, timeout: float = 5.0, **how: Any) -> tuple[Preflight, Target]:
    target = target_at(url, how.pop("profile", "airflow-3"), *settings, **how)
    target.transport.timeout = timeout
    target.transport.max_body = 5_000_000
    found = inspect(target)
    target.close()
    return found, target


def problem(found: Preflight) -> tuple[str, str]:
    """The one problem that there is."""
    (only,) = found.problems
    assert "\n" not in str(only)
    return only.kind, str(only)


def test_a_target_as_it_should_be(url: str) -> None:
    asked: list[Exchange] = []
    target = target_at(url)
    target.transport.after.append(asked.append)
    found = inspect(target)
    assert (found.problems, found.version, found.secret_proved) == ([], "3.3.2", True)
    assert target.credentials.jwt_secret
    assert all(each.request.method in SAFE or each.request.path == "/auth/token" for each in asked)
    assert len(asked) < 15
    assert target.call("get_dags").status == 200


@pytest.mark.parametrize(
    ("profile", "settings"),
    [
        ("airflow-3-fab", ()),
        ("airflow-3-all-admins", ()),
        ("airflow-3", ("airflow=3.0",)),
        ("airflow-3", ("api.maximum_page_limit=5",)),
    ],
)
def test_other_targets_as_they_should_be(profile: str, settings: tuple[str, ...]) -> None:
    with mock(profile, settings) as url:
        found, _ = looked(url, *settings, profile=profile)
    assert (found.problems, found.secret_proved) == ([], True)


# ---- unreachable ----


def endless() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    yield from repeat(b"x" * 10_000)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([], "closed the connection without an answer"),
        ([b"220 mail.example ESMTP\r\n"], "status line"),
        (endless(), "more than"),
        ([http(200, b"nothing", "Content-Encoding: gzip")], "which it is not"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"], "ends 8 bytes before"),
    ],
    ids=["close", "mail", "endless", "encoding", "short"],
)
def test_what_is_no_answer(pieces: Iterable[bytes], expected: str) -> None:
    with serve(lambda _: pieces, keep=False) as server:
        kind, sentence = problem(looked(server.url)[0])
    assert kind == "unreachable"
    assert expected in sentence
    assert "check the base URL" in sentence


def test_silence() -> None:
    with serve(lambda _: []) as server:
        assert "did not end in time" in problem(looked(server.url, timeout=0.2)[0])[1]
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://127.0.0.1:{free}", "connection refused"), ("http://no.invalid", "no.invalid is not known")],
)
def test_nobody_there(url: str, expected: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        free = listener.getsockname()[1]
    kind, sentence = problem(looked(url.format(free=free))[0])
    assert kind == "unreachable"
    assert expected in sentence


def test_plain_http_where_tls_is_asked_for() -> None:
    def plain(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(100)
            connection.sendall(http(400))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=plain, args=(listener,), daemon=True).start()
        kind, sentence = problem(looked(f"https://127.0.0.1:{listener.getsockname()[1]}")[0])
    assert kind == "unreachable"
    assert "no TLS" in sentence


# ---- something else ----


def wall(status: int, body: bytes = b"{}", *headers: str, media: str = "application/json") -> Answer:
    return lambda _: [http(status, body, *headers, media=media)]


def redirecting(request: bytes) -> list[bytes]:
    return [http(307, b"", f"Location: {method_and_target(request)[1]}")]


def airflow_2(request: bytes) -> list[bytes]:
    if b" /api/v1/version " in request:
        return [as_json(200, {"version": "2.11.0"})]
    return [as_json(404, {"title": "Not Found"})]


PAGE = b"<html><form action=/login>"
VERSION = b'{"version": "3.3.2"}'


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (wall(401), "answers 401 to everything"),
        (wall(403), "answers 403 to everything"),
        (wall(500), "answers 500 to everything"),
        (wall(404), "answers 404: no Airflow 3 API is there"),
        (wall(200), "answers 200 with application/json, not with a version"),
        (wall(200, b"[]"), "not with a version"),
        (wall(200, VERSION), "answers 200 to everything"),
        (wall(200, b'{"version": "latest"}'), "gives its version as 'latest'"),
        (wall(200, b'{"version": 3}'), "not with a version"),
        (wall(200, PAGE, media="text/html; charset=utf-8"), "a web page (a login page?)"),
        (wall(302, b"", "Location: https://login.example/?next=x"), "redirects to https://login.example/?next=x"),
        (redirecting, "redirects to /api/v2/version"),
        (airflow_2, "has the Airflow 2 API (/api/v1) and no /api/v2"),
    ],
)
def test_what_is_no_airflow_3(answer: Callable[[bytes], list[bytes]], expected: str) -> None:
    with serve(answer) as server:
        kind, sentence = problem(looked(server.url)[0])
        assert len(server.requests) < 5
    assert kind == "impostor"
    assert expected in sentence


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (http(200, PAGE, media="text/html"), "nowhere answers 200 with a web page (a login page?); if it is"),
        (
            http(302, b"", "Location: https://login.example/"),
            "nowhere redirects to https://login.example/; give the base",
        ),
    ],
)
def test_a_login_page_behind_the_front(gate: bytes, expected: str) -> None:
    with serve(lambda request: [http(200, VERSION) if b"/api/v2/version " in request else gate]) as server:
        kind, sentence = problem(looked(server.url)[0])
        assert len(server.requests) == 2
    assert kind == "impostor"
    assert expected in sentence


@pytest.mark.parametrize("version", ["14.2.1", "2.11.2", "1.10.15"])
def test_a_version_that_no_airflow_with_this_api_has(version: str) -> None:
    with serve(lambda _: [as_json(200, {"version": version})]) as server:
        kind, sentence = problem(looked(server.url)[0])
    assert kind == "impostor"
    assert (
        f"gives its version as '{version}', and no Airflow of that version has /api/v2; check the base URL" in sentence
    )


def dummy(login: bytes, connections: bytes) -> Answer:
    """A server that has a version, and else only these two answers."""

    def answer(request: bytes) -> list[bytes]:
        _, target = method_and_target(request)
        known = {
            "/api/v2/version": http(200, VERSION),
            "/auth/token": login,
            "/api/v2/connections?limit=1": connections,
        }
        return [known.get(target, http(404))]

    return answer


TOKEN = as_json(201, {"access_token": "abc"})


@pytest.mark.parametrize(
    ("login", "connections", "kind", "expected"),
    [
        (http(404), http(404), "impostor", "POST /auth/token answered 404, without an access_token"),
        (http(200, PAGE), http(404), "impostor", "is not a token"),
        (TOKEN, http(404), "impostor", "answers an admin with 404 and no list of connections"),
        (TOKEN, http(200, PAGE), "impostor", "answers an admin with 200 and no list"),
        (TOKEN, http(401), "credentials", "does not accept the token of admin (the profile airflow-3)"),
    ],
)
def test_what_has_a_version_and_little_else(login: bytes, connections: bytes, kind: str, expected: str) -> None:
    with serve(dummy(login, connections)) as server:
        found, _ = looked(server.url, without=["roles", "fixture-dags"])
    assert problem(found)[0] == kind
    assert expected in problem(found)[1]


def test_the_path_of_the_base_url_is_kept() -> None:
    with serve(lambda _: [http(404)], path="/some/path") as server:
        looked(server.url)
    assert all(method_and_target(each)[1].startswith("/some/path/api/") for each in server.requests)


# ---- credentials ----


def test_a_wrong_password(url: str) -> None:
    found, _ = looked(url, env={"USERNAME": "admin", "PASSWORD": CANARY})
    kind, sentence = problem(found)
    assert kind == "credentials"
    assert "does not accept the password of admin (AIRFLOW_CONFORMANCE_USERNAME)" in sentence
    assert CANARY not in sentence + repr(found)


def test_a_wrong_password_of_another_role() -> None:
    with mock("airflow-3-fab") as url:
        target = target_at(url, "airflow-3-fab")
        users = dict(target.credentials.by_role)
        users["op"] = replace(users["op"], password=CANARY)
        target.auth._credentials = target.credentials = replace(target.credentials, by_role=users)
        kind, sentence = problem(inspect(target))
        assert kind == "credentials"
        assert "password of op" in sentence
        target.profile = target.profile.without("roles")
        assert inspect(target).problems == []
        target.close()


def test_an_admin_who_is_none(url: str) -> None:
    kind, sentence = problem(looked(url, env={"USERNAME": "viewer", "PASSWORD": "viewer"})[0])
    assert kind == "credentials"
    assert "is no admin there" in sentence


def test_a_token_that_is_not_accepted(url: str) -> None:
    kind, sentence = problem(looked(url, env={"TOKEN": CANARY})[0])
    assert kind == "credentials"
    assert "does not accept the token of admin (AIRFLOW_CONFORMANCE_TOKEN)" in sentence


def test_a_secret_that_is_not_the_targets() -> None:
    with mock(settings=[f"api_auth.jwt_secret={'x' * 64}"]) as url:
        found, target = looked(url)
        assert (found.problems, found.secret_proved, target.credentials.jwt_secret) == ([], False, None)
        kind, sentence = problem(looked(url, env={"JWT_SECRET": CANARY * 4})[0])
        assert kind == "credentials"
        assert "jwt_secret of AIRFLOW_CONFORMANCE_JWT_SECRET" in sentence
        assert CANARY not in sentence


# ---- profile and fixtures ----


def test_another_version_than_the_profile_says(url: str) -> None:
    kind, sentence = problem(looked(url, "airflow=3.0", without=["fixture-dags"])[0])
    assert kind == "profile"
    assert "the target is Airflow 3.3.2, but --set" in sentence
    assert "says airflow = 3.0; give --set airflow=3.3" in sentence


def test_a_target_where_nobody_is_admin_without_logging_in(url: str) -> None:
    kind, sentence = problem(looked(url, profile="airflow-3-all-admins")[0])
    assert kind == "profile"
    assert "simple_auth_manager_all_admins" in sentence


def test_fixture_dags_that_are_not_there(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    known = fixtures.load()
    more = [replace(known.dags[0], id=f"conformance_missing_{number}") for number in range(5)]
    more_dags = replace(known, dags=(*known.dags, *more))
    monkeypatch.setattr("conformance.entrance.dags.fixtures.published", lambda _: more_dags)
    kind, sentence = problem(looked(url)[0])
    assert kind == "fixtures"
    assert f"5 of {len(known.dags) + 4} DAGs are not there: conformance_missing_0, conformance_missing_1" in sentence
    assert "bundle/airflow3" in sentence
    assert looked(url, without=["fixture-dags"])[0].problems == []


# ---- what checks decide all the same ----


@pytest.mark.parametrize(("there", "said"), [("airflow-3-fab", "airflow-3"), ("airflow-3", "airflow-3-fab")])
def test_another_auth_manager_is_told_and_the_checks_go_on(there: str, said: str) -> None:
    with mock(there) as other:
        found, _ = looked(other, profile=said)
    kind, sentence = problem(found)
    assert kind == "profile"
    assert f"{said}.yaml:" in sentence
    assert not found.problems[0].fatal


def test_a_login_without_a_token_is_for_the_checks_to_decide() -> None:
    with mock(deviations=["token-under-other-name"]) as other:
        found, _ = looked(other)
    assert {each.kind for each in found.problems} == {"impostor"}
    assert not any(each.fatal for each in found.problems)


def test_missing_fixtures_are_told_and_not_relied_on(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text("dags:\n  mine:\n    file: mine.py\n    tasks: {only: {}}\n")
    with mock(world=world) as other:
        found, _ = looked(other)
    assert problem(found)[0] == "fixtures"
    assert found.missing == {"fixture-dags"}
    assert not found.problems[0].fatal


# ---- what runs beside the API ----


def running(profile: str, says: Any) -> frozenset[str]:
    """What is taken to run beside an API whose health is told like this."""
    with serve(lambda _: [as_json(200, says)]) as server:
        found = Preflight(target_at(server.url, profile))
        health.look(found, None)
    return found.running


@pytest.mark.parametrize(
    ("profile", "states", "expected"),
    [
        ("airflow-3", {"scheduler": "healthy", "triggerer": None, "dag_processor": "unhealthy"}, {"scheduler"}),
        ("airflow-3", {"scheduler": "unhealthy", "dag_processor": None}, set()),
        ("airflow-2-basic", {"scheduler": "healthy"}, {"scheduler", "dag_processor"}),
        ("airflow-2-basic", {"scheduler": "healthy", "dag_processor": "unhealthy"}, {"scheduler"}),
        ("airflow-2-basic", {"scheduler": None, "triggerer": "healthy"}, {"triggerer"}),
    ],
)
def test_what_runs_beside_the_api(profile: str, states: dict[str, str | None], expected: set[str]) -> None:
    assert running(profile, {name: {"status": status} for name, status in states.items()}) == expected


@pytest.mark.parametrize("says", [[1], {"scheduler": "healthy"}, {"scheduler": {"status": ["healthy"]}}])
def test_a_health_of_another_shape_tells_nothing(says: Any) -> None:
    assert running("airflow-3", says) == set()


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("airflow-3", {"scheduler", "dag_processor"}),
        ("airflow-2-basic", {"scheduler", "dag_processor"}),
        ("airflow-2-deny-all", {"scheduler", "dag_processor"}),
        ("airflow-1.10-open", {"scheduler", "dag_processor"}),
        ("airflow-2-experimental", {"scheduler", "dag_processor"}),
    ],
)
def test_what_runs_beside_a_mock(profile: str, expected: set[str]) -> None:
    with mock(profile) as url:
        assert looked(url, profile=profile)[0].running == expected
