"""What is found about a Cloud Composer before the first check; what holds for every API is in test_preflight.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import profiles
from conformance.credentials import collect
from conformance.exchange import Exchange
from conformance.findings import Preflight
from conformance.preflight import inspect
from conformance.target import Target
from tests.conformance.servers import as_json, http, method_and_target, serve
from tests.conformance.targets import composer, mock
from tests.conformance.test_preflight import problem

TWO, DENY, EXPERIMENTAL = "composer-2", "composer-2-deny-all", "composer-2-experimental"
NOBODY = "web_server_allow_ip=192.0.2.0/24"


@pytest.mark.parametrize(
    ("profile", "settings", "drivers"),
    [
        (TWO, (), ["composer_auth"]),
        (TWO, ("web_server_allow_ip=127.0.0.1",), ["composer_auth"]),
        (DENY, (), []),
        (EXPERIMENTAL, (), ["composer_auth"]),
        (TWO, (NOBODY,), []),
        (EXPERIMENTAL, (NOBODY,), []),
    ],
)
def test_targets_as_they_should_be(profile: str, settings: tuple[str, ...], drivers: list[str]) -> None:
    asked: list[Exchange] = []
    with composer(profile, *settings) as target:
        target.transport.after.append(asked.append)
        found = inspect(target)
    assert (found.problems, found.missing, list(target.drivers)) == ([], frozenset(), drivers)
    assert found.version == (None if target.barred else "2.10.5")
    assert target.facts["admits"] == bool(drivers)
    assert all(each.request.method == "GET" for each in asked)
    assert len(asked) < 20


# ---- a profile that does not describe the target ----


@pytest.mark.parametrize(
    ("there", "settings", "said", "kind", "fatal", "expected"),
    [
        (DENY, (), TWO, "credentials", True, "but Airflow answers 401 to GET /api/v1/dags; the profile composer-2"),
        (EXPERIMENTAL, (), TWO, "credentials", True, "the proxy lets the Google credentials of admin through"),
        (TWO, (), DENY, "profile", False, "lets Google credentials in, but composer-2-deny-all.yaml:"),
        (TWO, (), EXPERIMENTAL, "impostor", True, "has the Airflow 2 API (/api/v1) and no /api/experimental"),
        (TWO, (NOBODY,), TWO, "credentials", True, "it answers 403; is this machine's address allowed by its web"),
        (TWO, ("airflow=2.9",), TWO, "profile", True, "the target is Airflow 2.9.3, but composer-2.yaml:"),
    ],
)
def test_another_target_is_told(
    there: str, settings: Sequence[str], said: str, kind: str, fatal: bool, expected: str
) -> None:
    with composer(there, *settings, said=said, said_settings=()) as target:
        found = inspect(target)
    (seen, sentence), only = problem(found), found.problems[0]
    assert (seen, only.fatal) == (kind, fatal)
    assert expected in sentence


def test_a_machine_that_is_not_kept_out() -> None:
    with composer(TWO, said_settings=(NOBODY,)) as target:
        kind, sentence = problem(inspect(target))
    assert kind == "profile"
    assert "lets this machine in, whose address is none of those that --set 1 names" in sentence


def looked(url: str, folder: Path, profile: str = TWO) -> Preflight:
    """What is found with a key that a mock of that profile has."""
    loaded = profiles.load(profile, ()).without("fixture-dags")
    target = Target.open(url, loaded, collect(loaded, keys=folder, environ={}))
    found = inspect(target)
    target.close()
    return found


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with composer() as target:
        yield target.google.key_file("admin").parent


def test_an_airflow_without_a_proxy(folder: Path) -> None:
    with mock("airflow-2-basic", ("airflow=2.10",)) as url:
        found = looked(url, folder)
    first, second = found.problems
    assert (first.kind, first.fatal) == ("profile", False)
    assert "answers GET /api/v1/version without Google credentials, but composer-2.yaml:" in first.sentence
    assert (second.kind, second.fatal) == ("credentials", True)
    assert "Airflow answers 401 to GET /api/v1/dags" in second.sentence


# ---- credentials ----


def test_who_has_no_credentials_is_told_and_checks_say_what_they_miss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "gone.json"))
    with mock(TWO) as url:
        found = looked(url, tmp_path)
    kind, sentence = problem(found)
    assert (kind, found.problems[0].fatal) == ("credentials", False)
    assert "run gcloud auth application-default login" in sentence


@pytest.mark.parametrize(("role", "fatal"), [("admin", True), ("viewer", False)])
def test_a_key_that_gives_no_token(role: str, fatal: bool) -> None:
    with composer() as target:
        target.google.key_file(role).write_text(target.google.key_file("op").read_text().replace("er-op@", "er-user@"))
        found = inspect(target)
    kind, sentence = problem(found)
    assert (kind, found.problems[0].fatal) == ("credentials", fatal)
    assert f"there is no token of Google's for the role {role} (the keys of the mock): http://127.0.0.1:" in sentence
    assert "Invalid JWT Signature; " in sentence
    assert found.missing == (frozenset() if fatal else {"roles"})


def test_an_account_that_is_not_let_in() -> None:
    with composer() as target:
        target.google.key_file("op").write_text(target.google.key_file("inactive").read_text())
        found = inspect(target)
    kind, sentence = problem(found)
    assert (kind, found.problems[0].fatal, found.missing) == ("credentials", False, {"roles"})
    assert (
        "does not let the Google account of the role op in (the keys of the mock); give --credentials FILE" in sentence
    )


def test_an_admin_who_is_none() -> None:
    with composer() as target:
        target.google.key_file("admin").write_text(target.google.key_file("viewer").read_text())
        kind, sentence = problem(inspect(target))
    assert kind == "credentials"
    assert "(the keys of the mock) is no admin there; name another key_file for admin in --credentials FILE" in sentence


# ---- something else ----

Answer = Callable[[bytes], list[bytes]]


def to_whom_it_knows(
    known: dict[str, bytes], other: bytes, *, refusal: bytes = http(302, b"", "Location: https://login.example")
) -> Answer:
    """A proxy that sends everybody to a login who has no token; behind it these paths, and one answer to all others."""

    def answer(request: bytes) -> list[bytes]:
        proven = b"Bearer " in request
        return [known.get(method_and_target(request)[1], other) if proven else refusal]

    return answer


@pytest.mark.parametrize(
    ("known", "other", "expected"),
    [
        ({}, http(404), "answers 404: no Airflow 2 API is there"),
        ({}, as_json(200, {"version": "2.10.5"}), "answers 200 to everything"),
        ({"/api/v1/version": http(200, b"<form>", media="text/html")}, http(404), "a web page (a login page?)"),
        ({"/api/v2/version": as_json(200, {"version": "3.0"})}, http(404), "no /api/v1"),
        ({}, http(502), "answers 502 to everything"),
    ],
)
def test_what_stands_behind_a_proxy(folder: Path, known: dict[str, bytes], other: bytes, expected: str) -> None:
    with serve(to_whom_it_knows(known, other)) as server:
        kind, sentence = problem(looked(server.url, folder))
    assert kind == "impostor"
    assert expected in sentence
