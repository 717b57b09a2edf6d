"""A request in parts, which a generated value replaces one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from conformance.exchange import Request
from conformance.generation.drawing import Drawn
from conformance.generation.readings import shown
from conformance.generation.wrong import Wrong, put
from conformance.strategies.harmless import Harmless
from conformance.target import UNSET, Target
from specs.contract import Operation

#: Headers that a request sets by itself.
_OWN = frozenset({"authorization", "content-type"})


@dataclass(frozen=True)
class Ask:
    """What is to be sent to an operation, in parts."""

    operation: Operation
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    body: Any = UNSET

    @classmethod
    def harmless(cls, harmless: Harmless, operation: Operation, path: Mapping[str, Any] | None = None) -> Ask:
        """What nothing comes of; `path` has other values for the braces of the path."""
        values = {**harmless.path(operation), **(path or {})}
        body = harmless.body(operation) if operation.body is not None else UNSET
        return cls(operation, values, harmless.query(operation), harmless.headers(operation), body)

    def request(self, target: Target) -> Request:
        """The request, as an admin sends it."""
        how = {} if self.body is UNSET else {"json": self.body}
        if self.operation.id in target.api.data("generated").get("ending", ()):
            how["token"] = target.token(fresh=True)
        return target.request(
            self.operation.id, params=self.path, query=self.query, headers=tuple(self.headers.items()), **how
        )

    def with_value(self, wrong: Wrong, value: Any) -> Ask:
        """The same with one value in the place of another."""
        if wrong.where == "body":
            return replace(self, body=put(self.body, wrong.place, value))
        name = str(wrong.place[0])
        if wrong.where == "path":
            return replace(self, path={**self.path, name: shown(value)})
        rest = {key: each for key, each in self.query.items() if key != name}
        return replace(self, query=rest if value is UNSET else {**rest, name: shown(value)})

    def with_drawn(self, drawn: Drawn, members: Mapping[str, Any]) -> Ask:
        """The same with all that was drawn but the path; `members` has the schemas of those of the body, if known."""
        query = {**drawn.query, **self.query}
        headers = {name: value for name, value in drawn.headers.items() if name.lower() not in _OWN}
        body = drawn.body if self.body is not UNSET else UNSET
        if isinstance(self.body, dict) and isinstance(body, dict):
            body = {**self.body, **{k: v for k, v in body.items() if _writable(members, k)}}
        return replace(self, query=query, headers={**headers, **self.headers}, body=body)


def _writable(members: Mapping[str, Any], name: str) -> bool:
    """Whether a body may have a member of that name; where none are named, any."""
    return not members or (name in members and not members[name].get("readOnly"))
