from __future__ import annotations

import pytest

from conformance.filling import FillError
from conformance.varied import EMPTY, INSTANCES, MAPPED, PLANS, XCOMS
from tests.conformance.test_content import filled


@pytest.mark.parametrize(("name", "end"), [("airflow-3", "patch_dag_run"), ("airflow-2-chain", "update_dag_run_state")])
def test_runs_are_in_various_states(name: str, end: str) -> None:
    content, recorder = filled(name=name)
    known = content.known("varied_runs")
    assert known.exact
    assert len(known.keys) == len(PLANS)
    ended = [arguments["json"]["state"] for operation, arguments in recorder.calls if operation == end]
    assert ended == [plan.state for plan in PLANS if plan.state]
    assert {plan.dag for plan in PLANS} == {EMPTY, MAPPED}
    assert {None, "success", "failed"} == {plan.state for plan in PLANS if plan.dag == EMPTY}


def test_runs_have_dates_within_their_period_beside_those_of_all_runs() -> None:
    content, recorder = filled()
    assert content["until"] < content["varied_since"] < content["varied_until"] < "2038"
    content["varied"]
    dates = [
        arguments["json"]["logical_date"] for _, arguments in recorder.calls if "logical_date" in arguments["json"]
    ]
    assert content["varied_since"] < min(dates)
    assert max(dates) < content["varied_until"]


@pytest.mark.parametrize(("name", "mapped"), [("airflow-3", 3), ("airflow-2-chain", 3), ("airflow-2.2-basic", 1)])
def test_instances_of_the_runs(name: str, mapped: int) -> None:
    content, _ = filled(name=name)
    of_dags = [sum(plan.dag == dag for plan in PLANS) for dag in (EMPTY, MAPPED)]
    wanted = of_dags[0] * len(INSTANCES[EMPTY]) + of_dags[1] * mapped
    assert content.known("varied_dated_instances").count == wanted == len(content.known("varied_instances").keys)


def test_xcoms_are_of_several_tasks() -> None:
    content, _ = filled()
    known = content.known("varied_xcoms")
    assert known.exact
    assert len(known.keys) == len(XCOMS)
    assert len({(run, task) for _, run, task, *_ in known.keys}) > 2


def test_named_dags_are_those_that_the_version_has() -> None:
    known = {name: filled(name=name)[0].known("named_dags").keys for name in ("airflow-3", "airflow-2-chain")}
    assert ("conformance_hitl",) in known["airflow-3"]
    assert ("conformance_hitl",) not in known["airflow-2-chain"]
    assert ("conformance_page_000",) not in known["airflow-3"]


@pytest.mark.parametrize("word", ["varied", "varied_xcoms", "varied_updates", "asked", "task_states"])
def test_what_may_not_be_written_is_not(word: str) -> None:
    content, recorder = filled(without="writes")
    with pytest.raises(FillError):
        content[word]
    assert recorder.calls == []
