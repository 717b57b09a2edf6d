from __future__ import annotations

import pytest

from conformance.checks.every_api.refusals import common as asked
from conformance.checks.every_api.refusals import gives_away, guarded, sampled, tried
from conformance.target import Target
from specs.contract import Operation
from tests.conformance.samples import exchange
from tests.conformance.targets import mock, target_at

HERE = "http://localhost:1"


def operations(target: Target) -> list[Operation]:
    return list(target.interface.operations.values())


def names(found: list[Operation]) -> list[str]:
    return [one.id for one in found]


def test_what_the_document_does_not_name_is_guarded_as_well() -> None:
    found = names(guarded(target_at(HERE, "airflow-1.10-open"), operations(target_at(HERE, "airflow-1.10-open"))))
    assert {"delete_dag", "get_dag_code", "dag_is_paused", "trigger_dag"} <= set(found)


def test_a_get_that_writes_is_left_out_where_nothing_may_be_written() -> None:
    target = target_at(HERE, "airflow-1.10-open", read_only=True)
    found = names(guarded(target, operations(target)))
    assert "dag_is_paused" in found
    assert not {"dag_paused", "create_pool", "trigger_dag", "delete_dag"} & set(found)


@pytest.mark.parametrize("profile", ["airflow-1.10-open", "airflow-2-basic", "airflow-3"])
def test_few_stand_for_all(profile: str) -> None:
    target = target_at(HERE, profile)
    every = operations(target)
    assert set(names(tried(target, every, "standard"))) == set(target.api.tried)
    assert len(tried(target, every, "smoke")) == 2
    assert tried(target, every, "deep") == every
    others = [one for one in every if one.id not in target.api.tried]
    assert tried(target, others, "smoke") == others[:2]


def test_smoke_samples_each_method_of_each_resource_once() -> None:
    every = operations(target_at(HERE, "airflow-1.10-open"))
    found = [(one.method, one.path.rpartition("/")[2]) for one in sampled(every, "smoke")]
    assert len(found) < len(every) == len(sampled(every, "standard"))
    assert {("GET", "pools"), ("POST", "pools")} <= set(found)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b'[{"pool": "default_pool"}]', "a list"),
        (b'{"items": []}', "items"),
        (b'{"is_paused": true}', "is_paused"),
        (b'{"total_entries": 1}', "total_entries"),
        (b'{"detail": null, "status": 401, "title": "Unauthorized", "type": "x"}', ""),
        (b'{"error": "no"}', ""),
        (b"Unauthorized", ""),
    ],
)
def test_a_refusal_that_gives_something_away(body: bytes, found: str) -> None:
    assert gives_away(exchange(status=401, body=body)) == found


def test_what_is_common_is_asked_by_nobody_unless_somebody_is_named() -> None:
    with mock("airflow-1.10-password") as url:
        target = target_at(url, "airflow-1.10-password")
        assert asked(target).status == 401
        assert asked(target, role="op").status == 200
        target.close()
