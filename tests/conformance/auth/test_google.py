"""Google credentials, from the token endpoint and the metadata server of a mock; nothing leaves loopback."""

from __future__ import annotations

import json
import socket
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.auth import _helpers
from google.auth.compute_engine import _metadata

from conformance.auth.base import LoginError, NoCredential
from conformance.auth.google import Google
from conformance.auth.jwt import claims
from conformance.credentials import Credential, Credentials
from conformance.target import Target
from tests.conformance.targets import composer


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with composer() as made:
        yield made


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The hosts that connections are made to."""
    found: set[str] = set()
    connect = socket.socket.connect

    def noted(own: socket.socket, place: Any) -> None:
        found.add(place[0])
        connect(own, place)

    monkeypatch.setattr(socket.socket, "connect", noted)
    return found


def of_key(file: Path | str, role: str = "admin") -> Google:
    return Google(Credentials({role: Credential(role, "here", key_file=str(file))}), within=True)


def default() -> Google:
    return Google(Credentials({"admin": Credential("admin", "here")}), within=True)


def key(target: Target, role: str = "admin") -> dict[str, str]:
    found: dict[str, str] = json.loads(target.google.key_file(role).read_text())
    return found


def written(folder: Path, content: object) -> Path:
    file = folder / "key.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


# ---- a key file ----


@pytest.mark.parametrize(
    ("role", "dags", "connections"),
    [("admin", 200, 200), ("op", 200, 200), ("viewer", 200, 403), ("inactive", 403, 403)],
)
def test_each_role_has_an_account_of_its_own(target: Target, role: str, dags: int, connections: int) -> None:
    seen = [target.call(name, role=role).status for name in ("get_dags", "get_connections")]
    assert seen == [dags, connections]


def test_a_token_is_kept_until_it_is_about_to_expire(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    google = of_key(target.google.key_file("op"), "op")
    first = google.token("op")
    assert google.token("op") == first
    now = _helpers.utcnow()
    monkeypatch.setattr(_helpers, "utcnow", lambda: now + timedelta(minutes=50))
    assert google.token("op") == first
    monkeypatch.setattr(_helpers, "utcnow", lambda: now + timedelta(minutes=58))
    with pytest.raises(LoginError, match="reasonable timeframe"):  # it asks for another, and the clocks differ
        google.token("op")


def test_fresh_tokens_are_nobody_elses(target: Target) -> None:
    google = of_key(target.google.key_file("admin"))
    (_, kept), (_, one), (_, other) = (*google.headers("admin"), *google.fresh("admin"), *google.fresh("admin"))
    assert len({kept, one, other}) == 3
    assert google.headers("admin") == (("Authorization", kept),)
    google.forget_all()
    assert google.headers("admin") != (("Authorization", kept),)


def test_every_token_is_told(target: Target) -> None:
    told: list[str] = []
    google = Google(target.credentials, told.append)
    assert told == []
    assert [google.token("admin"), google.token("newcomer"), google.id_token("op", target.url)] == told


def test_id_tokens_are_for_an_audience(target: Target) -> None:
    token = target.google.id_token("op", target.url)
    assert claims(token)["aud"] == target.url
    assert target.call("get_dags", token=token).status == 200
    assert target.call("get_dags", token=target.google.id_token("op", "http://other.test")).status == 401


def test_a_token_that_was_given_is_sent_as_it_is() -> None:
    google = Google(Credentials({"admin": Credential("admin", "here", token="ya29.given")}))
    assert google.headers("admin") == google.fresh("admin") == (("Authorization", "Bearer ya29.given"),)


def test_nothing_leaves_this_machine(target: Target, reached: set[str]) -> None:
    """google-auth's own session would look up regions of a token, in a thread of its own."""
    google = Google(target.credentials)
    for role in ("admin", "viewer", "newcomer", "long_email"):
        assert google.token(role)
    assert google.id_token("admin", target.url)
    assert reached == {"127.0.0.1"}
    assert not [each.name for each in threading.enumerate() if "egional" in type(each).__name__]


