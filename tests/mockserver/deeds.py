"""What the operations of Airflow 3 do that are about more than one thing: a series of requests that shows it.

`Call` sends one: a method, a path below /api/v2, a body. `wait` lets so many seconds go by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.mockserver.driver import Reply

Call = Callable[..., Reply]
RUN = {"dag_run_id": "r", "logical_date": None}


def deeds(call: Call, wait: Callable[[float], None]) -> Iterator[Reply]:
    """Instances, logs, events, backfills, questions, favorites."""
    yield from _instances(call)
    yield from _executed(call, wait)
    yield from _assets(call, wait)
    yield from _backfills(call)
    yield call("GET", "dags/conformance_params/details")
    yield call("POST", "dags/conformance_cron/favorite")
    yield call("POST", "dags/conformance_cron/unfavorite")
    yield call("GET", "dags/conformance_cron/details")
    yield call("GET", "eventLogs/5")


def _instances(call: Call) -> Iterator[Reply]:
    for dag in ("empty", "mapped", "trigger"):
        call("POST", f"dags/conformance_{dag}/dagRuns", RUN)
    first = "dags/conformance_empty/dagRuns/r/taskInstances/first"
    yield call("GET", f"{first}/dependencies")
    yield call("PATCH", f"{first}/dry_run", {"new_state": "failed"})
    yield call("GET", first)
    yield call("PATCH", first, {"new_state": "failed"})
    clear: dict[str, Any] = {"dag_run_id": "r", "dry_run": False, "reset_dag_runs": False}
    yield call("POST", "dags/conformance_empty/clearTaskInstances", clear)
    yield call("GET", first)
    yield call("GET", "dags/conformance_mapped/dagRuns/r/taskInstances/group.square/2")
    yield call("PATCH", "dags/conformance_mapped/dagRuns/r/taskGroupInstances/group", {"new_state": "success"})
    yield call("GET", "dags/conformance_trigger/dagRuns/r/taskInstances/start/links")


def _executed(call: Call, wait: Callable[[float], None]) -> Iterator[Reply]:
    for dag in ("python", "hitl"):
        call("POST", f"dags/conformance_{dag}/dagRuns", RUN)
    wait(5)
    produce = "dags/conformance_python/dagRuns/r/taskInstances/produce"
    yield call("GET", f"{produce}/logs/1")
    call("POST", "dags/conformance_python/clearTaskInstances", {"dry_run": False, "only_failed": False})
    wait(5)
    yield call("GET", f"{produce}/tries")
    asked = "dags/conformance_hitl/dagRuns/r/taskInstances/ask/-1/hitlDetails"
    yield call("PATCH", asked, {"chosen_options": ["yes"]})
    yield call("GET", asked)


def _assets(call: Call, wait: Callable[[float], None]) -> Iterator[Reply]:
    half, queued = {"asset_id": 2}, "dags/conformance_halves/assets/2/queuedEvents"
    yield call("POST", "assets/events", half)
    yield call("GET", queued)
    yield call("DELETE", queued)
    yield call("GET", queued)
    for body in (half, {"asset_id": 3}):
        call("POST", "assets/events", body)
    wait(5)
    runs = call("GET", "dags/conformance_halves/dagRuns").json["dag_runs"]
    for run in runs:
        name = run["dag_run_id"].replace("+", "%2B")
        yield call("GET", f"dags/conformance_halves/dagRuns/{name}/upstreamAssetEvents")
    yield call("GET", "assets/aliases")


def _backfills(call: Call) -> Iterator[Reply]:
    days = {"dag_id": "conformance_cron", "from_date": "2025-03-01T00:00:00Z", "to_date": "2025-03-03T00:00:00Z"}
    yield call("POST", "backfills/dry_run", days)
    call("POST", "backfills", days)
    yield call("PUT", "backfills/1/pause")
    call("PUT", "backfills/1/cancel")
    yield call("GET", "backfills/1")
