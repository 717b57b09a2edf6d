"""Values that few people send, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.mockserver.driver import Reply

Call = Callable[..., Reply]
RUN = "dags/conformance_empty/dagRuns"


def values(call: Call, create: dict[str, Any]) -> Iterator[Reply]:
    """The same requests to either API; `create` is the body that makes a run."""
    for key, value in (("long", "x" * 5000), ("mark", "e\u0301"), (1, "no text")):
        yield call("POST", "variables", {"key": key, "value": value})
        yield call("GET", f"variables/{key}")
    yield call("POST", "pools", {"name": "p", "slots": 1, "description": " blank "})
    yield call("GET", "pools/p")
    yield call("POST", "connections", {"connection_id": "c", "conn_type": "http", "port": 80})
    yield call("PATCH", "connections/c", {"connection_id": "c", "conn_type": "http", "port": 0})
    yield call("GET", "connections/c")
    yield call("POST", RUN, {"dag_run_id": "r", "conf": {"n": 2**53 + 1}, **create})
    yield call("GET", f"{RUN}/r")
    yield call("GET", "dags/~/dagRuns?logical_date_gte=2025-06-01T01:30:00%2B02:00")
    yield call("POST", RUN, {"dag_run_id": "s", "logical_date": "2025-06-01T00:00:00Z"})
    for bound in ("logical_date_gte", "execution_date_gte"):
        yield call("GET", f"{RUN}?{bound}=2025-06-01T01:30:00%2B02:00")
    yield call("GET", "dags/~/dagRuns/~/taskInstances?map_index=0")


def executed(call: Call, create: dict[str, Any], advance: Callable[[float], object]) -> Iterator[Reply]:
    """How long a task took."""
    dag = "dags/conformance_python"
    yield call("PATCH", dag, {"is_paused": False})
    yield call("POST", f"{dag}/dagRuns", {"dag_run_id": "e", **create})
    for _ in range(10):
        advance(5)
        yield call("GET", f"{dag}/dagRuns/e/taskInstances/produce")