def test_the_proxies_of_the_environment_do_not_count_here(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "")
    assert of_key(target.google.key_file("admin")).token()


# ---- what goes wrong ----


def test_who_has_no_credentials_is_told_what_to_do() -> None:
    with pytest.raises(NoCredential, match=r"--credentials FILE: viewer: \{key_file: \.\.\.\}"):
        default().headers("viewer")
    with pytest.raises(NoCredential, match="no key of a service account for the role admin"):
        default().key_file("admin")


@pytest.mark.parametrize("name", ["google.auth", "requests"])
def test_libraries_that_are_missing_are_named(target: Target, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import conformance.auth

    monkeypatch.delitem(sys.modules, "conformance.auth.google_tokens", raising=False)
    monkeypatch.delattr(conformance.auth, "google_tokens", raising=False)
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(NoCredential, match=rf"{name} is not installed.*airflow-api-conformance\[google\]"):
        of_key(target.google.key_file("admin")).token()


@pytest.mark.parametrize(
    "content",
    [
        "", "no JSON", "[]", "1", {}, {"type": "authorized_user"},
        {"client_email": "a@b", "token_uri": "http://127.0.0.1:9", "private_key": "-----BEGIN PRIVATE KEY-----s3cr3t"},
        {"client_email": "a@b", "token_uri": "http://127.0.0.1:9", "private_key": 7},
    ],
)  # fmt: skip
def test_a_file_that_is_no_key(tmp_path: Path, content: object) -> None:
    with pytest.raises(LoginError, match=r"key\.json is no key of a service account") as caught:
        of_key(written(tmp_path, content)).token()
    assert "s3cr3t" not in str(caught.value)
    assert not isinstance(caught.value, NoCredential)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(LoginError, match=r"gone\.json: No such file"):
        of_key(tmp_path / "gone.json").token()


def test_what_the_token_endpoint_says(target: Target, tmp_path: Path) -> None:
    file = written(tmp_path, {**key(target), "client_email": key(target, "op")["client_email"]})
    with pytest.raises(LoginError, match=r"role admin \(here\): http://127\S+/token says: .*Invalid JWT Signature"):
        of_key(file).token()


def test_a_token_endpoint_that_is_not_there(target: Target, tmp_path: Path) -> None:
    file = written(tmp_path, {**key(target), "token_uri": "http://127.0.0.1:9/token"})
    with pytest.raises(LoginError, match=r"admin \(here\): http://127\.0\.0\.1:9/token cannot be reached$"):
        of_key(file).token()


def test_for_a_target_on_this_machine_nobody_else_is_asked(target: Target, tmp_path: Path, reached: set[str]) -> None:
    file = written(tmp_path, {**key(target), "token_uri": "https://oauth2.googleapis.com/token"})
    with pytest.raises(LoginError, match=r"googleapis\.com/token is not asked, for the target is on this machine"):
        of_key(file).token()
    assert reached == set()


# ---- Application Default Credentials ----


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without credentials; whether it is one of Google's is asked at an address outside of it."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda _: None)
    monkeypatch.setattr(_metadata, "detect_gce_residency_linux", lambda: False)


@pytest.mark.usefixtures("nowhere")
def test_the_caller_s_own_key_is_the_admin_s(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(target.google.key_file("op")))
    answer = target.call("get_dags", role=None, headers=default().headers("admin"))
    assert answer.status == 200


@pytest.mark.usefixtures("nowhere")
@pytest.mark.parametrize("file", [None, "gone.json"])
def test_without_any_it_is_said_how_to_get_them(
    file: str | None, reached: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if file:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
    with pytest.raises(NoCredential, match=r"run gcloud auth application-default login, or set GOOGLE_APPL.*key_file"):
        default().token()
    assert reached == set()


def test_the_machine_s_own_account(target: Target, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    host = target.url.removeprefix("http://")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("GCE_METADATA_IP", host)
    monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", host)  # it has read GCE_METADATA_HOST when it was imported
    google = default()
    answer = target.call("get_connections", role=None, headers=google.headers("admin"))
    assert answer.status == 200
    assert google.token() == google.token() != google.token(fresh=True)
