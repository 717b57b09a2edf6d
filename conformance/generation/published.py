"""The document that a target publishes of its own interface, however strange: fetched, read, and cut to what the suite
knows of the API.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from conformance.target import Target
from specs.contract import Interface
from specs.refresh.inline import inline

_LOCAL = "#/components/"
#: So deep may a document be.
_DEEPEST = 60


class DocumentError(Exception):
    """The document cannot be used. One sentence that says why."""


def published(target: Target) -> Interface:
    """The interface as the target's own document has it, under the names of the contract. DocumentError."""
    path = target.api.document
    if not path:
        raise DocumentError(f"the {target.api.title} publishes no document of its own")
    answer = target.call("GET", path)
    if answer.status != 200 or answer.response is None:
        raise DocumentError(f"GET {path} answered {answer.error or answer.status}: there is no document to go by")
    try:
        document = inline(_read(answer.response.text))
        return Interface(_named(document, target.interface), target.version, target.interface.auth_manager)
    except DocumentError as error:
        raise DocumentError(f"the document at {path} cannot be used: {error}") from None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise DocumentError(f"the document at {path} is no OpenAPI document: {type(error).__name__}") from None


def _read(text: str) -> dict[str, Any]:
    """The document as JSON types; DocumentError for what is none, for aliases, loops and references to elsewhere."""
    try:
        if not text.lstrip().startswith("{") and any(isinstance(one, yaml.AliasEvent) for one in _events(text)):
            raise DocumentError("it has aliases, which can make a small text endless")
        document = json.loads(text) if text.lstrip().startswith("{") else yaml.load(text, yaml.CSafeLoader)
    except (ValueError, RecursionError, yaml.YAMLError):
        raise DocumentError("it is neither JSON nor YAML") from None
    if not isinstance(document, dict) or not isinstance(document.get("paths"), dict):
        raise DocumentError("it has no paths")
    for reference in _references(document, 0):
        _follow(document, reference)
    return document


def _events(text: str) -> Iterator[Any]:
    found: Iterator[Any] = yaml.parse(text, yaml.CSafeLoader)
    return found


def _references(node: Any, depth: int) -> Iterator[str]:
    """Every reference in a document; DocumentError where it is too deep."""
    if depth > _DEEPEST:
        raise DocumentError("it is nested too deeply")
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for child in node.values():
            yield from _references(child, depth + 1)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child, depth + 1)


def _follow(document: Mapping[str, Any], reference: str) -> None:
    """DocumentError for a reference that leads nowhere, elsewhere, or to itself."""
    passed: set[str] = set()
    while True:
        if reference in passed or not reference.startswith(_LOCAL):
            raise DocumentError(f"its reference {reference[:80]!r} leads to itself or elsewhere")
        passed.add(reference)
        node: Any = document.get("components", {})
        for name in reference.removeprefix(_LOCAL).split("/"):
            if not isinstance(node, dict) or name not in node:
                raise DocumentError(f"its reference {reference[:80]!r} leads nowhere")
            node = node[name]
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
            return
        reference = node["$ref"]


def _named(document: dict[str, Any], known: Interface) -> dict[str, Any]:
    """The document with those operations that the contract has, under the contract's names for them."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in known.operations.values():
        one = document["paths"].get(operation.path, {}).get(operation.method.lower())
        if one is not None:
            responses = {status: each for status, each in one["responses"].items() if str(status).isdigit()}
            paths.setdefault(operation.path, {})[operation.method.lower()] = {
                **one,
                "operationId": operation.id,
                "responses": responses,
            }
    if not paths:
        raise DocumentError("it has none of the operations that the version has")
    components = {"schemas": document.get("components", {}).get("schemas", {})}
    return {
        "openapi": document["openapi"],
        "info": {"title": "target", "version": "1"},
        "paths": paths,
        "components": components,
    }
