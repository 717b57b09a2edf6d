"""What the guard makes of requests to the experimental API; what holds for every API is in test_guard.py."""

from __future__ import annotations

from typing import Any

import pytest

from conformance.guard import Creation
from tests.conformance.test_guard import FIXTURE, FOREIGN, OWN, PREFIX, guard, refused, request

RUNS = f"/api/experimental/dags/{FIXTURE}/dag_runs"
PAUSED = f"/api/experimental/dags/{FIXTURE}/paused"
THEIRS = f"/api/experimental/dags/{FOREIGN}/paused"
DATE = "2025-03-04T05:06:07.080910+00:00"
UNREAD = f'{{"run_id": "{OWN}", "conf": '.encode()


@pytest.mark.parametrize(
    ("method", "target", "body", "kind", "ids"),
    [
        ("POST", "/api/experimental/pools", {"name": OWN, "slots": 1, "description": ""}, "pool", {"name": OWN}),
        ("POST", RUNS, {"run_id": OWN}, "dag_run", {"dag_id": FIXTURE, "run_id": OWN}),
        ("POST", RUNS, {"run_id": OWN, "conf": 5, "execution_date": "now"}, "dag_run",
         {"dag_id": FIXTURE, "run_id": OWN}),
        ("POST", RUNS, {"run_id": None, "conf": {"a": OWN}}, "dag_run", {"dag_id": FIXTURE}),
        ("POST", RUNS, {"conf": f'{{"key": "{OWN}"}}'}, "dag_run", {"dag_id": FIXTURE}),
        ("POST", RUNS, {"execution_date": DATE, "conf": None}, "dag_run", {"dag_id": FIXTURE}),
        ("POST", RUNS, UNREAD, "dag_run", {"dag_id": FIXTURE, "run_id": OWN}),
        ("GET", f"{PAUSED}/true", None, "paused", {"dag_id": FIXTURE, "paused": "true"}),
        ("HEAD", f"{PAUSED}/false", None, "paused", {"dag_id": FIXTURE, "paused": "false"}),
        ("GET", f"/{PAUSED}/tru%65", None, "paused", {"dag_id": FIXTURE, "paused": "true"}),
    ],
)  # fmt: skip
def test_what_may_be_created_is_told(method: str, target: str, body: Any, kind: str, ids: dict[str, str]) -> None:
    ours = guard("1.10")
    ours.own("execution_date", DATE)
    assert ours.check(request(method, target, body)) == [Creation(kind, ids)]


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", PAUSED, None),
        ("GET", f"{PAUSED}/true/x", None),
        ("GET", f"/api/experimental/dags/{OWN}/paused/true", None),
        ("GET", f"/api/experimental/dags/{OWN}/Paused/true", None),
        ("POST", f"/api/experimental/dags/{OWN}/dag_runs", b"no JSON"),
        ("DELETE", f"/api/experimental/dags/{OWN}", None),
        ("DELETE", f"/api/experimental/pools/{OWN}", None),
        ("POST", "/api/experimental/pools", b"no JSON"),
        ("GET", "/api/experimental/latest_runs", None),
    ],
)
def test_harmless(method: str, target: str, body: Any) -> None:
    assert guard("1.10").check(request(method, target, body)) == []


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", f"{THEIRS}/true", None),
        ("HEAD", f"{THEIRS}/true", None),
        ("OPTIONS", f"{THEIRS}/true", None),
        ("GET", f"{THEIRS}/true?x={PREFIX}", None),
        ("GET", f"/api/experimental//dags/{FOREIGN}/paused/banana", None),
        ("GET", f"/api/experimental/x/../dags/{FOREIGN}/paused/true", None),
        ("GET", f"/api/experimental/dags/{FOREIGN}/paused%2Ftrue", None),
        ("GET", f"/API/Experimental/dags/{FOREIGN}/Paused/true", None),
        ("GET", f"/api;a=b/experimental/dags/{FOREIGN}/paused/true", None),
        ("POST", f"/api/experimental/dags/{FOREIGN}/dag_runs", {"run_id": OWN}),
        ("POST", RUNS, {}),
        ("POST", RUNS, None),
        ("POST", RUNS, []),
        ("POST", RUNS, {"run_id": None, "conf": None, "execution_date": None}),
        ("POST", RUNS, {"run_id": "theirs", "conf": {"a": OWN}}),
        ("POST", RUNS, {"execution_date": "2025-03-04T05:06:07"}),
        ("POST", RUNS, {"conf": f"key: {OWN}"}),
        ("POST", RUNS, b"no JSON"),
        ("POST", RUNS, b'{"run_id": "theirs", '),
        ("DELETE", f"/api/experimental/dags/{FIXTURE}", None),
        ("DELETE", "/api/experimental/pools/default_pool", None),
        ("POST", "/api/experimental/pools", {"name": "default_pool", "slots": 1, "description": OWN}),
        ("POST", "/api/v1/pools", {"name": OWN}),
    ],
)
def test_refused(method: str, target: str, body: Any) -> None:
    assert " is not sent: " in refused(guard("1.10"), request(method, target, body))


def test_what_is_not_the_runs_to_use_is_not_paused() -> None:
    assert "is the run's" in refused(guard("1.10", lends=False), request("GET", f"{PAUSED}/true"))


def test_a_run_that_must_not_write_pauses_nothing() -> None:
    closed = guard("1.10", writes=False, why_not="because")
    assert refused(closed, request("GET", f"{PAUSED}/true")).endswith("is not sent: because")
