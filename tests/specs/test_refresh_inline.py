from __future__ import annotations

from typing import Any

import pytest

from specs.refresh.inline import inline

OK = {"200": {"description": "P"}}


def inlined(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    path: dict[str, Any] = inline({"openapi": "3.0.3", "paths": {"/a": item}, **more})["paths"]["/a"]
    return path


def of(name: str, where: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": where, **more}


def test_a_plain_document_stays_as_it_is() -> None:
    document = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"responses": OK, "parameters": [of("b")]}}},
        "components": {"schemas": {"A": {}}, "securitySchemes": {"B": {}}},
    }
    assert inline(document) == document


@pytest.mark.parametrize(
    ("servers", "path"),
    [
        ({"servers": [{"url": "/api/v1", "description": "P"}]}, "/api/v1/a"),
        ({"servers": [{"url": "/api/v1/"}]}, "/api/v1/a"),
        ({"servers": [{"url": "/"}]}, "/a"),
        ({"servers": []}, "/a"),
        ({}, "/a"),
    ],
)
def test_paths_begin_at_the_root(servers: dict[str, Any], path: str) -> None:
    document = inline({"paths": {"/a": {}}, **servers})
    assert document == {"paths": {path: {}}}


def test_an_operation_has_the_parameters_of_its_path_and_its_own_win() -> None:
    item = {
        "parameters": [of("id", "path"), of("a"), of("b", schema=1)],
        "get": {"responses": OK, "parameters": [of("b", schema=2), of("c")]},
        "delete": {"responses": OK},
    }
    found = inlined(item)
    assert found.keys() == {"get", "delete"}
    assert found["get"]["parameters"] == [of("id", "path"), of("a"), of("b", schema=2), of("c")]
    assert found["delete"]["parameters"] == item["parameters"]


def test_references_are_followed_except_those_to_schemas() -> None:
    schema = {"$ref": "#/components/schemas/A"}
    item: dict[str, Any] = {
        "parameters": [{"$ref": "#/components/parameters/Id"}],
        "post": {
            "parameters": [{"$ref": "#/components/parameters/Alias"}],
            "requestBody": {"$ref": "#/components/requestBodies/B"},
            "responses": {"200": {"content": {"a/b": {"schema": schema}}}, "404": {"$ref": "#/components/responses/N"}},
        },
    }
    components = {
        "schemas": {"A": {}},
        "parameters": {
            "Id": of("id", "path"),
            "Limit": of("limit", schema=schema),
            "Alias": {"$ref": "#/components/parameters/Limit"},
        },
        "requestBodies": {"B": {"content": {"c/d": {"schema": schema}}}},
        "responses": {"N": {"description": "P"}},
        "headers": {},
    }
    found = inlined(item, components=components)["post"]
    assert found["parameters"] == [of("id", "path"), of("limit", schema=schema)]
    assert found["requestBody"] == {"content": {"c/d": {"schema": schema}}}
    assert found["responses"] == {"200": item["post"]["responses"]["200"], "404": {"description": "P"}}
    assert inline({"paths": {}, "components": components})["components"] == {"schemas": {"A": {}}}


def test_what_else_is_shared_stays_for_the_facts_to_refuse() -> None:
    document: dict[str, Any] = {"paths": {}, "components": {"headers": {"H": {}}}}
    assert inline(document) == document


@pytest.mark.parametrize(
    ("document", "operation", "expected"),
    [
        ([{"Basic": []}], {}, [{"Basic": []}]),
        ([{"Basic": []}], {"security": []}, []),
        ([], {}, None),
    ],
)
def test_security_of_the_document_is_that_of_its_operations(
    document: list[Any], operation: dict[str, Any], expected: list[Any] | None
) -> None:
    found = inlined({"get": {"responses": OK, **operation}}, security=document)
    assert found["get"].get("security") == expected
