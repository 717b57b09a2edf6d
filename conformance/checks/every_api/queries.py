"""Queries that the contract has for an operation, a parameter at a time, with a value that it allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from conformance.strategies.minimal import minimal, properties
from specs.contract import Interface, Operation, Parameter


class Extra(NamedTuple):
    """A parameter that may go along, and its value."""

    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


def optional(interface: Interface, operation: Operation, word: str) -> Iterator[Extra]:
    """Every parameter of the query that may be left out, with one value; `word` is what texts are."""
    for parameter in operation.parameters:
        if parameter.where == "query" and not parameter.required:
            yield Extra(parameter.name, _value(interface, operation, parameter, word))


def _value(interface: Interface, operation: Operation, parameter: Parameter, word: str) -> Any:
    """What may be asked for: an order that there is, a field that the body has, else something of the type."""
    if parameter.name == "order_by" and operation.orders:
        return min(operation.orders)
    if parameter.name == "update_mask":
        return next(iter(properties(interface, operation.body or {})), word)
    return _plain(interface, parameter.schema, word)


def _plain(interface: Interface, schema: dict[str, Any], word: str) -> Any:
    """The least value of a type that is not null; 1 for a number, so that it is in every range."""
    schema = interface.resolve(schema)
    kinds = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    if kinds:
        return _plain(interface, kinds[0], word)
    if schema.get("type") == "array":
        return _plain(interface, schema.get("items", {}), word)
    if "enum" in schema or "format" in schema:
        return minimal(interface, {key: value for key, value in schema.items() if key != "default"})
    if schema.get("type") in ("integer", "number"):
        return 1
    return True if schema.get("type") == "boolean" else word
