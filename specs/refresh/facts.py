"""Interface facts of an OpenAPI document, without its prose and in one normal order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from specs.refresh.inline import inline

PROSE = frozenset({"title", "description", "summary", "tags", "example", "examples", "externalDocs"})

# What is a fact, per kind of object: key -> how its value is read. "fact" is taken as it is, "name*" is a map from
# names to objects of that kind, "name[]" a list of them whose order says nothing, "name()" a list whose order counts,
# "text" a text that has to be there but is prose, "prose" is left out. A key that is neither here nor prose is refused:
# a new Airflow may state facts that nobody has looked at yet.
_KINDS: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "fact",
        "info": "info",
        "paths": "path*",
        "components": "components",
        "x-open": "fact",
        "x-typed-routes": "fact",
    },
    "info": {"version": "fact", "license": "prose", "contact": "prose"},
    "path": dict.fromkeys(("get", "put", "post", "delete", "options", "head", "patch", "trace"), "operation"),
    "operation": {
        "operationId": "fact",
        "deprecated": "fact",
        "security": "fact[]",
        "parameters": "parameter[]",
        "requestBody": "body",
        "responses": "response*",
        "x-openapi-router-controller": "prose",
    },
    "parameter": {
        "name": "fact",
        "in": "fact",
        "required": "fact",
        "deprecated": "fact",
        "style": "fact",
        "explode": "fact",
        "schema": "schema",
        "x-order-by": "fact[]",
    },
    "body": {"required": "fact", "content": "media*"},
    "response": {"content": "media*"},
    "media": {"schema": "schema"},
    "components": {"schemas": "schema*", "securitySchemes": "scheme*"},
    "scheme": {
        **dict.fromkeys(("type", "scheme", "bearerFormat", "in", "name", "openIdConnectUrl"), "fact"),
        "flows": "flow*",
    },
    "flow": {**dict.fromkeys(("tokenUrl", "authorizationUrl", "refreshUrl"), "fact"), "scopes": "text*"},
    "schema": {
        **dict.fromkeys(("$ref", "type", "format", "default", "const", "pattern", "deprecated"), "fact"),
        **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "fact"),
        **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "uniqueItems"), "fact"),
        **dict.fromkeys(("minProperties", "maxProperties", "nullable", "readOnly", "writeOnly"), "fact"),
        **dict.fromkeys(("contentMediaType", "contentEncoding", "discriminator"), "fact"),
        **dict.fromkeys(("required", "enum"), "fact[]"),
        **dict.fromkeys(("anyOf", "oneOf", "allOf"), "schema[]"),
        "prefixItems": "schema()",
        "properties": "schema*",
        "patternProperties": "schema*",
        **dict.fromkeys(("items", "additionalProperties", "propertyNames", "not"), "schema"),
    },
}
_ORDER_BY = re.compile(r"Supported attributes: `([^`]*)`")
_REF = "#/components/schemas/"


class UnknownKeyError(ValueError):
    """A document has a key that is neither a known fact nor known prose."""


def normalise(document: dict[str, Any], paths: Sequence[str] | None = None) -> dict[str, Any]:
    """Return the facts of an OpenAPI document; raise UnknownKeyError for a key of which nobody has said what it is.

    What it shares is written where it is used, schemas excepted. With `paths`, only the paths that begin with one of
    them are kept, and only the components that these need.
    """
    facts: dict[str, Any] = _read("document", inline(document), "document")
    return facts if paths is None else _part(facts, tuple(paths))


def identity(keyword: str, item: Any) -> str:
    """Name an item of an order-insensitive list: the same item in another version has the same name."""
    if isinstance(item, dict):
        if keyword == "parameters":
            return f"{item.get('in')} {item.get('name')}"
        if keyword in ("anyOf", "oneOf", "allOf"):
            return str(item.get("$ref") or f"{item.get('type')} {item.get('format', '')}")
    return canonical(item)


def canonical(value: Any) -> str:
    """Return the JSON text of a value with sorted keys: equal for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def in_order(keyword: str, items: list[Any]) -> list[Any]:
    """Sort an order-insensitive list."""
    return sorted(items, key=lambda item: (identity(keyword, item), canonical(item)))


def _read(kind: str, value: Any, where: str, keyword: str = "") -> Any:
    if isinstance(value, list) and kind.endswith(("[]", "()")):
        items = [_read(kind[:-2], item, where) for item in value]
        return in_order(keyword, items) if kind.endswith("[]") else items
    if not isinstance(value, dict) or kind == "fact":
        return "" if kind == "text" else value
    if kind.endswith("*"):
        return {name: _read(kind[:-1], child, f"{where}.{name}") for name, child in value.items()}
    return _read_object(kind, value, where)


def _read_object(kind: str, value: dict[str, Any], where: str) -> dict[str, Any]:
    known = dict.fromkeys(PROSE, "prose") | _KINDS[kind]
    if unknown := [key for key in value if key not in known]:
        raise UnknownKeyError(f"{where}: {kind} has {', '.join(unknown)}; add it to the facts or to the prose")
    kept = {key: child for key, child in value.items() if known[key] != "prose"}
    facts = {key: _read(known[key], child, f"{where}.{key}", key) for key, child in kept.items()}
    if kind == "parameter" and (names := _ORDER_BY.search(value.get("description", ""))):
        facts["x-order-by"] = sorted({name.strip() for name in names[1].split(",")})
    return facts


def _part(facts: dict[str, Any], prefixes: tuple[str, ...]) -> dict[str, Any]:
    paths = {path: item for path, item in facts["paths"].items() if path.startswith(prefixes)}
    components = facts.get("components", {})
    schemas, schemes = components.get("schemas", {}), components.get("securitySchemes", {})
    needed = _reachable(paths, schemas)
    guards = {name for item in paths.values() for op in item.values() for one in op.get("security", ()) for name in one}
    kept = {
        "schemas": {name: schema for name, schema in schemas.items() if name in needed},
        "securitySchemes": {name: scheme for name, scheme in schemes.items() if name in guards},
    }
    return {**facts, "paths": paths, "components": {name: part for name, part in kept.items() if part}}


def _reachable(node: Any, schemas: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = list(_references(node))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(schemas.get(name))
    return found


def _references(node: Any) -> Iterator[str]:
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _references(child)
    if isinstance(node, dict) and isinstance(reference := node.get("$ref"), str):
        yield reference.removeprefix(_REF)
