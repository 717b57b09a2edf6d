"""The unmodified google-auth library against a mock of Cloud Composer that serves; nothing leaves loopback."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
import requests
from google.auth import compute_engine, exceptions
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2 import service_account
from requests.adapters import BaseAdapter

import profiles
from mockserver import cli, key_command
from mockserver.app import create_app
from mockserver.composer import ComposerMock, keys
from mockserver.server import running

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
DAGS, RUNS, POOLS = "/api/v1/dags", "/api/v1/dags/conformance_empty/dagRuns", "/api/v1/pools"


class Nowhere(BaseAdapter):
    """Keeps requests that would leave this machine, and notes them."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.kept.append(str(request.url))
        raise requests.ConnectionError("kept on this machine")

    def close(self) -> None:
        pass


@dataclass
class Served:
    """A mock that serves, its keys by name, and how often Google was asked for a token."""

    url: str
    mock: ComposerMock
    folder: Path
    asked: list[str]

    def session(self, credentials: Any) -> AuthorizedSession:
        """A session of google-auth that asks for tokens in this machine only."""
        outside = requests.Session()
        outside.mount("https://", Nowhere())
        session = AuthorizedSession(credentials, auth_request=Request(outside))  # type: ignore[no-untyped-call]
        session.mount("https://", Nowhere())
        return session

    def as_account(self, name: str) -> AuthorizedSession:
        file = str(self.folder / f"{name}.json")
        return self.session(_from_file(file, scopes=[SCOPE]))


_from_file: Callable[..., Any] = service_account.Credentials.from_service_account_file
Serve = Callable[..., Served]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def start(*settings: str, profile: str = "composer-2", host: str = "127.0.0.1") -> Served:
            app = create_app(profiles.load(profile, settings), control=True)
            mock = cast("ComposerMock", app.state.mock)
            asked: list[str] = []
            respond = mock.respond

            def noted(request: Any) -> Any:
                asked.append(f"{request.method} {request.path}")
                return respond(request)

            mock.respond = noted  # type: ignore[method-assign]
            url = stack.enter_context(running(app, host))
            keys.write(mock.profile, mock.google, url, tmp_path)
            return Served(url, mock, tmp_path, asked)

        yield start


def times(served: Served, line: str) -> int:
    return served.asked.count(line)


# ---- a key file ------------------------------------------------------------------------------------------------------


def test_a_key_file_is_good_for_calls_and_asks_for_one_token(serve: Serve) -> None:
    served = serve()
    session = served.as_account("op")
    reply = session.post(f"{served.url}{RUNS}", json={"conf": {"a": 1}})
    assert (reply.status_code, reply.json()["conf"]) == (200, {"a": 1})
    assert session.get(f"{served.url}{DAGS}").status_code == 200
    assert times(served, "POST /_google/token") == 1


def test_after_a_401_it_asks_for_another_token_and_repeats_the_request(serve: Serve) -> None:
    served = serve()
    session = served.as_account("op")
    assert session.get(f"{served.url}{DAGS}").status_code == 200
    served.mock.google.tokens.revoke()
    assert session.post(f"{served.url}{RUNS}", json={"conf": {}}).status_code == 200
    assert (times(served, "POST /_google/token"), times(served, f"POST {RUNS}")) == (2, 2)
    assert len([run for run in served.mock.world.runs if run.dag_id == "conformance_empty"]) == 1


def test_a_token_that_has_expired_is_renewed_the_same_way(serve: Serve) -> None:
    served = serve()
    session = served.as_account("op")
    assert session.get(f"{served.url}{DAGS}").status_code == 200
    served.mock.clock.advance(3600)
    assert session.get(f"{served.url}{DAGS}").status_code == 200
    assert (times(served, "POST /_google/token"), times(served, f"GET {DAGS}")) == (2, 3)


def test_a_403_is_final(serve: Serve) -> None:
    served = serve()
    for name in ("viewer", "long-email", "inactive"):
        assert served.as_account(name).post(f"{served.url}{POOLS}", json={"name": "a", "slots": 1}).status_code == 403
    assert (times(served, f"POST {POOLS}"), times(served, "POST /_google/token")) == (3, 3)


def test_a_refusal_by_401_is_seen_twice(serve: Serve) -> None:
    served = serve(profile="composer-2-deny-all")
    assert served.as_account("admin").get(f"{served.url}{DAGS}").status_code == 401
    assert times(served, f"GET {DAGS}") == 3  # google-auth 2.62 tries twice more


def test_a_newcomer_becomes_a_user(serve: Serve) -> None:
    served = serve()
    assert served.as_account("newcomer").post(f"{served.url}{RUNS}", json={"conf": {}}).status_code == 200
    user = served.mock.world.users.named("accounts.google.com:100000000000000000007")
    assert user
    assert [role.name for role in user.roles] == ["Op"]


