from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from conformance.checks.experimental_api.answers import content, moment, record, records
from conformance.exchange import Exchange, Request, Response


def answered(body: object, status: int = 200) -> Exchange:
    octets = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(Request("GET", "/"), Response(status, "", (), octets, 0.0))


@pytest.mark.parametrize(
    "exchange", [answered(b"<html>"), answered([1], 404), Exchange(Request("GET", "/"), None, "no")]
)
def test_what_holds_nothing(exchange: Exchange) -> None:
    assert content(exchange) is None
    assert record(exchange) == {}
    assert records(exchange) == []
    assert records(exchange, "items") == []


def test_what_answers_hold() -> None:
    assert record(answered({"a": 1})) == {"a": 1}
    assert record(answered([{"a": 1}])) == {}
    assert records(answered([{"a": 1}, None, 2])) == [{"a": 1}]
    assert records(answered({"items": [{"a": 1}]}), "items") == [{"a": 1}]
    assert records(answered({"items": {"a": 1}}), "items") == []


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-01T01:02:03",
        "2025-03-01T01:02:03Z",
        "2025-03-01 01:02:03+00:00",
        "2025-03-01T06:32:03+05:30",
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    assert moment(text) == datetime(2025, 3, 1, 1, 2, 3, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 5, "", "yesterday", {"year": 2025}])
def test_what_is_no_date_is_no_moment(value: object) -> None:
    assert moment(value) is None
