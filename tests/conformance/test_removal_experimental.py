"""What is removed through the experimental API, and what stays; what holds for every API is in test_removal.py."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.exchange import Exchange
from conformance.sweep import sweep
from conformance.target import Target
from tests.conformance.targets import mock, target_at

PROFILE = "airflow-1.10-open"
DAG = {"dag_id": "conformance_empty"}


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    with mock(PROFILE) as url:
        made = target_at(url, PROFILE, journals=tmp_path)
        yield made
        made.close()


def names(target: Target) -> set[str]:
    """The names of the run's own that the target shows."""
    pools = {str(item["pool"]) for item in target.call("get_pools").json()}
    runs = {str(item["run_id"]) for item in target.call("dag_runs", params=DAG).json()}
    return {name for name in pools | runs if name.startswith(target.prefix)}


def paused(target: Target) -> bool:
    return bool(target.call("dag_is_paused", params=DAG).json()["is_paused"])


def fill(target: Target) -> None:
    """Two pools, two runs with names of the run's own, a run with another name, and a DAG that is paused otherwise."""
    answers = [target.create("pool"), target.create("pool"), *(target.create("dag_run", **DAG) for _ in range(2))]
    by_date = {"execution_date": target.new_date(), "replace_microseconds": "false"}
    answers.append(target.call("trigger_dag", params=DAG, json=by_date))
    word = "false" if paused(target) else "true"
    answers.append(target.call("dag_paused", params={**DAG, "paused": word}))
    assert {answer.status for answer in answers} == {200}


def test_pools_are_removed_and_runs_stay(target: Target) -> None:
    was = paused(target)
    fill(target)
    assert (len(names(target)), paused(target)) == (4, not was)
    assert target.clean_up() == []
    assert {name for name in names(target) if "pool" in name} == set()
    assert target.stays == [f"3 DAG runs of conformance_empty (run_id: {target.prefix}...)"]
    assert paused(target) == was
    assert target.journal.path
    assert not target.journal.path.exists()


def test_nothing_stays_where_no_run_was_created(target: Target) -> None:
    target.create("pool")
    assert target.create("dag_run", dag_id="conformance_empty", execution_date="not a date").status == 400
    assert target.create("dag_run", dag_id="conformance_empty", conf=5).status == 500
    assert target.clean_up() == []
    assert target.stays == []


def test_what_stays_is_told_where_it_cannot_be_asked(target: Target) -> None:
    target.create("dag_run", **DAG)
    send = target.transport.send
    target.transport.send = lambda request: (  # type: ignore[method-assign]
        Exchange(request, error="gone") if request.operation == "dag_runs" else send(request)
    )
    assert target.clean_up() == []
    assert target.stays == [f"1 DAG run of conformance_empty (run_id: {target.prefix}...)"]


def test_a_sweep_removes_what_a_killed_run_left(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was = paused(target)
    fill(target)
    monkeypatch.setattr("conformance.journal._alive", lambda _: False)
    listed = sweep(target_at(target.url, PROFILE), tmp_path, dry_run=True)
    assert (len(listed.found), listed.stays) == (3, [])
    done = sweep(target_at(target.url, PROFILE), tmp_path)
    assert (done.found, done.left, done.unread) == (listed.found, [], [])
    assert done.stays == [f"3 DAG runs of conformance_empty (run_id: {target.prefix}...)"]
    assert paused(target) == was
    assert list(tmp_path.glob("*.jsonl")) == []


def test_a_sweep_finds_pools_that_no_journal_has(target: Target, tmp_path: Path) -> None:
    fill(target)
    done = sweep(target_at(target.url, PROFILE), tmp_path / "none")
    assert (len(done.found), done.left, done.stays) == (2, [], [])
    assert not any("pool" in name for name in names(target))


def test_nobody_is_let_in_and_nothing_is_left(tmp_path: Path) -> None:
    with mock("airflow-1.10-deny-all") as url:
        target = target_at(url, "airflow-1.10-deny-all", journals=tmp_path)
        refused = [
            target.create("pool", role=None),
            target.create("dag_run", role=None, **DAG),
            target.call("dag_paused", role=None, params={**DAG, "paused": "true"}),
        ]
        assert {answer.status for answer in refused} == {403}
        assert (target.clean_up(), target.stays) == ([], [])
