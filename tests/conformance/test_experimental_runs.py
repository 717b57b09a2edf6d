from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from conformance.checks.experimental_api.runs import Runs, at, keys
from conformance.strategies.dates import plain
from conformance.target import Target
from tests.conformance.targets import mock, target_at

PROFILE = "airflow-1.10-open"


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with mock(PROFILE) as url:
        target = target_at(url, PROFILE)
        yield target
        target.close()


@pytest.fixture
def runs(target: Target) -> Runs:
    return Runs(target)


def test_all_of_them_are_created(runs: Runs) -> None:
    assert all(made.done and made.tried.new == (made.key,) for made in runs.every())
    assert {made.dag_id for made in runs.every()} == {runs.dag, runs.other_dag, "conformance_empty"}


def test_the_last_to_be_created_is_not_the_latest(runs: Runs) -> None:
    of_one_dag = [made for made in runs.every() if made.dag_id == runs.dag]
    assert [each.moment for each in of_one_dag] == sorted((each.moment for each in of_one_dag), reverse=True)


def test_the_latest_alone_has_microseconds(runs: Runs) -> None:
    assert [made for made in runs.every() if made.moment.microsecond] == [runs.late]


def test_each_is_found_at_its_date(runs: Runs) -> None:
    for made in runs.every():
        assert made.key in keys(runs.listed(made.dag_id))
        assert at(runs.target, made.dag_id, plain(made.moment)).status == 200


def test_what_is_refused_is_not_new(runs: Runs) -> None:
    tried = runs.trigger(runs.dag, json=runs.new(execution_date="none"))
    assert tried.answer.status == 400
    assert tried.new == ()


def test_what_another_run_of_the_suite_creates_does_not_count(target: Target, runs: Runs) -> None:
    other = target_at(target.url, PROFILE)
    runs.trigger(runs.dag, json=runs.new())
    date = datetime(2026, 1, 1, tzinfo=UTC)
    body = {"run_id": other.new_name("run"), "execution_date": plain(date)}
    assert other.call("trigger_dag", params={"dag_id": runs.dag}, json=body).status == 200
    tried = runs.trigger(runs.dag, json=runs.new(execution_date="none"))
    assert date in [moment for _, moment in keys(tried.after)]
    assert tried.new == ()
