"""Asks the target about the things of one kind: each request as the kind's declaration has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.checks.stateful.resource import Change, Resource
from conformance.exchange import Exchange, NotJson, Request
from conformance.items import PAGE
from conformance.target import Target

#: A list that does not end after so many pages is not believed.
_PAGES = 60


def record(exchange: Exchange) -> Any:
    """The JSON of an answer; None where there is none."""
    try:
        return exchange.json() if exchange.response else None
    except NotJson:
        return None


class Client:
    """Asks about one kind in one place; `place` has the values of the path parameters of what it belongs to."""

    def __init__(self, target: Target, resource: Resource, place: Mapping[str, str]) -> None:
        self.target = target
        self.resource = resource
        self.place = place

    def success(self, operation: str, exchange: Exchange) -> bool:
        """Whether an answer has a success status that the contract has for the operation."""
        return exchange.status in self.target.interface.operations[operation].success

    def body(self, name: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """A body that creates one."""
        kind = self.resource.kind
        named = kind.body(name, self.target.new_date() if "{date}" in str(kind.fields) else "")
        return {key: value for key, value in (named | dict(said)).items() if key}

    def create(self, name: str, said: Mapping[str, Any]) -> Exchange:
        """Create one."""
        return self.target.send(self.creation(name, said))

    def creation(self, name: str, said: Mapping[str, Any]) -> Request:
        """The request that creates one."""
        kind = self.resource.kind
        params = dict(self.place) if kind.field else self._params(name)
        return self.target.request(kind.create, params=params, json=self.body(name, said))

    def get(self, name: str) -> Exchange:
        """Ask for one."""
        return self.target.call(self.resource.kind.get, params=self._params(name))

    def delete(self, name: str) -> Exchange:
        """Ask that one be deleted."""
        return self.target.call(self.resource.kind.delete, params=self._params(name))

    def change(
        self, change: Change, name: str, said: Mapping[str, Any], mask: Sequence[str] | None, new_name: str
    ) -> Exchange:
        """Ask that one be changed; `new_name` is its own unless it is to get another."""
        kind = self.resource.kind
        named = {kind.field: new_name} if change.named and kind.field else {}
        body = {**(kind.body(name) if change.whole else {}), **named, **said}
        query = {"update_mask": ",".join(mask) if change.joined else list(mask)} if mask else {}
        return self.target.call(change.operation, params=self._params(name), query=query, json=body)

    def pages(self, pattern: str, **query: Any) -> Iterator[tuple[Exchange, Any]]:
        """The pages of the list, narrowed to a pattern where that can be: the exchange, and what it holds."""
        operation = self.target.interface.operations[self.resource.kind.list]
        asked = {**self.narrowed(pattern), **({"limit": PAGE} if operation.paged else {}), **query}
        seen = 0
        for _ in range(_PAGES):
            exchange = self.target.call(operation.id, params=self.place, query={**asked, "offset": seen or None})
            found = record(exchange)
            yield exchange, found
            page = found.get(operation.items) if isinstance(found, dict) and operation.items else None
            seen += len(page or ())
            if not page or not operation.paged or "limit" in query or seen >= (found.get("total_entries") or 0):
                return

    def narrowed(self, pattern: str) -> dict[str, str]:
        """The query that narrows the list to a pattern, else the newest first; empty where it can be neither."""
        operation = self.target.interface.operations[self.resource.kind.list]
        patterns = dict.fromkeys(self.resource.kind.pattern, pattern)
        return patterns or ({"order_by": "-id"} if "-id" in operation.orders else {})

    @property
    def narrows(self) -> bool:
        """Whether the list can be narrowed to a pattern."""
        return bool(self.resource.kind.pattern)

    def items(self, found: Any) -> list[Mapping[str, Any]]:
        """The items of one page."""
        operation = self.target.interface.operations[self.resource.kind.list]
        page = found.get(operation.items) if isinstance(found, dict) and operation.items else found
        return [each for each in page if isinstance(each, Mapping)] if isinstance(page, list) else []

    def _params(self, name: str) -> dict[str, str]:
        return {**self.place, self.resource.kind.param: name}
