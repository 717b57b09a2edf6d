"""What the contract of a version gives to be asked by itself, of every operation.

With path values that there are not, so that nothing changes: without credentials, as the least role, with methods that
a path does not have, with bodies that are missing, no JSON, of another type, or have members of other types. With
values that there are, for what only reads: plainly, with limits, offsets, orders, with query values of other types, and
with media types that are not offered.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

from specs.contract import Interface, Operation, Parameter
from tests.twins.script import JSON, METHODS, Step

_TEMPLATED = re.compile(r"\{(\w+)\}")
#: type of JSON Schema -> what is not of that type, in a query and in a body
WRONG_WORDS = {
    "integer": ["x", "-1", "1.5"],
    "number": ["x"],
    "boolean": ["maybe"],
    "date-time": ["soon"],
    "enum": ["x"],
}
WRONG_VALUES: dict[str, Any] = {
    "string": 7,
    "integer": "x",
    "number": "x",
    "boolean": "maybe",
    "array": "x",
    "object": "x",
}
PAGES: list[dict[str, Any]] = [{"limit": 0}, {"limit": 2}, {"limit": 1, "offset": 1}, {"limit": 2, "offset": 100000}]


class Probes:
    """The probes of one version's interface; `script` says which path values there are."""

    def __init__(self, interface: Interface, script: Mapping[str, Any]) -> None:
        self.interface, self.script = interface, script
        skipped = set(script.get("not_probed", ()))
        self.operations = [one for one in interface.operations.values() if one.id not in skipped]

    def steps(self) -> list[Step]:
        """All of them."""
        found: list[Step] = []
        for operation in self.operations:
            found += self._refused(operation)
            found += self._bodies(operation)
            if operation.method == "GET" and operation.id not in self.script.get("not_read", ()):
                found += self._reads(operation)
                found += self._queries(operation)
                found += self._pages(operation)
        return found + list(self._methods())

    def _refused(self, operation: Operation) -> Iterator[Step]:
        away, body = self._path(operation, "unknown"), self._least(operation)
        yield Step(f"{operation.id}: without credentials", operation.method, away, "nobody", *body)
        if least := self.script.get("least_role"):
            yield Step(f"{operation.id}: as the least role", operation.method, away, least, *body)
        if away != operation.path:
            yield Step(f"{operation.id}: of nothing", operation.method, away, "admin", *body)

    def _bodies(self, operation: Operation) -> Iterator[Step]:
        if not operation.body_media:
            return
        away, name = self._path(operation, "unknown"), operation.id
        bodies: dict[str, Any] = {"an array": [], "empty": {}, "a number": 1, "null": None, "one more": {"one_more": 1}}
        properties = self.interface.properties(operation.body or {})
        bodies["other types"] = {one: self._other(schema) for one, schema in properties.items()}
        bodies["null members"] = dict.fromkeys(properties)
        for what, value in bodies.items():
            yield Step(f"{name}: body {what}", operation.method, away, headers=JSON, body=json.dumps(value))
        yield Step(f"{name}: no body", operation.method, away)
        yield Step(f"{name}: no body, a media type", operation.method, away, headers=JSON)
        yield Step(f"{name}: body cut off", operation.method, away, headers=JSON, body='{"a": ')
        for media in ("text/plain", "application/x-www-form-urlencoded"):
            headers = (("Content-Type", media),)
            yield Step(f"{name}: body as {media}", operation.method, away, headers=headers, body="{}")

    def _reads(self, operation: Operation) -> Iterator[Step]:
        there = self._path(operation, "known") + ("?limit=3" if operation.paged else "")
        yield Step(f"{operation.id}: read", "GET", there)
        for role in self.script.get("reading_roles", ()):
            yield Step(f"{operation.id}: read", "GET", there, role)
        yield Step(f"{operation.id}: read as text", "GET", there, headers=(("Accept", "text/plain"),))

    def _queries(self, operation: Operation) -> Iterator[Step]:
        """One query value of each type that is not of that type, then all of them at once."""
        there, wrong, kinds = self._path(operation, "known"), {}, set()
        for parameter in operation.parameters:
            kind = self._kind(parameter) if parameter.where == "query" else ""
            if kind in WRONG_WORDS:
                wrong[parameter.name] = WRONG_WORDS[kind][0]
                if kind not in kinds:
                    kinds.add(kind)
                    for word in WRONG_WORDS[kind]:
                        query = f"{parameter.name}={quote(word)}"
                        yield Step(f"{operation.id}: {query}", "GET", f"{there}?{query}")
        if len(wrong) > 1:
            yield Step(f"{operation.id}: no query value is good", "GET", f"{there}?{urlencode(wrong)}")

    def _pages(self, operation: Operation) -> Iterator[Step]:
        if not operation.paged:
            return
        queries = [*PAGES, {"limit": 2, "order_by": "no_such_attribute"}]
        orders = [one for one in operation.order_by if one not in self.script.get("not_ordered_by", ())]
        for order in orders[:2]:
            queries += [{"limit": 2, "order_by": order}, {"limit": 2, "order_by": f"-{order}"}]
        for query in queries:
            words = urlencode(query)
            yield Step(f"{operation.id}: {words}", "GET", f"{self._path(operation, 'known')}?{words}")

    def _methods(self) -> Iterator[Step]:
        """Of the methods that a path does not have: HEAD, OPTIONS, and one or (where there is little else) all."""
        paths: dict[str, list[Operation]] = {}
        for operation in self.operations:
            paths.setdefault(operation.path, []).append(operation)
        for path, operations in paths.items():
            there = {one.method for one in operations}
            others = [method for method in METHODS if method not in there]
            some = others if self.script.get("all_methods") else [*others[:1], *others[-2:]]
            for method in dict.fromkeys(some):
                yield Step(f"{path}: {method}", method, self._path(operations[0], "unknown"))

    def _path(self, operation: Operation, which: str) -> str:
        values = self.script[which]
        own = values.get("of", {}).get(operation.id, {})

        def value(match: re.Match[str]) -> str:
            parameter = operation.parameter(match[1], "path")
            number = parameter is not None and "integer" in self._types(parameter.schema)
            found = own.get(match[1], values.get(match[1], values["number" if number else "text"]))
            return found if str(found).startswith("<") else quote(str(found), safe="~:")

        return _TEMPLATED.sub(value, operation.path)

    def _least(self, operation: Operation) -> tuple[tuple[tuple[str, str], ...], str | None]:
        """Headers and body of a request that is well-formed: what the script has, or the required members."""
        if not operation.body_media:
            return (), None
        bodies = self.script.get("bodies", {})
        if operation.id in bodies:
            return JSON, json.dumps(bodies[operation.id])
        schema = self.interface.resolve(operation.body or {})
        properties = self.interface.properties(operation.body or {})
        return JSON, json.dumps({name: self._plain(properties.get(name, {})) for name in schema.get("required", ())})

    def _plain(self, schema: dict[str, Any]) -> Any:
        found = self.interface.resolve(schema)
        if "enum" in found:
            return found["enum"][0]
        if found.get("format") == "date-time":
            return "2024-01-01T00:00:00Z"
        plain: dict[str, Any] = {"string": "x", "integer": 1, "number": 1, "boolean": True, "array": [], "object": {}}
        return next((plain[one] for one in self._types(found) if one in plain), None)

    def _other(self, schema: dict[str, Any]) -> Any:
        found = self._types(schema)
        return next((WRONG_VALUES[one] for one in found if one in WRONG_VALUES), {"other": 1})

    def _kind(self, parameter: Parameter) -> str:
        parts = self._parts(parameter.schema)
        parts += [self.interface.resolve(part["items"]) for part in parts if "items" in part]
        for part in parts:
            for kind in ("enum" if "enum" in part else "", part.get("format", ""), part.get("type", "")):
                if kind in WRONG_WORDS:
                    return str(kind)
        return ""

    def _types(self, schema: dict[str, Any]) -> list[str]:
        return [str(part.get("type", "")) for part in self._parts(schema)]

    def _parts(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        found = self.interface.resolve(schema)
        parts = [*found.get("anyOf", ()), *found.get("oneOf", ()), *found.get("allOf", ())]
        return [found, *(self.interface.resolve(part) for part in parts)]
