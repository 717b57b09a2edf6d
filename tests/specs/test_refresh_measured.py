from __future__ import annotations

from typing import Any

import pytest

from specs.contract import load
from specs.refresh import measured, read


def facts(operation: str = "get_users", parameter: str = "order_by") -> dict[str, Any]:
    one = {
        "operationId": operation,
        "parameters": [{"name": parameter, "in": "query"}, {"name": "limit", "in": "query"}],
    }
    return {"paths": {"/a": {"get": one}}}


def orders(version: str, **more: str) -> Any:
    found = measured.add("stable-v1", version, facts(**more))
    return found["paths"]["/a"]["get"]["parameters"][0].get("x-order-by")


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.2", ["email", "first_name", "id", "last_name", "user_id"]),
        ("2.11", ["+email", "+first_name", "+id", "+last_name"]),
    ],
)
def test_orders_are_those_of_the_version(version: str, expected: list[str]) -> None:
    assert orders(version) == expected


@pytest.mark.parametrize(
    ("version", "more"),
    [
        ("2.5", {"operation": "get_dags"}),  # read and not followed there
        ("2.11", {"operation": "get_health"}),
        ("2.11", {"parameter": "order"}),
    ],
)
def test_where_nothing_was_measured_nothing_is_said(version: str, more: dict[str, str]) -> None:
    assert orders(version, **more) is None


def test_facts_of_the_whole_api() -> None:
    assert measured.heads("stable-v1") == {"x-open": ["get_health", "get_version"], "x-typed-routes": True}
    assert measured.heads("public-v2") == {}
    assert measured.add("public-v2", "3.3", facts()) == facts()


def test_reading_a_document_adds_what_was_measured() -> None:
    paths = {"/pools": {"get": {"operationId": "get_pools", "summary": "P", "parameters": [], "responses": {}}}}
    document = {"openapi": "3.0.3", "info": {"version": "1"}, "servers": [{"url": "/api/v1"}], "paths": paths}
    assert read("stable-v1", "2.11", document, ["/api/v2"])["paths"] == {}
    assert read("stable-v1", "2.11", document) == {
        "openapi": "3.0.3",
        "info": {"version": "1"},
        "paths": {"/api/v1/pools": {"get": {"operationId": "get_pools", "parameters": [], "responses": {}}}},
        "x-open": ["get_health", "get_version"],
        "x-typed-routes": True,
    }


def test_every_name_that_was_measured_is_one_of_the_contract() -> None:
    contract = load("stable-v1")
    operations = {name for version in contract.versions for name in contract.cut(version).operations}
    known = {one.id for version in contract.versions for one in contract.cut(version).operations.values() if one.orders}
    assert set(measured.orders("stable-v1")) == known
    assert set(measured.heads("stable-v1")["x-open"]) <= operations
