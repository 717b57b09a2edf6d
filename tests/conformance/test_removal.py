from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conformance.exchange import Exchange, Request, Response
from conformance.journal import FAMILY, read
from conformance.kinds import kinds
from conformance.sweep import Swept, sweep
from conformance.target import Target
from tests.conformance.targets import mocked, target_at


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Target]:
    with mocked(journals=tmp_path) as made:
        yield made


def shown(target: Target) -> str:
    """Everything on the target in which a name of a run may stand."""
    asked = [target.request(kind.list, params={kind.within: "~"} if kind.within else {}, query={"limit": 100})
             for kind in kinds("public-v2").values() if kind.list and kind.delete]  # fmt: skip
    return " ".join(answer.response.text for answer in target.all(asked) if answer.response)


def fill(target: Target) -> None:
    """One of everything."""
    for kind in ("pool", "variable", "connection"):
        assert target.create(kind).status == 201
        target.create_many(kind, [target.new_name() for _ in range(3)])
    run = target.create("dag_run", dag_id="conformance_empty").json()["dag_run_id"]
    xcom = {"key": target.new_name(), "value": 1}
    path = {"dag_id": "conformance_empty", "dag_run_id": run, "task_id": "first"}
    assert target.call("create_xcom_entry", params=path, json=xcom).status == 201
    asset = target.fixture_asset("conformance_asset")
    assert target.create("asset_state", asset_id=asset, value=1).status == 204


def test_everything_is_removed(target: Target) -> None:
    fill(target)
    assert target.prefix in shown(target)
    assert target.journal.path
    assert target.journal.path.exists()
    assert target.clean_up() == []
    assert target.prefix not in shown(target)
    assert not target.journal.path.exists()


def test_nothing_else_is_removed(target: Target) -> None:
    before = target.call("get_pools").json(), target.call("get_connections", query={"limit": 100}).json()
    fill(target)
    target.clean_up()
    assert (target.call("get_pools").json(), target.call("get_connections", query={"limit": 100}).json()) == before


def test_fixture_dags_are_put_back(target: Target) -> None:
    def dag(name: str) -> dict[str, Any]:
        found: dict[str, Any] = target.call("get_dag_details", params={"dag_id": name}).json()
        return found

    names = ("conformance_empty", "conformance_python")
    before = [(dag(name)["is_paused"], dag(name)["is_favorite"]) for name in names]
    for name, (paused, _) in zip(names, before, strict=True):
        assert target.call("patch_dag", params={"dag_id": name}, json={"is_paused": not paused}).status == 200
        assert target.call("favorite_dag", params={"dag_id": name}).status == 204
    assert target.call("patch_dag", params={"dag_id": names[0]}, json={"is_paused": before[0][0]}).status == 200
    assert target.clean_up() == []
    assert [(dag(name)["is_paused"], dag(name)["is_favorite"]) for name in names] == before


def test_a_favorite_of_the_user_stays_one(target: Target) -> None:
    path = {"dag_id": "conformance_empty"}
    other = target_at(target.url)
    other.call("favorite_dag", params=path)
    assert target.call("favorite_dag", params=path).status == 409
    assert target.clean_up() == []
    assert target.call("get_dag_details", params=path).json()["is_favorite"]


def test_names_that_the_target_made_up_are_removed(target: Target) -> None:
    path = {"dag_id": "conformance_empty"}
    run = target.call("trigger_dag_run", params=path, json={"logical_date": None, "note": target.new_name()}).json()
    asset = target.fixture_asset("conformance_asset")
    made = target.call("materialize_asset", params={"asset_id": asset}, json={"note": target.new_name()}).json()
    body = {"dag_id": "conformance_cron", "from_date": "2025-01-01T00:00:00Z", "to_date": "2025-01-03T00:00:00Z"}
    conf = {"run": target.new_name()}
    backfill = target.call("create_backfill", json={**body, "dag_run_conf": conf})
    assert backfill.status == 200
    assert target.clean_up() == []
    for each in (run, made):
        ids = {"dag_id": each["dag_id"], "dag_run_id": each["dag_run_id"]}
        assert target.call("get_dag_run", params=ids).status == 404
    left = target.call("get_dag_runs", params={"dag_id": "conformance_cron"}).json()["dag_runs"]
    assert [each for each in left if each["run_type"] == "backfill"] == []
    seen = target.call("get_backfill", params={"backfill_id": backfill.json()["id"]}).json()
    assert seen["completed_at"]


