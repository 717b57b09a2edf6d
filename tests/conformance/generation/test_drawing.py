"""What schemathesis draws for the suite."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from conformance.generation.document import drawable
from conformance.generation.drawing import Source
from conformance.generation.readings import Doubt
from specs.contract import Interface, load


@pytest.fixture(scope="module", params=[("public-v2", "3.3"), ("stable-v1", "2.11"), ("experimental", "1.10")])
def interface(request: pytest.FixtureRequest) -> Interface:
    api, version = request.param
    return load(api).cut(version)


def test_the_same_seed_draws_the_same(interface: Interface) -> None:
    operation = next(one for one in interface.operations.values() if one.body)
    first, again, other = (Source(drawable(interface), seed).requests(operation, 5) for seed in (1, 1, 2))
    assert first == again != other
    assert len(first) == 5


def test_threads_draw_the_same_as_one(interface: Interface) -> None:
    operations = list(interface.operations.values())[:4]
    source, drawn = Source(drawable(interface), 1), {}

    def draw(one: Any) -> None:
        drawn[one.id] = source.requests(one, 2)

    threads = [threading.Thread(target=draw, args=(one,)) for one in operations]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = Source(drawable(interface), 1)
    assert drawn == {one.id: alone.requests(one, 2) for one in operations}


def test_values_are_right_or_wrong_as_said(interface: Interface) -> None:
    source, doubt = Source(interface.document, 1), Doubt({})
    for schema in (
        {"type": "integer", "minimum": 3},
        {"type": "string", "maxLength": 4},
        {"type": ["boolean", "null"]},
    ):
        assert all(doubt.right(schema, value) for value in source.right(schema, 8))
        assert not all(doubt.right(schema, value) for value in source.wrong(schema, 8))


def test_no_credentials_and_nothing_that_databases_do_not_take(interface: Interface) -> None:
    source = Source(drawable(interface), 3)
    for operation in list(interface.operations.values())[:12]:
        for drawn in source.requests(operation, 3):
            assert "Authorization" not in drawn.headers
            assert "\\u0000" not in json.dumps([drawn.query, repr(drawn.body)])


def test_nothing_is_left_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    interface = load().cut("3.3")
    Source(drawable(interface), 1).requests(interface.operations["get_pools"], 2)
    assert list(tmp_path.iterdir()) == []


def test_orders_are_those_that_are_offered() -> None:
    interface = load().cut("3.3")
    operation = interface.operations["get_pools"]
    drawn = Source(drawable(interface), 1).requests(operation, 20)
    orders = [each for one in drawn for each in one.query.get("order_by", ())]
    assert orders
    assert set(orders) <= operation.orders
