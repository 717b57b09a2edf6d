"""The command and the server: ready, serving, stopping, and clear errors."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from mockserver import cli
from mockserver.pytest_plugin import RunningMock, airflow_mock, airflow_mock_url
from mockserver.server import running
from tests.mockserver.driver import application

__all__ = ["airflow_mock", "airflow_mock_url"]  # fixtures; the plugin may not be installed here


def fetch(url: str, path: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@contextmanager
def command(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command as a process of its own, and its first line."""
    started = [sys.executable, "-m", "mockserver", "--port", "0", *options]
    with subprocess.Popen(started, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_and_stops_cleanly(stop: signal.Signals) -> None:
    with command("--set", "airflow=3.0") as (process, line):
        said, _, url = line.strip().rpartition(" ")
        assert said == "airflow-mockserver: airflow-3 on"
        assert fetch(url, "/api/v2/version") == (200, b'{"version":"3.0.6","git_version":".release:mock"}')
        assert fetch(url, "/_mock/state")[0] == 200
        assert fetch(url, "/auth/token", "POST", b'{"username": 1}')[0] == 422
        process.send_signal(stop)
        assert process.wait(timeout=10) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_a_crash_closes_the_connection_and_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    with running(application()) as url:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("POST", "/auth/token", b"[]", {"Content-Type": "application/json"})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (500, b"Internal Server Error")
        assert answer.getheader("connection") is None
        assert connection.sock
        assert connection.sock.recv(1) == b""
        connection.close()
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--profile", "airflow-4"], "airflow-3"),
        (["--set", "api.maximum_page_limitt=5"], "maximum_page_limit"),
        (["--set", "nonsense"], "there is no ="),
        (["--deviate", "cap-ignord"], "did you mean 'cap-ignored'?"),
        (["--deviate", "cors-by-default"], "cannot show under the profile"),
        (["--world", "/no/such/file.yaml"], "/no/such/file.yaml"),
        (["--port", "99999"], "a port is a number"),
        (["--host", "256.0.0.1"], "256.0.0.1"),
    ],
)
def test_errors_are_one_sentence_and_status_2(
    options: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.server.serve", lambda *_arguments: pytest.fail("it started"))
    assert cli.main(["--port", "0", *options]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert says in said.err
    assert "Traceback" not in said.err


def test_a_busy_port(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        assert cli.main(["--port", str(busy.getsockname()[1])]) == 2
    assert "--port 0 picks a free port" in capsys.readouterr().err


@pytest.mark.parametrize(("ranges", "status"), [("10.0.0.0/8", 403), ("127.0.0.0/8", 401)])
def test_the_address_is_not_what_a_client_says(
    airflow_mock: Callable[..., RunningMock], ranges: str, status: int
) -> None:
    mock = airflow_mock("composer-2", settings=[f"web_server_allow_ip={ranges}"])
    connection = http.client.HTTPConnection(urlsplit(mock.url).netloc, timeout=10)
    connection.request("GET", "/api/v1/pools", headers={"X-Forwarded-For": "10.0.0.7"})
    assert connection.getresponse().status == status
    connection.close()


def test_help_teaches_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("examples:", "curl", "--follow documents", "--set airflow=3.0"))


def test_deviations_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--list-deviations"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 30
    assert any(line.startswith("cap-off-by-one ") and "PUB-PAGE-001" in line for line in lines)


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("192.0.2.1", False), ("example.org", False)],
)
def test_the_control_interface_is_for_loopback(host: str, loopback: bool) -> None:
    assert cli._is_loopback(host) == loopback


def test_importing_the_plugin_costs_nothing() -> None:
    heavy = "starlette", "uvicorn", "yaml", "jwt"
    code = f"import sys, mockserver.pytest_plugin; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("profile", "api"), [("airflow-3", "v2"), ("airflow-2-session", "v1")])
def test_the_fixture_serves_either_api(airflow_mock: Callable[..., RunningMock], profile: str, api: str) -> None:
    mock = airflow_mock(profile)
    assert json.loads(fetch(mock.url, f"/api/{api}/version")[1])["version"] == mock.mock.release


def test_the_fixtures_give_mocks_of_their_own(airflow_mock: Callable[..., RunningMock], airflow_mock_url: str) -> None:
    other = airflow_mock("airflow-3", settings=["airflow=3.0"], follow="documents")
    assert other.url != airflow_mock_url
    assert fetch(other.url, "/api/v2/version")[1] != fetch(airflow_mock_url, "/api/v2/version")[1]
    before = other.clock.now()
    other.clock.advance(3600)
    assert (other.clock.now() - before).total_seconds() >= 3600
    assert other.world is other.mock.world
