from __future__ import annotations

import json
from typing import Any, cast

import pytest

from conformance import apis
from conformance.collections import batches, few, find, whole
from conformance.content import DAG, Content
from conformance.exchange import Exchange, Request, Response
from conformance.filling import FillError
from conformance.kinds import kinds
from conformance.target import Target
from conformance.views import available, views
from profiles import Profile, load
from specs import contract
from specs.contract import Interface


class Recorder:
    """Stands for a target: notes what is called and answers that it was done."""

    def __init__(self, profile: Profile, prefix: str = "conf_1_", status: int | None = None) -> None:
        self.profile, self.prefix, self.status = profile, prefix, status
        self.api = apis.of(profile.interface)
        self.kinds = kinds(self.api.name)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.names = 0

    def new_name(self, hint: str) -> str:
        self.names += 1
        return f"{self.prefix}{hint}_{self.names}"

    def request(self, operation: str, **arguments: Any) -> Any:
        return operation, arguments

    def all(self, requests: Any) -> list[Exchange]:
        return [self.call(operation, **arguments) for operation, arguments in requests]

    def call(self, operation: str, **arguments: Any) -> Exchange:
        self.calls.append((operation, arguments))
        body: dict[str, Any] = {"assets": [{"id": 7}]}
        if operation.startswith("bulk_"):
            body = {"create": {"success": arguments["json"]["actions"][0]["entities"]}}
        status = self.status or {"create_xcom_entry": 201}.get(operation, 200)
        return Exchange(Request("POST", "/x"), Response(status, "", (), json.dumps(body).encode(), 0.0))


def filled(
    limit: int = 5, *, deep: bool = False, without: str = "", status: int | None = None, name: str = "airflow-3"
) -> tuple[Content, Recorder]:
    profile = load(name)
    recorder = Recorder(profile.without(without) if without else profile, status=status)
    return Content(cast("Target", recorder), limit, deep=deep), recorder


def interface() -> Interface:
    return contract.load().cut(load("airflow-3").airflow)


def test_collections_are_filled_beyond_the_limit_once() -> None:
    content, recorder = filled(5)
    pools = find(interface(), "get_pools")
    view, again = whole(pools, content), whole(pools, content)
    assert view == again
    assert view.exact
    assert view.least == 12 > 5
    [(operation, arguments)] = recorder.calls
    assert operation == "bulk_pools"
    assert {(each["name"],) for each in arguments["json"]["actions"][0]["entities"]} == view.keys
    assert view.query == {"pool_name_pattern": "conf_1_pools_1_"}


def test_few_are_what_their_query_finds() -> None:
    content, _ = filled(50)
    for name in ("get_pools", "get_variables", "get_connections"):
        view = few(find(interface(), name), content)
        [pattern] = view.query.values()
        assert view.least == 10
        assert {key for key in whole(find(interface(), name), content).keys if pattern in key[0]} == view.keys


def test_without_bulk_operations_few_collections_go_beyond_a_large_limit() -> None:
    content, recorder = filled(100, name="airflow-2-chain")
    there = load("airflow-2-chain").interface
    variables, pools = (whole(find(there, name), content) for name in ("get_variables", "get_pools"))
    assert (variables.least, pools.least) == (107, 12)
    assert not variables.private
    assert [operation for operation, _ in recorder.calls] == ["post_variables"] * 107 + ["post_pool"] * 12
    assert len({arguments["json"]["key"] for operation, arguments in recorder.calls[:107]}) == 107


@pytest.mark.parametrize(("name", "count"), [("airflow-3", 2), ("airflow-2-chain", 2)])
def test_batches_are_narrowed_by_their_bodies(name: str, count: int) -> None:
    content, _ = filled(5, name=name)
    found = [whole(each, content) for each in batches(load(name).interface)]
    assert len(found) == count
    for view in found:
        assert view.private
        assert view.query["dag_ids"] == [DAG]
        assert view.least in (12, 24)


def test_names_differ_in_length_and_keep_their_order() -> None:
    content, _ = filled(50)
    names = content.names("variables")
    assert names == sorted(names)
    assert len({len(name) for name in names}) == 3


@pytest.mark.parametrize(
    ("limit", "deep", "bulk", "single"), [(200, False, 207, 207), (201, False, 12, 12), (500, True, 507, 12)]
)
def test_large_limits_are_not_reached_one_by_one(limit: int, deep: bool, bulk: int, single: int) -> None:
    content, _ = filled(limit, deep=deep)
    assert (len(content.names("pools")), len(content.names("runs"))) == (bulk, single)


def test_runs_have_dates_within_their_period() -> None:
    content, recorder = filled(5)
    view = whole(find(interface(), "get_task_instances"), content)
    assert view.least == 24
    dates = [arguments["json"]["logical_date"] for _, arguments in recorder.calls]
    assert all(arguments["params"] == {"dag_id": DAG} for _, arguments in recorder.calls)
    assert len(set(dates)) == 12
    assert dates == sorted(dates)
    assert view.query["logical_date_gte"] == dates[0] < dates[-1] < view.query["logical_date_lte"] < "2038"
    narrow = few(find(interface(), "get_dag_runs"), content)
    assert (
        sum(narrow.query["logical_date_gte"] <= date <= narrow.query["logical_date_lte"] for date in dates)
        == narrow.least
    )


def test_events_are_counted() -> None:
    content, _ = filled(5)
    view = whole(find(interface(), "get_event_logs"), content)
    assert (view.count, view.least, view.private, view.exact) == (12, 12, True, False)


@pytest.mark.parametrize(("without", "word"), [("writes", "pools"), ("writes", "runs"), ("fixture-dags", "runs")])
def test_what_may_not_be_written_is_not(without: str, word: str) -> None:
    content, recorder = filled(without=without)
    for _ in range(2):
        with pytest.raises(FillError):
            content[word]
    assert recorder.calls == []


def test_refused_filling_says_what_came() -> None:
    content, recorder = filled(status=403)
    with pytest.raises(FillError, match="it answered 403"):
        content["runs"]
    with pytest.raises(FillError):
        content["run"]
    assert len(recorder.calls) == 1


def test_what_cannot_be_filled_is_taken_as_it_is() -> None:
    content, _ = filled(without="writes")
    both = [find(interface(), name) for name in ("get_pools", "get_xcom_entries")]
    assert views(content, both) == []
    [pools] = available(content, both)
    assert (str(pools), pools.query, pools.private) == ("get_pools", {}, False)


def test_fixtures_are_known_without_writing() -> None:
    content, recorder = filled(without="writes")
    view = whole(find(interface(), "get_dags"), content)
    assert ("conformance_page_099",) in view.keys
    assert view.least > 100
    assert not view.private
    assert recorder.calls == []
    assert whole(find(interface(), "get_dags"), filled(without="fixture-dags")[0]).keys == frozenset()
