"""A contract as schemathesis is to draw from it: without what the suite says by itself, within what servers hold."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from conformance import apis
from specs.contract import Interface

#: Numbers are drawn that every database can hold; what is beyond is a matter of its own.
_LEAST, _MOST = -(2**31), 2**31 - 1
#: What is drawn from these alone: some versions cannot show a connection again whose extra is anything but an object.
_SURE = {"extra": {"type": "string", "enum": ["{}", '{"a": [1, null]}']}}
#: A path is filled by the suite.
_FILLED = {"type": "string", "enum": ["x"]}


def drawable(interface: Interface, known: Interface | None = None) -> dict[str, Any]:
    """The interface's document: no credentials, paths that need no drawing, and the values that generated.yaml has.

    `known`: the contract, where the interface is another document's, for the orders that are offered.
    """
    values = {**apis.of(interface).data("generated")["values"], **_SURE}
    document = copy.deepcopy(interface.document)
    document["components"] = {"schemas": document["components"].get("schemas", {})}
    for operation in interface.operations.values():
        orders = (known or interface).operations[operation.id].orders
        one = document["paths"][operation.path][operation.method.lower()]
        one.pop("security", None)
        one["parameters"] = [_parameter(each, orders, values) for each in one.get("parameters", ())]
    for schema in _schemas(document):
        for name, member in schema.get("properties", {}).items():
            schema["properties"][name] = _narrowed(name, member, values)
    return document


def _parameter(parameter: Mapping[str, Any], orders: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter as it is to be drawn; operations may share the one that they have."""
    name, schema = parameter["name"], parameter["schema"]
    if parameter["in"] == "path":
        return {**parameter, "schema": _FILLED}
    ordered = name == "order_by" and orders
    return {**parameter, "schema": _ordered(schema, sorted(orders)) if ordered else _narrowed(name, schema, values)}


def _ordered(schema: Mapping[str, Any], orders: list[str]) -> dict[str, Any]:
    """One order that the contract offers, alone or in a list."""
    one = {"type": "string", "enum": orders}
    return {"type": "array", "items": one, "maxItems": 1} if schema.get("type") == "array" else one


def _narrowed(name: str, schema: Mapping[str, Any], values: Mapping[str, Any]) -> Mapping[str, Any]:
    if name in values:
        known = {"type": "array", "items": values[name], "minItems": 1} if _listed(schema) else values[name]
        return {"anyOf": [known, _bounded(schema)]} if name not in _SURE else known if _texts(schema) else schema
    return _bounded(schema)


def _texts(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "string" or any(_texts(each) for each in schema.get("anyOf", ()))


def _listed(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "array" or any(_listed(each) for each in schema.get("anyOf", ()))


def _bounded(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same with numbers that every database can hold."""
    if "anyOf" in schema:
        return {**schema, "anyOf": [_bounded(each) for each in schema["anyOf"]]}
    if schema.get("type") in ("integer", "number") and "enum" not in schema:
        return {"minimum": _LEAST, "maximum": _MOST, **schema}
    return schema


def _schemas(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema of an object, however deep."""
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield node
        for child in node.values():
            yield from _schemas(child)
    elif isinstance(node, list):
        for child in node:
            yield from _schemas(child)