def test_a_key_of_somebody_else_is_refused(serve: Serve) -> None:
    served = serve()
    own, other = ((served.folder / f"{name}.json").read_text() for name in ("admin", "op"))
    (served.folder / "admin.json").write_text(other.replace("composer-op@", "composer-admin@"))
    assert own != other
    with pytest.raises(exceptions.RefreshError, match=r"Invalid JWT Signature\."):
        served.as_account("admin").get(f"{served.url}{DAGS}")


# ---- ID tokens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("audience", "status"), [("{url}", 200), ("http://elsewhere.test", 401)])
def test_id_tokens_are_good_for_their_audience(serve: Serve, audience: str, status: int) -> None:
    served = serve()
    credentials = service_account.IDTokenCredentials.from_service_account_file(  # type: ignore[no-untyped-call]
        str(served.folder / "admin.json"), target_audience=audience.format(url=served.url)
    )
    assert served.session(credentials).get(f"{served.url}{DAGS}").status_code == status
    assert times(served, "POST /_google/token") >= 1


def test_a_jwt_that_the_client_has_signed_itself_is_no_token(serve: Serve) -> None:
    served = serve()
    credentials = _from_file(str(served.folder / "admin.json"), scopes=[SCOPE], always_use_jwt_access=True)
    assert served.session(credentials).get(f"{served.url}{DAGS}").status_code == 401
    assert times(served, "POST /_google/token") == 0


# ---- metadata --------------------------------------------------------------------------------------------------------


@pytest.fixture
def machine(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Served:
    """A machine in Google's cloud, whose metadata server is the mock."""
    from google.auth.compute_engine import _metadata

    served = serve()
    host = served.url.removeprefix("http://")
    monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", host)  # it has read GCE_METADATA_HOST when it was imported
    monkeypatch.setenv("GCE_METADATA_IP", host)
    return served


def test_metadata_credentials(machine: Served) -> None:
    credentials = compute_engine.Credentials(scopes=[SCOPE])  # type: ignore[no-untyped-call]
    session = machine.session(credentials)
    assert session.post(f"{machine.url}{RUNS}", json={"conf": {}}).status_code == 200
    machine.mock.google.tokens.revoke()
    assert session.get(f"{machine.url}{DAGS}").status_code == 200
    assert credentials.service_account_email == "composer-admin@conformance.iam.gserviceaccount.com"
    assert times(machine, "GET /computeMetadata/v1/instance/service-accounts/default/token") == 2
    assert times(machine, "POST /_google/token") == 0


def test_id_tokens_of_metadata(machine: Served) -> None:
    credentials = compute_engine.IDTokenCredentials(  # type: ignore[no-untyped-call]
        Request(), target_audience=machine.url, use_metadata_identity_endpoint=True
    )
    assert machine.session(credentials).get(f"{machine.url}{DAGS}").status_code == 200


def test_the_fixture_gives_keys(airflow_mock: Any, tmp_path: Path) -> None:
    mock = airflow_mock("composer-2")
    (tmp_path / "key.json").write_text(mock.service_account_key("op"))
    session = Served(mock.url, mock.mock, tmp_path, []).as_account("key")
    assert session.post(f"{mock.url}{RUNS}", json={"conf": {}}).status_code == 200


# ---- addresses and switches ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "ranges", "status"),
    [
        ("127.0.0.1", "127.0.0.0/8", 200),
        ("127.0.0.1", "::1", 403),
        ("127.0.0.1", "192.0.2.0/24,2001:db8::/32", 403),
        ("127.0.0.1", None, 200),
        ("::1", "::1", 200),
        ("::1", "127.0.0.1", 403),
        ("::1", None, 200),
    ],
)
def test_addresses(serve: Serve, host: str, ranges: str | None, status: int) -> None:
    served = serve(*([] if ranges is None else [f"web_server_allow_ip={ranges}"]), host=host)
    assert served.as_account("admin").get(f"{served.url}{DAGS}").status_code == status


DEFAULT, SWITCH = "api.auth_backends=airflow.api.auth.backend.default", "api.enable_experimental_api=True"


@pytest.mark.parametrize(
    ("settings", "status"), [([], 404), ([SWITCH], 403), ([DEFAULT], 404), ([DEFAULT, SWITCH], 200)]
)
def test_the_experimental_api(serve: Serve, settings: list[str], status: int) -> None:
    served = serve(*settings)
    url = f"{served.url}/api/experimental/test"
    assert served.as_account("viewer").get(url).status_code == status
    assert requests.get(url, timeout=5).status_code == 401


# ---- what a user runs ------------------------------------------------------------------------------------------------

# What the document's script does, in a process of its own, in which nothing may leave loopback.
SCRIPT = """
import sys
import threading

outside = []

def look(event, arguments):
    host = arguments[0] if event == "socket.getaddrinfo" else arguments[1][0] if event == "socket.connect" else None
    if host is not None and host not in ("127.0.0.1", "::1", "localhost"):
        outside.append(host)
        raise OSError("kept on this machine")

sys.addaudithook(look)

import google.auth
from google.auth.transport.requests import AuthorizedSession

credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
session = AuthorizedSession(credentials)
response = session.request("POST", sys.argv[1], json={"conf": {"your-key": "your-value"}}, timeout=90)
print(type(credentials).__module__, response.status_code, response.json().get("conf"))
print(sorted(set(outside)))
"""