@pytest.mark.parametrize("version", ["3.0", "3.1"])  # later ones can be told the id
def test_a_run_for_an_asset_is_removed(tmp_path: Path, version: str) -> None:
    with mocked(f"airflow={version}", journals=tmp_path) as target:
        asset = target.fixture_asset("conformance_asset")
        made = target.call("materialize_asset", params={"asset_id": asset}).json()
        assert target.clean_up() == []
        ids = {"dag_id": made["dag_id"], "dag_run_id": made["dag_run_id"]}
        assert target.call("get_dag_run", params=ids).status == 404


def test_default_connections_are_removed_but_for_those_that_were_there(target: Target) -> None:
    before = target.call("get_connections", query={"limit": 100}).json()
    assert target.call("create_default_connections").status == 204
    assert target.call("get_connections", query={"limit": 100}).json() != before
    assert target.clean_up() == []
    assert target.call("get_connections", query={"limit": 100}).json() == before


def test_what_a_check_has_deleted_is_not_asked_for_again(target: Target) -> None:
    name = target.new_name()
    target.create("pool", name=name)
    target.call("delete_pool", params={"pool_name": name})
    assert target.journal.open_entries() == []


def test_what_was_refused_is_not_removed(target: Target) -> None:
    for role, status in ((None, 401), ("viewer", 403)):
        assert target.create("pool", role=role).status == status
    assert target.create("pool", slots="x").status == 422
    assert target.journal.open_entries() == []


def faulty(target: Target, fault: Callable[[Request], Exchange | None]) -> None:
    """Put a fault before the target: what it returns is the answer."""
    real = target.transport._exchange

    def exchange(request: Request, octets: bytes) -> Exchange:
        return fault(request) or real(request, octets)

    target.transport._exchange = exchange  # type: ignore[method-assign]


def said(request: Request, status: int) -> Exchange:
    return Exchange(request, Response(status, "", (), b"{}", 0.0))


def test_what_stays_is_reported_and_kept_in_the_journal(target: Target) -> None:
    name = target.new_name()
    target.create("pool", name=name)
    faulty(target, lambda request: said(request, 204) if request.operation in ("delete_pool", "bulk_pools") else None)
    assert target.clean_up() == [f"pool {name} may still be there"]
    assert target.journal.path
    found = read(target.journal.path)
    assert found
    assert [str(entry) for entry in found.entries] == [f"pool {name}"]


def test_a_target_that_lies_about_creating_is_cleaned_nevertheless(target: Target) -> None:
    real = target.transport._exchange
    name = target.new_name()

    def lie(request: Request, octets: bytes) -> Exchange:
        answer = real(request, octets)
        return said(request, 422) if request.operation == "post_pool" else answer

    target.transport._exchange = lie  # type: ignore[method-assign]
    assert target.create("pool", name=name).status == 422
    assert target.journal.open_entries() == []
    assert target.clean_up() == []
    assert name not in shown(target)


def test_a_target_that_died_leaves_everything_in_the_journal(target: Target) -> None:
    fill(target)
    there = len(target.journal.open_entries())
    faulty(target, lambda request: Exchange(request, error="gone"))
    assert len(target.clean_up()) == there
    target.auth.forget_all()
    assert len(target.clean_up()) == there  # nobody can log in any more


