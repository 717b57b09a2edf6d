"""What is found about the experimental API before the first check; what holds for every API is in test_preflight.py."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from conformance.auth import gssapi
from conformance.exchange import Exchange
from conformance.findings import Preflight
from conformance.preflight import inspect
from specs.contract import Operation
from tests.conformance.servers import as_json, http, method_and_target, serve
from tests.conformance.targets import mock, target_at
from tests.conformance.test_preflight import looked, problem
from tests.kerberos.realm import Realm

CANARY = "s3cr3t-canary-password"
OPEN, DENY, PASSWORD, KERBEROS = (f"airflow-1.10-{word}" for word in ("open", "deny-all", "password", "kerberos"))
TWO = "airflow-2-experimental"
PUBLIC = "api.auth_backends=airflow.api.auth.backend.basic_auth"
NOBODY = "webserver_config.AUTH_ROLE_PUBLIC=null"
FIXTURES = ["fixture-dags"]


@pytest.mark.parametrize(
    ("profile", "settings", "drivers", "version"),
    [
        (OPEN, (), ["open"], None),
        (DENY, (), [], None),
        (PASSWORD, (), ["password"], None),
        (TWO, (), ["open"], "2.11.2"),
        (TWO, (PUBLIC, NOBODY), ["basic"], "2.11.2"),
        (TWO, (PUBLIC,), ["basic"], "2.11.2"),
        (TWO, ("api.auth_backends=airflow.api.auth.backend.session", NOBODY), ["session"], "2.11.2"),
    ],
)
def test_targets_as_they_should_be(
    profile: str, settings: tuple[str, ...], drivers: list[str], version: str | None
) -> None:
    asked: list[Exchange] = []
    with mock(profile, settings) as url:
        target = target_at(url, profile, *settings)
        target.transport.after.append(asked.append)
        found = inspect(target)
    assert (found.problems, found.missing, list(target.drivers)) == ([], frozenset(), drivers)
    assert found.version == version
    assert not any(each.request.operation and target.guard.writes(_operation(found, each)) for each in asked)
    assert len(asked) < 25


def _operation(found: Preflight, exchange: Exchange) -> Operation:
    return found.target.interface.operations[str(exchange.request.operation)]


def test_a_target_with_tickets(in_realm: Realm) -> None:
    with mock(KERBEROS) as url:
        found, target = looked(url, profile=KERBEROS)
    assert (found.problems, list(target.drivers)) == ([], ["kerberos"])


# ---- something else ----


def answers(known: Mapping[str, bytes], other: bytes) -> Callable[[bytes], list[bytes]]:
    """A server that has these paths, and one answer to all others."""
    return lambda request: [known.get(method_and_target(request)[1], other)]


TEST, INFO = "/api/experimental/test", "/api/experimental/info"
UP = as_json(200, {"status": "OK"})
REFUSED = http(401, b"Unauthorized", "WWW-Authenticate: Basic", media="text/html")
FORBIDDEN = http(403, b"Forbidden", media="text/html")
TICKET = http(401, b"Unauthorized", "WWW-Authenticate: Negotiate", media="text/html")
UNNAMED = http(401, b"Unauthorized", media="text/html")
GONE = http(404, b"<html>Airflow 404</html>", media="text/html")


@pytest.mark.parametrize(
    ("known", "other", "expected"),
    [
        ({}, REFUSED, "answers 401 to everything, even to a path that no API has"),
        ({}, FORBIDDEN, "answers 403 to everything"),
        ({}, UP, "answers 200 to everything"),
        ({}, GONE, "answers 404: no experimental API is there"),
        ({TEST: as_json(200, {})}, GONE, "answers 200 with application/json, not with a status"),
        ({TEST: http(200, b"<form>", media="text/html")}, GONE, "a web page (a login page?)"),
        ({TEST: http(302, b"", "Location: /login")}, GONE, "redirects to /login"),
        ({"/api/v1/version": as_json(200, {})}, GONE, "has the Airflow 2 API (/api/v1) and no /api/experimental"),
        ({"/api/v1/version": as_json(200, {})}, GONE, "Airflow 2 has it where [api] enable_experimental_api is True"),
    ],
)
def test_what_is_no_experimental_api(known: dict[str, bytes], other: bytes, expected: str) -> None:
    with serve(answers(known, other)) as server:
        kind, sentence = problem(looked(server.url, profile=OPEN)[0])
        assert len(server.requests) < 6
    assert kind == "impostor"
    assert expected in sentence


@pytest.mark.parametrize("profile", ["airflow-2-session", "airflow-3"])
@pytest.mark.parametrize("front", [UP, REFUSED, FORBIDDEN])
def test_the_experimental_api_is_no_other(profile: str, front: bytes) -> None:
    with serve(answers({TEST: front}, GONE)) as server:
        kind, sentence = problem(looked(server.url, profile=profile)[0])
    assert kind == "impostor"
    assert "has the experimental API (/api/experimental) and no /api/v" in sentence


# ---- a profile that does not describe the target ----


@pytest.mark.parametrize(
    ("there", "said", "expected", "fatal"),
    [
        (REFUSED, OPEN, "asks for a user name and a password (401, WWW-Authenticate: Basic)", True),
        (TICKET, OPEN, "asks for a Kerberos ticket (401, WWW-Authenticate: Negotiate)", True),
        (FORBIDDEN, OPEN, "refuses a request without proof with 403, as who refuses everybody", True),
        (UNNAMED, OPEN, "refuses a request without proof with 401, and names no scheme", True),
        (http(500), OPEN, "answers 500: no experimental API is there", True),
        (UP, PASSWORD, "answers a request without any proof", False),
        (TICKET, PASSWORD, "asks for a Kerberos ticket", True),
        (FORBIDDEN, PASSWORD, "as who refuses everybody", True),
        (UP, DENY, "answers a request without any proof", False),
        (REFUSED, DENY, "asks for a user name and a password", False),
        (TICKET, DENY, "asks for a Kerberos ticket", False),
        (UNNAMED, DENY, "and names no scheme", False),
    ],
)
def test_another_backend_is_told_with_the_line(there: bytes, said: str, expected: str, fatal: bool) -> None:
    with serve(answers({TEST: there}, GONE)) as server:
        found, _ = looked(server.url, profile=said, without=FIXTURES)
    (kind, sentence), only = problem(found), found.problems[0]
    assert expected in sentence
    assert only.fatal == fatal
    assert kind == "impostor" or f"{said}.yaml:" in sentence


@pytest.mark.parametrize("there", [UP, REFUSED, FORBIDDEN])
def test_a_backend_that_asks_for_no_ticket(there: bytes) -> None:
    with serve(answers({TEST: there}, GONE)) as server:
        found, _ = looked(server.url, profile=KERBEROS, env={}, without=FIXTURES)
    told = [str(each) for each in found.problems if each.kind == "profile"]
    assert told
    assert "says auth_backend = airflow.api.auth.backend.kerberos_auth" in told[0]


@pytest.mark.parametrize(
    ("there", "said", "hint"),
    [
        (OPEN, PASSWORD, "give --set api.auth_backend=airflow.api.auth.backend.default"),
        (PASSWORD, OPEN, "give --set api.auth_backend=airflow.contrib.auth.backends.password_auth"),
        (DENY, OPEN, "give --set api.auth_backend=airflow.api.auth.backend.deny_all"),
        (f"{TWO} {PUBLIC} {NOBODY}", TWO, "give --set api.auth_backends=airflow.api.auth.backend.basic_auth"),
    ],
)
def test_what_to_do_about_another_backend(there: str, said: str, hint: str) -> None:
    name, *settings = there.split()
    with mock(name, settings) as url:
        kind, sentence = problem(looked(url, profile=said)[0])
    assert kind == "profile"
    assert hint in sentence


@pytest.mark.parametrize(
    ("there", "said", "expected"),
    [
        (
            f"{OPEN}",
            TWO,
            "an Airflow 1.10: it has no /api/experimental/info, but airflow-2-session.yaml:",
        ),
        (f"{TWO}", OPEN, "the target is Airflow 2.11.2, but airflow-1.10-open.yaml:"),
        (f"{TWO} airflow=2.6", TWO, "the target is Airflow 2.6.3, but airflow-2-session.yaml:"),
    ],
)
def test_another_version(there: str, said: str, expected: str) -> None:
    name, *settings = there.split()
    with mock(name, settings) as url:
        kind, sentence = problem(looked(url, profile=said, without=FIXTURES)[0])
    assert kind == "profile"
    assert expected in sentence


def test_the_version_shows_where_everybody_is_refused() -> None:
    with serve(answers({TEST: FORBIDDEN, INFO: FORBIDDEN}, GONE)) as server:
        kind, sentence = problem(looked(server.url, profile=DENY)[0])
    assert kind == "profile"
    assert "an Airflow 2: it has /api/experimental/info, but airflow-1.10-open.yaml:" in sentence


# ---- credentials, fixtures ----


def test_a_wrong_password() -> None:
    with mock(PASSWORD) as url:
        found, _ = looked(url, profile=PASSWORD, env={"USERNAME": "admin", "PASSWORD": CANARY})
    kind, sentence = problem(found)
    assert (kind, found.problems[0].fatal) == ("credentials", True)
    assert "lets admin in by nothing (AIRFLOW_CONFORMANCE_USERNAME): not by user name and password" in sentence
    assert CANARY not in sentence + repr(found)


def test_a_ticket_that_is_missing_is_not_the_targets_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise gssapi.NoTicket("no cache")

    monkeypatch.setattr(gssapi, "Context", none)
    with serve(answers({TEST: TICKET}, GONE)) as server:
        found, _ = looked(server.url, profile=KERBEROS)
    kind, sentence = problem(found)
    assert (kind, found.problems[0].fatal) == ("credentials", False)
    assert "there is no Kerberos ticket for the role admin" in sentence
    assert "get one with kinit" in sentence


def test_missing_fixtures_are_told_and_not_relied_on(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text("dags:\n  conformance_empty:\n    file: mine.py\n    tasks: {first: {}}\n")
    with mock(OPEN, world=world) as url:
        found, _ = looked(url, profile=OPEN)
    kind, sentence = problem(found)
    assert (kind, set(found.missing), found.problems[0].fatal) == ("fixtures", {"fixture-dags"}, False)
    assert "6 of 7 DAGs are not there: conformance_cron, conformance_page_000, conformance_page_099, ..." in sentence
    assert "bundle/airflow1" in sentence


def test_what_the_target_says_does_not_make_a_report_unreadable() -> None:
    version = as_json(200, {"version": "\x1b[2J" + "9" * 5000})
    with serve(answers({TEST: UP, INFO: version}, GONE)) as server:
        found, _ = looked(server.url, profile=OPEN, without=FIXTURES)
    assert len(json.dumps(str(found.problems[0]))) < 500
