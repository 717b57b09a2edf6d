"""What shows that more, or less, is done than was asked for: the same requests to either API, as far as both have them.

`Call` sends one: a method, a path below that of the API, a body. `wait` lets so many seconds go by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.mockserver.driver import Reply

Call = Callable[..., Reply]
MAPPED, SQUARE = "dags/conformance_mapped", "dagRuns/r/taskInstances/group.square"
EMPTY, PYTHON = "dags/conformance_empty", "dags/conformance_python"
EVERY = "dags/~/dagRuns/~/taskInstances"


def of_public(call: Call, wait: Callable[[float], None]) -> Iterator[Reply]:
    """Of the public API."""
    run = {"dag_run_id": "r", "logical_date": None}
    yield from _runs(call, run)
    yield call("PATCH", f"{MAPPED}/{SQUARE}/1", {"note": "of one"})
    yield call("GET", f"{MAPPED}/{SQUARE}/2")
    yield call("PATCH", f"{EMPTY}/dagRuns/r/taskInstances/first/dry_run", {"new_state": "failed", "note": "dry"})
    yield call("GET", f"{EMPTY}/dagRuns/r/taskInstances/first")
    for index in (0, 1):
        call("POST", f"{MAPPED}/{SQUARE}/xcomEntries", {"key": "k", "value": index, "map_index": index})
    yield call("GET", f"{MAPPED}/{SQUARE}/xcomEntries/k?map_index=1")
    days = {"from_date": "2025-05-01T00:00:00Z", "to_date": "2025-05-03T00:00:00Z"}
    yield call("POST", "backfills/dry_run", {"dag_id": "conformance_cron", **days})
    yield call("GET", "dags/conformance_cron/dagRuns")
    call("POST", "variables", {"key": "k", "value": "before"})
    call("GET", "variables/k")
    entity = {"key": "k", "value": "after"}
    call("PATCH", "variables", {"actions": [{"action": "update", "entities": [entity]}]})
    yield call("GET", "variables/k")
    yield from _executed(call, wait, run)
    yield from _deleted(call)
    yield from _said(call)


def of_stable(call: Call, wait: Callable[[float], None]) -> Iterator[Reply]:
    """Of the stable API."""
    run = {"dag_run_id": "r"}
    yield from _runs(call, run)
    yield call("PATCH", f"{MAPPED}/{SQUARE}/1/setNote", {"note": "of one"})
    yield call("GET", f"{MAPPED}/{SQUARE}/2")
    dry = {"dry_run": True, "task_id": "first", "dag_run_id": "r", "new_state": "failed"}
    reach = {f"include_{name}": False for name in ("upstream", "downstream", "future", "past")}
    yield call("POST", f"{EMPTY}/updateTaskInstancesState", {**dry, **reach})
    yield call("GET", f"{EMPTY}/dagRuns/r/taskInstances/first")
    yield call("PATCH", "dags?dag_id_pattern=conformance_page_01&offset=5&limit=1", {"is_paused": False})
    yield call("GET", "dags/conformance_page_011")
    yield from _executed(call, wait, run)
    yield from _deleted(call)
    person = {"username": "u", "password": "u", "first_name": "u", "last_name": "u", "roles": [{"name": "Viewer"}]}
    call("POST", "users", {**person, "email": "before@x"})
    call("PATCH", "users/u", {**person, "email": "after@x"})
    yield call("GET", "users/u")


def _said(call: Call) -> Iterator[Reply]:
    """What is kept of what was said."""
    dates = {"data_interval_start": "2025-06-01T00:00:00Z", "data_interval_end": "2025-06-02T00:00:00Z"}
    moment = {"logical_date": "2025-06-01T01:02:03.456789Z", "run_after": "2025-06-04T00:00:00Z"}
    call("POST", f"{EMPTY}/dagRuns", {"dag_run_id": "said", **moment, **dates})
    yield call("GET", f"{EMPTY}/dagRuns/said")
    for state in ("success", "queued"):
        call("PATCH", f"{EMPTY}/dagRuns/said", {"state": state})
        yield call("GET", f"{EMPTY}/dagRuns/said")
    days = {"from_date": "2025-05-01T00:00:00Z", "to_date": "2025-05-03T00:00:00Z"}
    call(
        "POST",
        "backfills",
        {"dag_id": "conformance_cron", **days, "reprocess_behavior": "failed", "max_active_runs": 2},
    )
    yield call("GET", "backfills?dag_id=conformance_cron")
    yield call("POST", "assets/events", {"asset_id": 1, "extra": {"number": 7}})


def _runs(call: Call, run: dict[str, Any]) -> Iterator[Reply]:
    """The same run in several DAGs."""
    for dag in (MAPPED, EMPTY):
        yield call("POST", f"{dag}/dagRuns", run)
    call("POST", f"{EMPTY}/dagRuns", {**run, "dag_run_id": "stays"})


def _executed(call: Call, wait: Callable[[float], None], run: dict[str, Any]) -> Iterator[Reply]:
    """A run that is there to the end, with two tries."""
    call("POST", f"{PYTHON}/dagRuns", run)
    wait(5)
    call("POST", f"{PYTHON}/clearTaskInstances", {"dry_run": False, "only_failed": False, "dag_run_id": "r"})
    wait(5)
    yield call("GET", f"{PYTHON}/dagRuns/r/taskInstances/consume/logs/1")


def _deleted(call: Call) -> Iterator[Reply]:
    """What is left of runs."""
    for dag in (EMPTY, PYTHON):
        yield call("DELETE", f"{dag}/dagRuns/r")
    yield call("GET", EVERY)
    yield call("GET", f"{EVERY}/~/xcomEntries")
    yield call("GET", "dagStats?dag_ids=conformance_empty")
