"""Every deviation about where the experimental API is shows: the same request with and without it."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.strategies.sessions import as_shipped
from mockserver.deviations import catalogue
from tests.mockserver.driver import Reply, application, send
from tests.mockserver.guarding import basic

Headers = dict[str, str]

P = "/api/experimental"
DAG = "conformance_empty"
OPEN, DENIED, PASSWORD = "airflow-1.10-open", "airflow-1.10-deny-all", "airflow-1.10-password"
ADMIN = {"authorization": basic("admin", "admin")}
OWN = [one.name for one in catalogue().values() if one.change.__module__.endswith(".experimental_place")]

#: The deviation, a profile and a request; the status without the deviation, and with it.
ROWS: list[tuple[str, str, str, str, Headers, int, int]] = [
    ("experimental-no-latest-runs", OPEN, "GET", f"{P}/latest_runs", {}, 200, 404),
    ("experimental-no-latest-runs", DENIED, "GET", f"{P}/latest_runs", {}, 403, 404),
    ("experimental-pools-cannot-be-deleted", OPEN, "DELETE", f"{P}/pools/nope", {}, 404, 405),
    ("experimental-without-its-prefix", OPEN, "GET", "/experimental/test", {}, 404, 200),
    ("experimental-without-its-prefix", DENIED, "GET", "/experimental/test", {}, 404, 403),
    ("experimental-goes-on-behind", PASSWORD, "GET", f"{P}/test/more", ADMIN, 404, 200),
    ("experimental-takes-any-method", OPEN, "PUT", f"{P}/test", {}, 405, 200),
    ("experimental-asks-first", PASSWORD, "GET", f"{P}/dags/nope/nothing", {}, 404, 401),
    ("experimental-undocumented-open", DENIED, "GET", f"{P}/dags/{DAG}/code", {}, 403, 200),
    ("experimental-web-sessions-count", DENIED, "GET", f"{P}/test", dict(next(as_shipped()).headers), 403, 200),
    ("experimental-long-headers-break", DENIED, "GET", f"{P}/test", {"authorization": "x" * 8191}, 403, 500),
    ("default-answers-tickets-with-a-challenge", OPEN, "GET", f"{P}/test", {"authorization": "Negotiate x"}, 200, 401),
    ("experimental-head-closed-to-passwords", PASSWORD, "HEAD", f"{P}/test", ADMIN, 200, 403),
]
#: Those that show in what is told or done, in tests of their own.
OTHERS = {"experimental-refusals-tell", "experimental-refused-run-made", "experimental-refused-head-pauses"}


def test_each_has_a_test() -> None:
    assert {row[0] for row in ROWS} | OTHERS == set(OWN)


@pytest.mark.parametrize(("name", "profile", "method", "path", "headers", "usual", "deviating"), ROWS)
def test_status_differs(
    name: str, profile: str, method: str, path: str, headers: Headers, usual: int, deviating: int
) -> None:
    assert send(application(profile), method, path, b"", headers).status == usual
    assert send(application(profile, deviations=[name]), method, path, b"", headers).status == deviating


def refused(name: str, method: str, path: str, body: Any = b"") -> tuple[Reply, Any]:
    """The refusal of a request without proof, and the world that it leaves."""
    app = application(PASSWORD, deviations=[name])
    reply = send(app, method, path, body)
    assert reply.status == 401
    return reply, app.state.mock.world


def test_refusals_tell() -> None:
    reply, _ = refused("experimental-refusals-tell", "GET", f"{P}/pools")
    assert reply.json[0]["pool"] == "default_pool"


def test_refused_run_is_made() -> None:
    body = {"run_id": "one", "execution_date": "2025-03-01T00:00:00"}
    _, world = refused("experimental-refused-run-made", "POST", f"{P}/dags/{DAG}/dag_runs", body)
    assert "one" in {run.run_id for run in world.runs}


def test_refused_head_pauses() -> None:
    _, world = refused("experimental-refused-head-pauses", "HEAD", f"{P}/dags/{DAG}/paused/false")
    assert not world.dags.get(DAG).is_paused
