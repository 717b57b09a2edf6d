"""An OpenAPI document with everything but its schemas where it is used."""

from __future__ import annotations

from typing import Any

_SHARED = "#/components/"
_INLINED = ("parameters", "responses", "requestBodies")
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


def inline(document: dict[str, Any]) -> dict[str, Any]:
    """Return an equal document in the plain form.

    Paths begin at the server's root; each operation has all its parameters, its responses and what security it needs;
    nothing but schemas and security schemes is shared.
    """
    root = _root(document)
    plain = {key: child for key, child in document.items() if key not in ("servers", "security")}
    plain["paths"] = {root + path: _path(item, document) for path, item in document.get("paths", {}).items()}
    if "components" in document:
        plain["components"] = {
            name: part for name, part in document["components"].items() if part and name not in _INLINED
        }
    return plain


def _root(document: dict[str, Any]) -> str:
    """The path that every path of the document is meant to follow."""
    servers = document.get("servers") or [{"url": "/"}]
    url: str = servers[0]["url"]
    return url.rstrip("/")


def _path(item: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    shared = item.get("parameters", [])
    return {
        key: _operation(child, shared, document) if key in _METHODS else child
        for key, child in item.items()
        if key != "parameters"
    }


def _operation(operation: dict[str, Any], shared: list[Any], document: dict[str, Any]) -> dict[str, Any]:
    plain = dict(operation)
    parameters = [_follow(one, document) for one in [*shared, *operation.get("parameters", [])]]
    if parameters:  # the operation's own replaces the path's of that name and place
        plain["parameters"] = list({(one.get("in"), one.get("name")): one for one in parameters}.values())
    if "requestBody" in operation:
        plain["requestBody"] = _follow(operation["requestBody"], document)
    if "responses" in operation:
        plain["responses"] = {status: _follow(one, document) for status, one in operation["responses"].items()}
    if document.get("security") and "security" not in operation:
        plain["security"] = document["security"]
    return plain


def _follow(node: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    while isinstance(reference := node.get("$ref"), str):
        kind, name = reference.removeprefix(_SHARED).split("/")
        node = document["components"][kind][name]
    return node
