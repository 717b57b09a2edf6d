"""The document that a target publishes: read where it is one, and one clear error where it is not."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from conformance import apis
from conformance.generation.document import drawable
from conformance.generation.drawing import Source
from conformance.generation.published import DocumentError, published
from specs.contract import Interface, load
from tests.conformance.samples import exchange
from tests.conformance.targets import mock, target_at

POOLS = {"get": {"operationId": "other", "responses": {"200": {"description": ""}, "default": {"description": ""}}}}


def serving(body: bytes, status: int | None = 200, api: str = "public-v2", version: str = "3.3") -> Any:
    """A target that answers every request so."""
    interface = load(api).cut(version)
    answer = exchange(status=status, body=body, error=None if status else "nothing listens")
    return SimpleNamespace(
        api=apis.of(interface), interface=interface, version=interface.version, call=lambda *_: answer
    )


def document(**parts: Any) -> bytes:
    whole = {"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {"/api/v2/pools": POOLS}}
    return json.dumps({**whole, **parts}).encode()


def test_what_the_contract_knows_has_its_names() -> None:
    found: Interface = published(serving(document()))
    assert list(found.operations) == ["get_pools"]
    assert list(found.operations["get_pools"].responses) == [200]


def test_yaml_is_read_and_paths_begin_at_the_root() -> None:
    paths = b"paths: {/pools: {get: {responses: {'200': {description: ok}}}}}"
    text = b"openapi: 3.0.3\nservers: [{url: /api/v1}]\n" + paths
    found = published(serving(text, api="stable-v1", version="2.11"))
    assert [each.path for each in found.operations.values()] == ["/api/v1/pools"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no paths"),
        (b"<html>", "no paths"),
        (b"{", "neither JSON nor YAML"),
        (b"\xff\xfe{", "no paths"),
        (b"a: [", "neither JSON nor YAML"),
        (b"[" * 5000, "neither JSON nor YAML"),
        (b'{"paths": []}', "no paths"),
        (b"a: &a [x]\nb: [*a, *a]\npaths: {}", "aliases"),
        (document(paths={}), "none of the operations"),
        (document(paths={"/api/v2/pools": []}), "no OpenAPI document"),
        (document(paths={"/api/v2/pools": {"get": {"responses": 5}}}), "no OpenAPI document"),
        (document(components={"schemas": {"A": {"$ref": "#/components/schemas/A"}}}), "leads to itself"),
        (document(components={"schemas": {"A": {"$ref": "#/components/schemas/B"}}}), "leads nowhere"),
        (document(components={"schemas": {"A": {"$ref": "http://127.0.0.1:9/x"}}}), "elsewhere"),
        (document(components=json.loads('{"a":' * 100 + "1" + "}" * 100)), "nested too deeply"),
    ],
)
def test_what_is_no_document_is_one_error(body: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        published(serving(body))


@pytest.mark.parametrize("status", [404, 500, None])
def test_where_there_is_none(status: int | None) -> None:
    with pytest.raises(DocumentError, match=r"GET /openapi\.json answered"):
        published(serving(b"", status))


def test_an_api_without_one() -> None:
    with pytest.raises(DocumentError, match="publishes no document"):
        published(serving(b"", api="experimental", version="1.10"))


def test_requests_are_drawn_from_that_of_the_mock() -> None:
    with mock() as url:
        target = target_at(url)
        found = published(target)
        assert found.operations.keys() <= target.interface.operations.keys()
        assert len(found.operations) > 100
        assert Source(drawable(found, target.interface), 1).requests(found.operations["get_pools"], 3)


def test_operations_that_share_a_parameter_keep_their_own_orders() -> None:
    shared = {"order": {"name": "order_by", "in": "query", "schema": {"type": "string"}}}
    listed = {"get": {"parameters": [{"$ref": "#/components/parameters/order"}], "responses": {"200": {}}}}
    paths = {"/api/v1/pools": listed, "/api/v1/connections": listed}
    target = serving(document(paths=paths, components={"parameters": shared}), api="stable-v1", version="2.11")
    drawn = drawable(published(target), target.interface)
    for name in ("get_pools", "get_connections"):
        operation = target.interface.operations[name]
        found = drawn["paths"][operation.path]["get"]["parameters"][0]["schema"]["enum"]
        assert set(found) == operation.orders
