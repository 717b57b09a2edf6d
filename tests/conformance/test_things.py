from __future__ import annotations

import json

from conformance.checks.every_api.things import Thing, kinds
from conformance.strategies.headers import NOTHING
from tests.conformance.targets import target_at


def test_a_thing_is_the_same_in_each_request_about_it() -> None:
    target = target_at("http://localhost:1", "airflow-1.10-open")
    run, other = Thing(target, "dag_run"), Thing(target, "dag_run")
    assert run.place == {"dag_id": "conformance_empty", "execution_date": run.place["execution_date"]}
    assert run.place != other.place
    (request,) = run.writes(NOTHING)
    body = json.loads(request.body or b"")
    assert (body["run_id"], body["execution_date"]) != (run.own, run.place["execution_date"])
    assert body["run_id"] == run.new
    assert target.guard.owns("execution_date", body["execution_date"])


def test_what_is_paused_is_a_dag_of_this_process() -> None:
    target = target_at("http://localhost:1", "airflow-1.10-open")
    pause = Thing(target, "pause")
    assert pause.place == {"dag_id": target.spare_dag()}
    (request,) = pause.writes(NOTHING)
    assert request.target == f"/api/experimental/dags/{target.spare_dag()}/paused/false"


def test_runs_and_dags_are_things_only_where_the_fixtures_are() -> None:
    assert kinds(target_at("http://localhost:1", "airflow-1.10-open")) == ["pool", "dag_run", "pause"]
    without = target_at("http://localhost:1", "airflow-1.10-open", without=["fixture-dags"])
    assert kinds(without) == ["pool"]