def test_an_endless_list_is_not_believed(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.items._PAGES", 3)
    name = target.new_name()
    target.create("pool", name=name)
    endless = Response(200, "", (), b'{"pools": [{"name": "other"}], "total_entries": 9}', 0.0)
    faulty(target, lambda request: Exchange(request, endless) if request.operation == "get_pools" else None)
    before = target.sent
    assert target.clean_up() == []
    assert target.sent - before < 10


# ---- after a run that was killed ----


def swept(target: Target, journals: Path, **how: Any) -> Swept:
    return sweep(target_at(target.url), journals, **how)


def test_a_sweep_removes_what_a_killed_run_left(
    target: Target, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(target)
    target.call("patch_dag", params={"dag_id": "conformance_empty"}, json={"is_paused": False})
    target.call(
        "trigger_dag_run", params={"dag_id": "conformance_empty"}, json={"logical_date": None, "note": target.prefix}
    )
    monkeypatch.setattr("conformance.journal._alive", lambda _: False)
    listed = swept(target, tmp_path, dry_run=True)
    assert len(listed.found) == 16
    assert target.prefix in shown(target)
    done = swept(target, tmp_path)
    assert (sorted(done.found), done.left, done.running, done.unread) == (sorted(listed.found), [], [], [])
    assert FAMILY not in shown(target)
    assert list(tmp_path.iterdir()) == []
    assert target.call("get_dag", params={"dag_id": "conformance_empty"}).json()["is_paused"]


def test_a_sweep_finds_what_no_journal_has(target: Target, tmp_path: Path) -> None:
    fill(target)
    done = swept(target, tmp_path / "none")
    assert len(done.found) == 13
    assert FAMILY not in shown(target)


def test_a_sweep_leaves_a_run_alone_that_goes_on(target: Target, tmp_path: Path) -> None:
    fill(target)
    done = swept(target, tmp_path)
    assert (done.found, done.running) == ([], [target.prefix])
    assert target.prefix in shown(target)


def test_a_sweep_leaves_everything_else_alone(target: Target, tmp_path: Path) -> None:
    other = target_at(target.url)
    for name in ("conf_pool", "conf_0123abcd", "my_conf_0123abcd_1", "conf_0123abcg_1"):
        other.guard.prefix = name
        assert other.create("pool", name=name).status == 201
    assert swept(target, tmp_path).found == []
    assert "conf_0123abcg_1" in shown(target)


def test_what_an_event_of_an_asset_has_brought_about_is_removed(target: Target) -> None:
    assets = [target.fixture_asset(name) for name in ("conformance_half", "conformance_other_half")]
    extra = {"by": target.new_name()}
    for asset in assets:
        assert target.call("create_asset_event", json={"asset_id": asset, "extra": extra}).status == 200
    runs: list[dict[str, Any]] = []
    until = time.monotonic() + 30  # the mock takes its time with them
    while time.monotonic() < until and not (runs and runs[0]["state"] == "success"):
        runs = target.call("get_dag_runs", params={"dag_id": "conformance_halves"}).json()["dag_runs"]
    assert len(runs) == 1
    target.call("create_asset_event", json={"asset_id": assets[0], "extra": extra})
    assert target.clean_up() == []
    assert target.call("get_dag_runs", params={"dag_id": "conformance_halves"}).json()["dag_runs"] == []
    assert target.call("get_asset_queued_events", params={"asset_id": assets[0]}).json()["queued_events"] == []
    assert target.stays == [f"3 asset events (asset_id: {assets[0]}, {assets[1]})"]


def test_a_backfill_that_is_said_to_have_failed_is_stopped(target: Target) -> None:
    made: list[Any] = []

    def fail(exchange: Exchange) -> None:
        if exchange.request.operation == "create_backfill" and exchange.response:
            made.append(exchange.json()["id"])
            object.__setattr__(exchange.response, "status", 500)

    target.transport.after.insert(0, fail)
    dates = {"from_date": "2025-01-01T00:00:00Z", "to_date": "2025-01-03T00:00:00Z"}
    body = {"dag_id": "conformance_cron", "dag_run_conf": {"run": target.new_name()}, **dates}
    assert target.call("create_backfill", json=body).status == 500
    assert target.clean_up() == []
    assert target.call("get_backfill", params={"backfill_id": made[0]}).json()["completed_at"]
