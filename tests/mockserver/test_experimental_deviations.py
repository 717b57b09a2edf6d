"""Every deviation about what the experimental API does shows: a series of requests is answered otherwise with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from mockserver.deviations import EXPERIMENTAL, Deviation, catalogue
from specs import requirements
from tests.mockserver.experimental import Experimental

MODULES = ("dags", "dates", "lapses", "pools", "runs", "work", "corners")
OWN = [
    one
    for one in catalogue().values()
    if one.apis == EXPERIMENTAL and one.change.__module__.rpartition("experimental_")[2] in MODULES
]
E, P, Q = "/dags/conformance_empty", "/dags/conformance_params", "/dags/conformance_page_001"
LATE, SHIFTED, EARLY = "2031-02-03T04:05:06.123456", "2031-02-03T04:05:06+05:30", "2026-01-02T03:04:05"
#: What the document does not name.
UNNAMED = [
    ("GET", f"{E}/code"),
    ("GET", f"/lineage/conformance_empty/{EARLY}"),
    *[("DELETE", "/dags/conformance_disposable")] * 2,
]
POOLS = ("p", "p_", "pa", "px+y z", "é", "P")


def bodies() -> list[tuple[str, Any]]:
    """Runs and pools, good and bad, in an order in which each can be mistaken for another."""
    runs: list[Any] = [
        {"run_id": "late", "execution_date": LATE, "replace_microseconds": "false", "conf": {"key": "value"}},
        {"run_id": "text", "execution_date": "2031-03-03", "conf": '{"key": "value"}'},
        {"run_id": "shifted", "execution_date": SHIFTED},
        {"run_id": "early", "execution_date": EARLY},
        {"run_id": "late", "execution_date": "2032-01-01"},
        {"run_id": "other", "execution_date": EARLY},
        {"run_id": "cli", "conf": None, "execution_date": None},
        {"run_id": "bad", "execution_date": "2031-02-30"},
        {"run_id": "bad", "execution_date": ""},
        {"run_id": "far", "execution_date": "2031-03-01T00:75:00"},
        {"run_id": "bad", "execution_date": 5},
        {"run_id": {"a": 1}},
    ]
    pools: list[Any] = [{"name": name, "slots": 5, "description": f"<b>{name}"} for name in POOLS]
    pools += [
        {"name": "p", "slots": "7", "description": "x"},
        {"name": "p", "slots": -1, "description": None},
        {"name": "p", "slots": 0, "description": "y"},
        {"name": "p", "slots": "many", "description": "z"},
        {"name": "p", "slots": None, "description": "z"},
        {"name": "p", "slots": 9},
    ]
    runs += [{"run_id": "late", "execution_date": EARLY}]
    elsewhere = ("/dags/conformance_python/dag_runs", {"run_id": "late", "execution_date": LATE})
    return [(f"{E}/dag_runs", body) for body in runs] + [elsewhere] + [("/pools", body) for body in pools]


def looks() -> list[tuple[str, str]]:
    """Everything that can be looked at, of what there is and what there is not."""
    dates = (
        LATE,
        EARLY,
        f"{EARLY}Z",
        f"{EARLY}%2B00:00",
        f"{EARLY}%2B02:00",
        "9999-12-31T23:59:59",
        "2026-03-01T00:75:00",
        "2031-02-02T22:35:06",
        "2031-02-30T00:00:00",
        "zz",
        "2026-01-02T03:04:06",
    )
    found = [f"{dag}/dag_runs/{date}" for dag in (E, P, "/dags/nope") for date in (*dates, LATE[:-7], SHIFTED)]
    tasks = [f"{E}/tasks/{name}" for name in ("first", "last", "only", "FIRST")] + [
        f"{P}/tasks/only",
        f"{E}/tasks/first",
    ]
    instances = [
        f"{E}/dag_runs/{date}/tasks/{name}" for date in (EARLY, LATE, "2030-01-01") for name in ("first", "last")
    ]
    lists = [
        f"{dag}/dag_runs{query}" for dag in (E, P, Q, "/dags/nope") for query in ("", "?state=running", "?state=failed")
    ]
    pools = [
        "/pools",
        "/pools/nope",
        "/pools/default_pool",
        *(f"/pools/{name}" for name in ("p", "p_", "px%2By%20z", "%C3%A9")),
    ]
    return [("GET", path) for path in ("/test", "/latest_runs", *lists, *found, *tasks, *instances, *pools)]


def writes() -> list[tuple[str, str]]:
    """What changes something without a body, each followed by a look."""
    words = ("true", "true", "false", "false", "yes", "true")
    pausing = [f"{dag}/paused/{word}" for dag in (E, Q) for word in words] + ["/dags/nope/paused/true"]
    looked = [("GET", f"{dag}/paused") for dag in (E, P, Q, "/dags/conformance_page_002")]
    asked = [one for path in pausing for one in (("GET", path), *looked)]
    gone = [one for name in ("p_", "p", "p", "nope") for one in (("DELETE", f"/pools/{name}"), ("GET", "/pools"))]
    return [*asked, *gone, ("DELETE", "/pools/default_pool")]


def corners() -> list[tuple[str, str, Any, bytes | None]]:
    """What lacks something, a method that is not there, a pool that there is not."""
    return [("POST", "/pools", {"name": "p"}, None), ("PUT", "/pools", None, None), ("GET", "/pools/nope", None, None)]


def series() -> Iterator[tuple[str, str, Any, bytes | None]]:
    """All requests in their order: method, path, and a body as a value or as it stands."""
    half = [("POST", path, None, b'{"slots": 3') for path in (f"{E}/dag_runs", "/dags/nope/dag_runs", "/pools")]
    yield from corners()
    yield from ((*one, None, None) for one in looks())
    for path, body in bodies():
        yield from (("POST", path, body, None), ("GET", path, None, None))
    yield from (*half, ("POST", "/dags/nope/dag_runs", {}, None))
    yield from ((*one, None, None) for one in (*looks(), *writes(), *looks(), *UNNAMED))


def outcome(version: str, *deviations: str) -> list[tuple[Any, ...]]:
    """What the series of requests is answered, a millisecond after each other."""
    api, answers = Experimental(version, deviations=deviations), []
    api.mock.clock.hold(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    for method, path, body, raw in series():
        api.mock.clock.advance(0.001)
        answers.append(api.call(method, path, body, raw=raw))
    return [(one.status, one.media, one.text, sorted(one.headers.items())) for one in answers]


@cache
def sound(version: str) -> list[tuple[Any, ...]]:
    return outcome(version)


@pytest.mark.parametrize("deviation", OWN, ids=lambda one: one.name)
def test_deviation_shows(deviation: Deviation) -> None:
    version = next(each for each in ("1.10", "2.11") if deviation.applies(Experimental(each).mock.profile))
    assert outcome(version, deviation.name) != sound(version)


@pytest.mark.parametrize("module", MODULES)
def test_deviations_of_airflow_2_show(module: str) -> None:
    profile = Experimental("2.11").mock.profile
    names = [one.name for one in OWN if one.change.__module__.endswith(module) and one.applies(profile)]
    assert outcome("2.11", *names) != sound("2.11")


def test_a_sound_mock_answers_alike() -> None:
    assert outcome("1.10") == sound("1.10")


def test_each_breaks_a_requirement() -> None:
    for one in OWN:
        assert one.breaks
        assert all(requirements.find(name) for name in one.breaks), one.name
