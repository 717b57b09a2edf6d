"""What is found about an Airflow 2 before the first check; what holds for every API is in test_preflight.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.exchange import SAFE, Exchange
from conformance.preflight import inspect
from tests.conformance.servers import http, method_and_target, serve
from tests.conformance.targets import mock, target_at
from tests.conformance.test_preflight import looked, problem

CANARY = "s3cr3t-canary-password"
NOBODY = "webserver_config.AUTH_ROLE_PUBLIC=null"
PUBLIC = "webserver_config.AUTH_ROLE_PUBLIC=Public"
VIEWER = "webserver_config.AUTH_ROLE_PUBLIC=Viewer"
DENY_ALL = "api.auth_backend=airflow.api.auth.backend.deny_all"
ALLOW_ALL = "api.auth_backend=airflow.api.auth.backend.default"


@pytest.mark.parametrize(
    ("profile", "settings", "drivers"),
    [
        ("airflow-2-session", (), ["session"]),
        ("airflow-2-session", (NOBODY,), ["session"]),
        ("airflow-2-basic", (), ["session", "basic"]),
        ("airflow-2-basic", ("airflow=2.6",), ["session", "basic"]),
        ("airflow-2-basic", ("airflow=2.11.0",), ["session", "basic"]),
        ("airflow-2-chain", (), ["session", "basic"]),
        ("airflow-2-chain", (VIEWER,), ["session", "basic"]),
        ("airflow-2-open", (), ["session"]),
        ("airflow-2-open", (NOBODY,), ["session"]),
        ("airflow-2-deny-all", (), ["session"]),
        ("airflow-2-custom", (), ["session", "custom"]),
        ("airflow-2.2-basic", (), ["basic"]),
        ("airflow-2.2-basic", (DENY_ALL,), []),
        ("airflow-2.2-basic", (ALLOW_ALL,), ["session"]),
    ],
)
def test_targets_as_they_should_be(profile: str, settings: tuple[str, ...], drivers: list[str]) -> None:
    asked: list[Exchange] = []
    with mock(profile, settings) as url:
        target = target_at(url, profile, *settings)
        target.transport.after.append(asked.append)
        found = inspect(target)
    assert (found.problems, found.missing, list(target.drivers)) == ([], frozenset(), drivers)
    assert all(each.request.method in SAFE or each.request.path == "/login/" for each in asked)
    assert len(asked) < 25


# ---- something else ----


def wall(status: int, body: object, media: str = "application/problem+json") -> Callable[[bytes], list[bytes]]:
    return lambda _: [http(status, json.dumps(body).encode(), media=media)]


def of_airflow(status: int, title: str) -> dict[str, object]:
    """The body with which Airflow 2 refuses."""
    return {"detail": None, "status": status, "title": title, "type": "https://airflow.apache.org/docs#Errors"}


def airflow_3(request: bytes) -> list[bytes]:
    if b" /api/v2/version " in request:
        return [http(200, b'{"version": "3.3.2"}')]
    return [http(404)]


VERSION = {"version": "2.11.2", "git_version": None}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (wall(401, of_airflow(401, "Unauthorized")), "answers 401 to everything, even to a path that no API has"),
        (wall(403, of_airflow(403, "Forbidden")), "answers 403 to everything"),
        (wall(404, of_airflow(404, "Not Found")), "answers 404: no Airflow 2 API is there"),
        (wall(200, {}, "application/json"), "answers 200 with application/json, not with a version"),
        (wall(200, {}), "answers 200 with application/problem+json, not with a version"),
        (wall(200, VERSION), "answers 200 to everything"),
        (airflow_3, "has the Airflow 3 API (/api/v2) and no /api/v1"),
    ],
)
def test_what_is_no_airflow_2(answer: Callable[[bytes], list[bytes]], expected: str) -> None:
    with serve(answer) as server:
        kind, sentence = problem(looked(server.url, profile="airflow-2-chain")[0])
        assert len(server.requests) < 5
    assert kind == "impostor"
    assert expected in sentence


FORM = b'<form><input name="csrf_token" value="t"></form>'


def dummy(login: bytes, others: bytes) -> Callable[[bytes], list[bytes]]:
    """A server that has a version and a form for the login, and else only these two answers."""

    def answer(request: bytes) -> list[bytes]:
        method, target = method_and_target(request)
        if target == "/api/v1/version":
            return [http(200, json.dumps(VERSION).encode())]
        if target == "/login/":
            return [login if method == "POST" else http(200, FORM, "Set-Cookie: session=a", media="text/html")]
        return [others if target.startswith("/api/v1/dags") else http(404)]

    return answer


IN = http(302, b"", "Location: /home", "Set-Cookie: session=b")
OUT = http(302, b"", "Location: /login/")
REFUSED = http(403, json.dumps(of_airflow(403, "Forbidden")).encode(), media="application/problem+json")


@pytest.mark.parametrize(
    ("login", "others", "kind", "expected"),
    [
        (OUT, REFUSED, "credentials", "lets admin in by nothing (the profile airflow-2-session): not by the session"),
        (IN, REFUSED, "credentials", "the profile airflow-2-session does not set auth_backends"),
        (http(404), http(404), "credentials", "lets admin in by nothing"),
        (IN, http(200, b'{"dags": []}'), "impostor", "GET /api/v1/connections answers an admin with 404"),
    ],
)
def test_what_has_a_version_and_little_else(login: bytes, others: bytes, kind: str, expected: str) -> None:
    with serve(dummy(login, others)) as server:
        found, _ = looked(server.url, profile="airflow-2-session", without=["roles", "fixture-dags"])
    assert problem(found)[0] == kind
    assert expected in problem(found)[1]


# ---- credentials ----


def test_a_wrong_password() -> None:
    with mock("airflow-2-chain") as url:
        found, _ = looked(url, profile="airflow-2-chain", env={"USERNAME": "admin", "PASSWORD": CANARY})
    kind, sentence = problem(found)
    assert kind == "credentials"
    assert "lets admin in by nothing (AIRFLOW_CONFORMANCE_USERNAME)" in sentence
    assert "not by the session of a web login and Basic credentials" in sentence
    assert "give --username and --password" in sentence
    assert CANARY not in sentence + repr(found)


def test_an_admin_who_is_none() -> None:
    with mock("airflow-2-chain") as url:
        found, _ = looked(url, profile="airflow-2-chain", env={"USERNAME": "viewer", "PASSWORD": "viewer"})
    assert problem(found)[0] == "credentials"
    assert "is no admin there" in problem(found)[1]


def test_a_role_that_is_not_let_in_is_told_and_not_relied_on(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("profile: mine\ntitle: Mine\nextends: airflow-2-chain\nusers:\n"
                    "  - {username: admin, password: admin, role: admin}\n"
                    f"  - {{username: op, password: {CANARY}, role: op}}\n")  # fmt: skip
    with mock("airflow-2-chain") as url:
        found, _ = looked(url, profile=str(file))
    kind, sentence = problem(found)
    assert (kind, set(found.missing), found.problems[0].fatal) == ("credentials", {"roles"}, False)
    assert "does not let the role op in (the profile mine)" in sentence
    assert "--without roles" in sentence


# ---- a profile that does not describe the target ----


@pytest.mark.parametrize(
    ("there", "said", "expected"),
    [
        ("airflow-2-basic", "airflow-2-session", ["takes Basic credentials", "airflow-2-session does not set auth_ba"]),
        ("airflow-2-session", "airflow-2-basic", ["does not take Basic credentials of admin", "airflow-2-basic.yaml:"]),
        (
            "airflow-2-session",
            "airflow-2-custom",
            ["does not take the headers of the profile of admin", "says auth_backends = conformance_backend"],
        ),
        (
            "airflow-2-basic",
            f"airflow-2-basic {NOBODY}",
            ["with 403 and not with 401", "--set 1 says AUTH_ROLE_PUBLIC"],
        ),
        (
            f"airflow-2-basic {NOBODY}",
            "airflow-2-basic",
            ["with 401 and not with 403", "default of Airflow 2.11 says AUTH_ROLE_PUBLIC = Public"],
        ),
        (
            f"airflow-2-session {NOBODY}",
            f"airflow-2-open {NOBODY}",
            ["with 401 and not with 403", "airflow-2-open.yaml:"],
        ),
        (
            "airflow-2-chain",
            f"airflow-2-chain {VIEWER}",
            ["refuses a request without proof", "says AUTH_ROLE_PUBLIC = Viewer"],
        ),
        (
            f"airflow-2-chain {VIEWER}",
            "airflow-2-chain",
            ["answers a request without any proof", "airflow-2-chain.yaml:", "AUTH_ROLE_PUBLIC = None"],
        ),
        ("airflow-2-session", "airflow-2-session airflow=2.3", ["is Airflow 2.11.2, but --set 1 says airflow = 2.3"]),
        ("airflow-2-chain airflow=2.6", "airflow-2-chain", ["is Airflow 2.6.3, but airflow-2-session.yaml:"]),
        (
            "airflow-2.2-basic",
            f"airflow-2.2-basic {DENY_ALL}",
            ["takes Basic credentials", "--set 1 says auth_backend = airflow.api.auth.backend.deny_all"],
        ),
    ],
)
def test_what_the_profile_is_wrong_about_is_told_with_its_line(there: str, said: str, expected: list[str]) -> None:
    name, *settings = there.split()
    with mock(name, settings) as url:
        name, *settings = said.split()
        found, _ = looked(url, *settings, profile=name)
    kind, sentence = problem(found)
    assert kind == "profile"
    assert all(part in sentence for part in expected), sentence


def test_what_has_the_same_effect_is_the_same() -> None:
    with mock("airflow-2-basic", (NOBODY,)) as url:  # to which Airflow adds the session
        assert looked(url, profile="airflow-2-chain")[0].problems == []


def test_the_checks_decide_the_rest() -> None:
    with mock("airflow-2-session") as url:
        found, target = looked(url, profile="airflow-2-basic")
    assert not found.problems[0].fatal
    assert target.driver is target.drivers["session"]


def test_the_driver_is_one_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("profiles.model.Profile.web_login", True)
    with mock("airflow-2.2-basic") as url:
        target = target_at(url, "airflow-2.2-basic")
        found = inspect(target)
        assert problem(found)[1].startswith("the target does not take the session of a web login of admin")
        assert target.driver is target.drivers["basic"]
        assert target.call("get_dags").status == 200