def finished(script: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script that has run; Google's own services are behind a proxy that there is not."""
    own = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1", **environment}
    own = {name: value for name, value in own.items() if value}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], env=own, capture_output=True, text=True, timeout=60, check=False
    )


def run(*arguments: str, **environment: str) -> str:
    """What the script prints."""
    done = finished(SCRIPT, *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_default_credentials_of_a_user(serve: Serve) -> None:
    served = serve()
    told = run(f"{served.url}{RUNS}", GOOGLE_APPLICATION_CREDENTIALS=str(served.folder / "op.json"))
    assert told == "google.oauth2.service_account 200 {'your-key': 'your-value'}\n[]\n"


def test_the_default_credentials_of_a_machine(serve: Serve, tmp_path: Path) -> None:
    served = serve()
    host = served.url.removeprefix("http://")
    told = run(
        f"{served.url}{RUNS}",
        GOOGLE_APPLICATION_CREDENTIALS="",
        CLOUDSDK_CONFIG=str(tmp_path / "none"),
        PATH="/nowhere",  # no gcloud
        GCE_METADATA_HOST=host,
        GCE_METADATA_IP=host,
    )
    assert told == "google.auth.compute_engine.credentials 200 {'your-key': 'your-value'}\n[]\n"


PAGE = Path(__file__).parents[2] / "docs" / "composer.md"


def test_the_script_of_the_docs_triggers_a_run_where_the_role_may(serve: Serve) -> None:
    served = serve()
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    done = {
        role: finished(script, served.url, GOOGLE_APPLICATION_CREDENTIALS=str(served.folder / f"{role}.json"))
        for role in ("op", "viewer")
    }
    assert json.loads(done["op"].stdout)["conf"] == {"your-key": "your-value"}
    assert "requests.exceptions.HTTPError: this account's role may not trigger DAGs" in done["viewer"].stderr
    assert [run.conf for run in served.mock.world.runs] == [{"your-key": "your-value"}]


# ---- commands --------------------------------------------------------------------------------------------------------


def test_a_command_writes_a_key_for_a_running_mock(serve: Serve, tmp_path: Path) -> None:
    served = serve()
    file = tmp_path / "mine.json"
    assert cli.main([key_command.NAME, served.url, "--account", "user", "--output", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert served.as_account("mine").get(f"{served.url}{DAGS}").status_code == 200


def test_the_key_goes_to_standard_output(serve: Serve, capsys: pytest.CaptureFixture[str]) -> None:
    served = serve()
    assert cli.main([key_command.NAME, served.url]) == 0
    assert capsys.readouterr().out == (served.folder / "admin.json").read_text()


def test_what_cannot_be_had_is_told(serve: Serve, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    served = serve()
    plain = serve(profile="composer-2")
    with running(create_app(profiles.load("airflow-2-basic"), control=True)) as other:
        told = {
            (
                served.url,
                "--account",
                "boss",
            ): f'{served.url}: there is no service account "boss"; there are: admin, op',
            (other,): f"{other} is no mock of Cloud Composer with its control interface open (it answers 405)",
            ("ftp://x",): "ftp://x is no address of a mock; give the URL that it printed, http://HOST:PORT",
            ("http://127.0.0.1:1",): "nothing at http://127.0.0.1:1 answers (",
            (
                plain.url,
                "--output",
                str(tmp_path / "no" / "where"),
            ): f"cannot write {tmp_path / 'no' / 'where'}: No such",
        }
        for arguments, text in told.items():
            assert cli.main([key_command.NAME, *arguments]) == 2
            assert capsys.readouterr().err.startswith(f"airflow-mockserver: {text}")


def started(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "mockserver", "--port", "0", *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_keys_are_there_when_the_mock_is_ready(tmp_path: Path) -> None:
    process, line = started("--profile", "composer-2", "--service-account-keys", str(tmp_path / "keys"))
    try:
        url = line.rpartition(" ")[2]
        assert len(list((tmp_path / "keys").glob("*.json"))) == 8
        session = Served(url, cast("ComposerMock", None), tmp_path / "keys", []).as_account("op")
        assert session.post(f"{url}{RUNS}", json={"conf": {}}).status_code == 200
    finally:
        process.terminate()
        process.communicate(timeout=10)


def test_keys_are_for_cloud_composer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["--port", "0", "--profile", "airflow-2-basic", "--service-account-keys", str(tmp_path)]) == 2
    text = "--service-account-keys: airflow-2-basic is no profile of Cloud Composer; take composer-2"
    assert capsys.readouterr().err == f"airflow-mockserver: {text}\n"
