from __future__ import annotations

import json
from dataclasses import replace

from conformance import commands, stories
from conformance.catalogue import checks
from conformance.options import Options
from conformance.run import STORIES, Run
from specs import requirements
from tests.conformance.samples import BASE, exchange


def prepared() -> Run:
    return Run.prepare(Options(BASE, "airflow-3", seed=1))


def asked(run: Run, limit: int) -> None:
    one = exchange(target=f"/api/v2/pools?limit={limit}")
    run.coverage.note(replace(one, request=replace(one.request, operation="get_pools")))


def test_what_a_worker_knows_comes_to_the_controller() -> None:
    worker, controller = prepared(), prepared()
    worker.book.narrowed = frozenset({"get_pools", "get_dags"})
    asked(worker, 1)
    asked(controller, -1)
    controller.merge(json.loads(json.dumps(worker.to_merge())))
    assert sorted(controller.book.narrowed) == ["get_dags", "get_pools"]
    assert [operation.id for operation in controller.operations()] == ["get_dags", "get_pools"]
    assert [entry.id for entry in controller.book.entries()] == ["get_dags", "get_pools"]
    (pools,) = (each for each in controller.coverage.sent() if each.requests)
    assert pools.parts["query limit"]["minimum"] == {"valid": 1, "invalid": 1}


def test_the_ledger_knows_which_stories_reach_an_operation() -> None:
    run = prepared()
    ways = run.book.ledger.ways("get_pool")
    told = {f"{STORIES}[{story.name}]" for story in stories.told(run.interface, "public-v2")}
    assert ways
    assert {way.check for way in ways} <= told
    assert all("writes" in way.needs for way in ways)


def test_the_check_that_tells_the_stories_has_the_name_that_the_ledger_knows() -> None:
    assert STORIES in {check.name for check in checks()}


def test_explain_says_what_the_ledger_decides() -> None:
    requirement = requirements.find("PUB-API-001")
    told = {
        decided: "\n".join(commands._requirement_story(replace(requirement, by_ledger=decided), ()))
        for decided in (True, False)
    }
    assert "Decided by the ledger" in told[True]
    assert "Decided by the ledger" not in told[False]
