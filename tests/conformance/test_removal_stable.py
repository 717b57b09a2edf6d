"""What is removed from an Airflow 2; what holds for every API is in test_removal.py."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.sweep import sweep
from conformance.target import Target
from tests.conformance.targets import mock, target_at

PROFILE = "airflow-2-chain"
KINDS = ("pool", "variable", "connection", "user", "role")
LISTS = {"get_pools": {}, "get_variables": {}, "get_connections": {}, "get_users": {}, "get_roles": {},
         "get_dag_runs": {"dag_id": "~"}}  # fmt: skip


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    with mock(PROFILE) as url:
        made = target_at(url, PROFILE, journals=tmp_path)
        yield made
        made.close()


def shown(target: Target) -> str:
    """Everything on the target in which a name of a run may stand."""
    asked = [target.request(name, params=params, query={"limit": 100}) for name, params in LISTS.items()]
    answers = target.all(asked)
    assert {answer.status for answer in answers} == {200}
    lines = [line for answer in answers if answer.response for line in answer.response.text.splitlines()]
    return "\n".join(line for line in lines if '"login_count"' not in line and '"last_login"' not in line)


def fill(target: Target) -> list[str]:
    """One of everything, and runs: of a name of the run's own, and of one that the target made up."""
    for kind in KINDS:
        assert target.create(kind).status == 200
    target.create_many("pool", [target.new_name() for _ in range(3)])
    body = {"note": target.new_name()}
    answers = [
        target.create("dag_run", dag_id="conformance_empty"),
        target.call("post_dag_run", params={"dag_id": "conformance_empty"}, json=body),
    ]
    runs = [str(answer.json()["dag_run_id"]) for answer in answers]
    assert runs[1].startswith("manual__")
    return runs


def test_everything_is_removed_and_nothing_else(target: Target) -> None:
    before = shown(target)
    runs = fill(target)
    dag = {"dag_id": "conformance_empty"}
    was = target.call("get_dag", params=dag).json()["is_paused"]
    assert target.call("patch_dag", params=dag, json={"is_paused": not was}).status == 200
    assert target.prefix in shown(target)
    assert target.clean_up() == []
    assert shown(target) == before
    assert target.call("get_dag", params=dag).json()["is_paused"] == was
    assert [target.call("get_dag_run", params={**dag, "dag_run_id": run}).status for run in runs] == [404, 404]
    assert target.journal.path
    assert not target.journal.path.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_refused_is_not_removed(target: Target, kind: str) -> None:
    assert target.create(kind, role=None).status == 401
    assert target.create(kind, role="viewer").status == 403
    assert target.journal.open_entries() == []


def test_a_sweep_removes_what_a_killed_run_left(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shown(target)
    fill(target)
    monkeypatch.setattr("conformance.journal._alive", lambda _: False)
    listed = sweep(target_at(target.url, PROFILE), tmp_path, dry_run=True)
    assert len(listed.found) == len(KINDS) + 3 + 2
    done = sweep(target_at(target.url, PROFILE), tmp_path)
    assert (sorted(done.found), done.left, done.running, done.unread) == (sorted(listed.found), [], [], [])
    assert shown(target) == before


def test_a_sweep_finds_what_no_journal_has(target: Target, tmp_path: Path) -> None:
    fill(target)
    done = sweep(target_at(target.url, PROFILE), tmp_path / "none")
    assert len(done.found) == len(KINDS) + 3 + 1
    assert target.prefix not in shown(target).replace(f'"note": "{target.prefix}', "")


def test_what_a_dry_run_shows_stays(target: Target, tmp_path: Path) -> None:
    fill(target)
    there = shown(target)
    sweep(target_at(target.url, PROFILE), tmp_path / "none", dry_run=True)
    assert shown(target) == there


def test_what_an_event_of_a_dataset_has_brought_about_is_removed(target: Target) -> None:
    uris = ["s3://conformance/half", "s3://conformance/other_half"]
    for uri in uris:
        assert target.call("create_dataset_event", json={"dataset_uri": uri}).status == 200
    runs: list[object] = []
    until = time.monotonic() + 30  # the mock takes its time with them
    while time.monotonic() < until and not runs:
        runs = target.call("get_dag_runs", params={"dag_id": "conformance_halves"}).json()["dag_runs"]
    assert len(runs) == 1
    target.call("create_dataset_event", json={"dataset_uri": uris[0]})
    assert target.clean_up() == []
    assert target.call("get_dag_runs", params={"dag_id": "conformance_halves"}).json()["dag_runs"] == []
    assert target.call("get_dataset_queued_events", params={"uri": uris[0]}).status == 404
    assert target.stays == [f"3 dataset events (dataset_uri: {', '.join(uris)})"]
