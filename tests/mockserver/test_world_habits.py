"""What changed from version to version."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import mockserver
from mockserver.world.habits import SINCE, has
from specs.versions import Version
from tests.mockserver.api import Api

VERSIONS = ("3.0", "3.1", "3.2", "3.3")


def test_every_habit_is_asked_for_and_every_one_asked_for_is_known() -> None:
    root = Path(mockserver.__file__).parent
    sources = [path.read_text(encoding="utf-8") for path in root.glob("**/*.py") if path.name != "habits.py"]
    asked = {name for source in sources for name in re.findall(r'has\(\s*[\w.]+,\s*"([^"]+)"\s*\)', source)}
    assert asked == set(SINCE)


def test_an_unknown_habit() -> None:
    with pytest.raises(KeyError):
        has(Version(3, 3), "nothing")


def variable(api: Api) -> Any:
    return api.call("POST", "/variables", {"key": "v", "value": {"a": None}}).body["value"]


def nested_secret(api: Api) -> Any:
    return api.call("POST", "/variables", {"key": "v", "value": '{"a": {"token": "x"}}'}).body["value"]


def xcom(api: Api) -> Any:
    api.trigger("conformance_empty")
    path = "/dags/conformance_empty/dagRuns/run/taskInstances/first/xcomEntries"
    return api.call("POST", path, {"key": "k", "value": [1]}).body["value"]


def materialized(api: Api) -> Any:
    return api.call("POST", "/assets/1/materialize").body["run_type"]


def partial_pool(api: Api) -> Any:
    api.call("POST", "/pools", {"name": "p", "slots": 1})
    return api.call("PATCH", "/pools/p?update_mask=slots", {"slots": 2}).status


def endless_pool(api: Api) -> Any:
    return api.call("POST", "/pools", {"name": "p", "slots": -1}).status


def waiting_instance(api: Api) -> Any:
    api.trigger("conformance_empty")
    api.call("PATCH", "/dags/conformance_empty/dagRuns/run", {"state": "success"})
    return api.get("/dags/conformance_empty/dagRuns/run/taskInstances/last")["state"]


def backfill_backwards(api: Api) -> Any:
    body = {"dag_id": "conformance_cron", "from_date": "2025-06-05T00:00:00Z", "to_date": "2025-06-03T00:00:00Z"}
    return api.call("POST", "/backfills", body).status


def both_filters(api: Api) -> Any:
    body = {"only_failed": True, "only_running": True}
    return api.call("POST", "/dags/conformance_empty/clearTaskInstances", body).status


def piped(api: Api) -> Any:
    return api.get("/dags?dag_id_pattern=cron%7Cempty")["total_entries"]


def no_events(api: Api) -> Any:
    return api.call("GET", "/assets/1/queuedEvents").status


def alias(api: Api) -> Any:
    return api.get("/assets/aliases")["asset_aliases"][0]["group"]


def paused_beyond_the_page(api: Api) -> Any:
    api.call("PATCH", "/dags?dag_id_pattern=conformance_e&limit=1&offset=1", {"is_paused": False})
    return api.get("/dags/conformance_empty")["is_paused"]


def unknown_dag(api: Api) -> Any:
    return api.call("POST", "/dags/nope/dagRuns", {"logical_date": None}).body["detail"]


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        (variable, ["{'a': None}", "{'a': None}", "{'a': None}", '{"a": null}']),
        (nested_secret, ['{"a": {"token": "x"}}'] * 2 + ['{"a": {"token": "***"}}'] * 2),
        (xcom, ["[1]", "[1]", [1], [1]]),
        (materialized, ["manual", "manual", "asset_materialization", "asset_materialization"]),
        (partial_pool, [200, 200, 422, 422]),
        (endless_pool, [500, 201, 201, 201]),
        (waiting_instance, ["success", "success", "success", "skipped"]),
        (backfill_backwards, [200, 200, 500, 422]),
        (both_filters, [500, 500, 500, 422]),
        (piped, [0, 0, 2, 2]),
        (no_events, [404, 200, 200, 200]),
        (paused_beyond_the_page, [True, True, False, False]),
        (alias, ["", "", "conformance", "conformance"]),
        (unknown_dag, ["DAG with dag_id: 'nope' not found"] * 2 + ["Dag with dag_id: 'nope' not found"] * 2),
    ],
)
def test_habits_by_version(look: Any, seen: list[Any]) -> None:
    """Measured on 3.0.6, 3.1.8, 3.2.2 and 3.3.2."""
    assert [look(Api(version)) for version in VERSIONS] == seen
