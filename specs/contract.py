"""The interface of one API, for the versions of Airflow that have it.

A contract file is OpenAPI as JSON text (which is YAML too), with marks that say which minor versions have what. A mark
narrows what the element around it has; both ends belong to a range, and no mark means: as long as what is around it.

* `x-since`, `x-until` in an object: the object (an operation, parameter, property, status, schema, ...) is there from
  that version on, up to that version.
* `x-required-versions`, `x-enum-versions`, `x-order-by-versions` beside the list of that name: item -> range.
* `x-versions` in an object: a list of ranges, each with the keys and values that the object has in that range.
* A list all of whose items are out of range is not there at all.

`x-auth-managers` holds the token routes of each auth manager, `x-covers` the versions, `x-sources` the packages read.
`x-order-by` at a parameter lists the attributes that a collection can be ordered by; "+id" means rising only, "-id"
falling only. `x-open` lists the operations that need no authentication, where the documents do not say it of each.
`x-undocumented` marks an operation that the server has and its document does not name.
`x-typed-routes` is true where the server decodes a path before it finds its route: there an integer parameter takes
digits only, and one of the format path takes slashes, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from specs.versions import Version, within

SINCE, UNTIL, ALTERNATIVES = "x-since", "x-until", "x-versions"
NAMED_ITEMS = {name.removeprefix("x-"): f"x-{name.removeprefix('x-')}-versions" for name in ("required", "enum")}
NAMED_ITEMS["x-order-by"] = "x-order-by-versions"

_MARKS = frozenset({SINCE, UNTIL, ALTERNATIVES, *NAMED_ITEMS.values(), "x-auth-managers", "x-covers", "x-sources"})
_SCHEMA = "#/components/schemas/"
_INTEGER, _ANY, _SLASHES = "/integer", "/any", "/slashes"  # kinds of templated segments: no segment has such a name


class ContractError(ValueError):
    """A contract has no such version, auth manager or file."""


@dataclass(frozen=True)
class Parameter:
    """A path, query or header parameter; `schema` is JSON Schema."""

    name: str
    where: str
    required: bool
    schema: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Operation:
    """One operation of one version.

    `open`: needs no authentication. Schemas are JSON Schema with references into the interface's document;
    `body` and `responses` (status -> schema) are those of application/json, None where there is none. `media` has the
    documented media types by status, `success` the documented 2xx and 3xx. `paged`: takes limit and offset.
    `order_by` has the attributes offered for ordering both ways; where the contract lists none, the default. `orders`
    has every value that may be asked for ("id", "-id"), none where the server does not follow it. `items` names the
    array in a collection's answer. `documented`: whether the document names the operation.
    """

    id: str
    method: str
    path: str
    open: bool
    parameters: tuple[Parameter, ...] = field(repr=False)
    body: dict[str, Any] | None = field(repr=False)
    body_required: bool
    body_media: tuple[str, ...]
    responses: dict[int, dict[str, Any] | None] = field(repr=False)
    media: dict[int, tuple[str, ...]] = field(repr=False)
    success: tuple[int, ...]
    paged: bool
    order_by: tuple[str, ...]
    orders: frozenset[str]
    items: str | None
    documented: bool = True

    def parameter(self, name: str, where: str = "query") -> Parameter | None:
        """Return the parameter of that name and place, if the operation has it."""
        return next((one for one in self.parameters if (one.name, one.where) == (name, where)), None)


class Interface:
    """A contract cut to one version and one auth manager."""

    def __init__(self, document: dict[str, Any], version: Version, auth_manager: str) -> None:
        self.document = document
        self.version = version
        self.auth_manager = auth_manager

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation by its operationId, in the document's order."""
        return {
            operation["operationId"]: self._operation(method.upper(), path, operation)
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
        }

    def find(self, method: str, path: str) -> Operation | None:
        """Return the operation that a request's path (percent-encoded, as sent; a query is ignored) belongs to.

        A fixed segment goes before a templated one, unless the fixed path lacks the method. Case counts.
        """
        sent = path.partition("?")[0]
        return _walk(self._routes, (unquote(sent) if self._typed else sent).split("/"), method.upper())

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Follow the schema's reference, if it is one, by one level."""
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found: dict[str, Any] = self.document["components"]["schemas"][reference.removeprefix(_SCHEMA)]
        return found

    @cached_property
    def _routes(self) -> dict[str, Any]:
        root: dict[str, Any] = {}
        for operation in self.operations.values():
            node = root
            for segment in operation.path.split("/"):
                node = node.setdefault(self._kind(segment, operation) if segment.startswith("{") else segment, {})
            node.setdefault("/", {})[operation.method] = operation
        return root

    @cached_property
    def _typed(self) -> bool:
        return bool(self.document.get("x-typed-routes"))

    def _kind(self, segment: str, operation: Operation) -> str:
        parameter = operation.parameter(segment.strip("{}"), "path") if self._typed else None
        schema = parameter.schema if parameter else {}
        return _INTEGER if schema.get("type") == "integer" else _SLASHES if schema.get("format") == "path" else _ANY

    def _operation(self, method: str, path: str, operation: dict[str, Any]) -> Operation:
        parameters = operation.get("parameters", ())
        body = operation.get("requestBody", {})
        contents = {int(status): one.get("content", {}) for status, one in operation["responses"].items()}
        responses = {status: _json(content) for status, content in contents.items()}
        query = {one["name"]: one for one in parameters if one["in"] == "query"}
        offered = _offered(query.get("order_by", {}))
        return Operation(
            id=operation["operationId"],
            method=method,
            path=path,
            open=operation["operationId"] in self.document.get("x-open", ()) or not self._secured(operation),
            parameters=tuple(Parameter(p["name"], p["in"], p.get("required", False), p["schema"]) for p in parameters),
            body=_json(body.get("content", {})),
            body_required=body.get("required", False),
            body_media=tuple(body.get("content", ())),
            responses=responses,
            media={status: tuple(content) for status, content in contents.items()},
            success=tuple(sorted(status for status in contents if 200 <= status < 400)),
            paged=query.keys() >= {"limit", "offset"},
            order_by=tuple(name for name in offered if name[0] not in "+-"),
            orders=frozenset(chain.from_iterable(map(_directions, offered))),
            items=self._items(responses.get(200)),
            documented=not operation.get("x-undocumented", False),
        )

    def _secured(self, operation: dict[str, Any]) -> bool:
        return bool(operation.get("security")) or "x-open" in self.document

    def _items(self, schema: dict[str, Any] | None) -> str | None:
        properties = self.properties(schema or {})
        arrays = [name for name, one in properties.items() if one.get("type") == "array"]
        return arrays[0] if len(arrays) == 1 and "total_entries" in properties else None

    def properties(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The properties that a schema has of its own and from each part of an allOf."""
        found = self.resolve(schema)
        parts = (self.properties(part) for part in found.get("allOf", ()))
        return dict(chain.from_iterable(part.items() for part in (*parts, found.get("properties", {}))))


class Contract:
    """One API in every version that its file covers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.versions = tuple(Version.parse(text) for text in document["x-covers"])
        self.auth_managers = tuple(document["x-auth-managers"])
        self._interfaces: dict[tuple[Version, str], Interface] = {}

    def cut(self, version: Version | str, auth_manager: str | None = None) -> Interface:
        """Return the interface of one version; ContractError when the contract does not cover it.

        Without an auth manager it is the one that the API has first.
        """
        auth_manager = auth_manager or self.auth_managers[0]
        here = Version.parse(version) if isinstance(version, str) else version
        if here not in self.versions:
            raise ContractError(f"the contract covers Airflow {', '.join(map(str, self.versions))}; not {here}")
        if auth_manager not in self.auth_managers:
            raise ContractError(f"the contract knows {', '.join(self.auth_managers)}; no auth manager {auth_manager}")
        if (here, auth_manager) not in self._interfaces:
            api, tokens = cut(self.document, here), cut(self.document["x-auth-managers"][auth_manager], here)
            self._interfaces[here, auth_manager] = Interface(_complete(_join(api, tokens)), here, auth_manager)
        return self._interfaces[here, auth_manager]


@cache
def load(api: str = "public-v2") -> Contract:
    """Read the contract of an API; ContractError when there is none of that name."""
    directory = Path(__file__).parent / "openapi"
    try:
        text = (directory / f"{api}.yaml").read_text(encoding="utf-8")
    except FileNotFoundError:
        there = ", ".join(sorted(file.stem for file in directory.glob("*.yaml")))
        raise ContractError(f"there is no contract {api!r}; there is {there}") from None
    return Contract(parse(text))


def parse(text: str) -> dict[str, Any]:
    """Read a contract file's text, YAML or its JSON subset: that one is read in milliseconds."""
    if text.startswith("{"):
        document: dict[str, Any] = json.loads(text)
    else:
        import yaml  # costs more than all the rest of this module

        document = yaml.load(text, yaml.CSafeLoader)
    return document


def cut(node: dict[str, Any], version: Version) -> dict[str, Any]:
    """Return what an object with marks is in one version, without the marks."""
    plain: dict[str, Any] = {}
    for key, child in node.items():
        if key in _MARKS:
            continue
        if isinstance(child, dict):
            if _there(child, version):
                plain[key] = cut(child, version)
        elif isinstance(child, list):
            items = list(_items(child, node.get(NAMED_ITEMS.get(key, ""), {}), version))
            if items or not child:
                plain[key] = items
        else:
            plain[key] = child
    for values in node.get(ALTERNATIVES, ()):
        if _there(values, version):
            plain.update(cut(values, version))
    return plain


def _items(items: list[Any], ranges: Mapping[str, Any], version: Version) -> Iterator[Any]:
    for item in items:
        if isinstance(item, dict):
            if _there(item, version):
                yield cut(item, version)
        elif not ranges or item not in ranges or _there(ranges[item], version):
            yield item


def _there(marked: Mapping[str, Any], version: Version) -> bool:
    return within(version, marked.get(SINCE), marked.get(UNTIL))


def _join(api: dict[str, Any], tokens: dict[str, Any]) -> dict[str, Any]:
    """One document out of two; the schemas of the token routes get names of their own, and so does a doubled id."""
    ids = {operation["operationId"] for item in api["paths"].values() for operation in item.values()}
    tokens = _renamed(tokens)
    for operation in (operation for item in tokens["paths"].values() for operation in item.values()):
        if operation["operationId"] in ids:
            operation["operationId"] = f"auth_{operation['operationId']}"
    own = {f"Auth{name}": schema for name, schema in tokens["components"]["schemas"].items()}
    components = {**api["components"], "schemas": api["components"]["schemas"] | own}
    return {**api, "paths": api["paths"] | tokens["paths"], "components": components}


def _renamed(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: child.replace(_SCHEMA, f"{_SCHEMA}Auth") if key == "$ref" else _renamed(child)
            for key, child in node.items()
        }
    return [_renamed(item) for item in node] if isinstance(node, list) else node


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    """Add the texts without which a document is no valid OpenAPI."""
    document["info"] = {"title": "Airflow REST API", **document["info"]}
    for item in document["paths"].values():
        for operation in item.values():
            for response in operation["responses"].values():
                response["description"] = ""
    return document


def _json(content: Mapping[str, Any]) -> dict[str, Any] | None:
    return content["application/json"].get("schema") if "application/json" in content else None


def _offered(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    """The attributes offered; where no list is given, the default at least is one."""
    if "x-order-by" in parameter:
        return tuple(parameter["x-order-by"])
    default = parameter.get("schema", {}).get("default", ())
    return (default,) if isinstance(default, str) else tuple(default)


def _directions(order: str) -> tuple[str, ...]:
    """The values of order_by that one entry of `x-order-by` stands for."""
    return (order.removeprefix("+"),) if order[0] in "+-" else (order, f"-{order}")


def _walk(node: Mapping[str, Any], segments: list[str], method: str) -> Operation | None:
    if not segments:
        found: Operation | None = node.get("/", {}).get(method)
        return found
    first, rest = segments[0], segments[1:]
    branches = [(first, rest)]
    if first:
        digits = [(_INTEGER, rest)] if first.isdecimal() else []
        branches += [*digits, (_ANY, rest), (_SLASHES, [])]
    return next((found for name, left in branches if name in node and (found := _walk(node[name], left, method))), None)
