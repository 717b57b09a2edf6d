"""The paged collections of the contract: where each is, what tells its items apart, and what is known to be in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance import apis
from conformance.content import Content
from specs.contract import Interface, Operation

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Collection:
    """One paged list. The declaration is an entry of collections.yaml, which explains the fields."""

    operation: Operation
    key: tuple[str, ...] | None = None
    path: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    few: Mapping[str, Any] = field(default_factory=dict)
    known: str | None = None
    orders: Mapping[str, str | None] = field(default_factory=dict)
    unique: tuple[str, ...] = ()
    sorted: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()

    @property
    def offered(self) -> frozenset[str]:
        """Every value of order_by that may be asked for, the falling ones with a minus."""
        return self.operation.orders or frozenset(sign + name for name in self.sorted for sign in ("", "-"))

    @property
    def items(self) -> tuple[str, ...]:
        """The names that the array of items may have in an answer."""
        return (self.operation.items or "", *self.sent)

    def key_of(self, item: Any) -> Key:
        """What tells an item from the others; the whole item where nothing is declared."""
        if self.key and isinstance(item, dict):
            return tuple(item.get(name) for name in self.key)
        return (item if isinstance(item, str) else json.dumps(item, sort_keys=True),)

    def shown(self, order: str, item: Any) -> tuple[bool, Any]:
        """Whether an item shows the value that an order goes by, and that value."""
        name = self.orders.get(order, order)
        if name == "":
            return True, item
        if name is None or not isinstance(item, dict) or name not in item:
            return False, None
        return True, item[name]

    @property
    def posted(self) -> bool:
        """Whether it is asked for by POST, with a body."""
        return self.operation.method == "POST"

    def offers(self, query: Mapping[str, Any]) -> bool:
        """Whether this version of the operation knows every parameter of a query."""
        return self.posted or all(self.operation.parameter(name) for name in query)


@dataclass(frozen=True)
class View:
    """A part of a collection, ready to be asked for.

    `keys`: the items that are known to be in it; `exact`: it holds nothing else. `count` is how many it holds, where
    only that is known. `private`: nobody but this run changes it.
    """

    collection: Collection
    params: Mapping[str, str]
    query: Mapping[str, Any]
    keys: frozenset[Key] = frozenset()
    exact: bool = False
    count: int | None = None

    @property
    def private(self) -> bool:
        """Whether nobody but this run puts anything in."""
        return self.exact or self.count is not None

    @property
    def least(self) -> int:
        """How many items it holds at least."""
        return self.count if self.count is not None else len(self.keys)

    def __str__(self) -> str:
        return self.collection.operation.id


def declared(api: str) -> Mapping[str, Mapping[str, Any]]:
    """The declarations of an API by operation."""
    return apis.load(api).data("collections")


def paged(operations: Iterable[Operation]) -> list[Collection]:
    """The collections among some operations: GET lists that take a limit and an offset."""
    return [_collection(each) for each in operations if each.paged and each.method == "GET" and each.items]


def batches(interface: Interface) -> list[Collection]:
    """The collections of an interface that are asked for by POST."""
    there = [interface.operations[name] for name in declared(apis.of(interface).name) if name in interface.operations]
    return [_collection(each) for each in there if each.method == "POST"]


def find(interface: Interface, operation: str) -> Collection:
    """The collection of one operation; KeyError when this version has none of that name."""
    return _collection(interface.operations[operation])


def whole(collection: Collection, content: Content) -> View:
    """All of a collection that the suite knows. FillError when the content cannot be made."""
    query = collection.own if collection.offers(collection.own) else {}
    return _view(collection, content, query, "")


def few(collection: Collection, content: Content) -> View:
    """About ten items of a collection, or all of it where it cannot be narrowed."""
    if not collection.few or not collection.offers(collection.few):
        return whole(collection, content)
    return _view(collection, content, collection.few, "few")


def _view(collection: Collection, content: Content, query: Mapping[str, Any], size: str) -> View:
    params = {name: value.format_map(content) for name, value in collection.path.items()}
    filled = {name: _filled(value, content) for name, value in query.items()}
    known = content.known(collection.known, few=bool(size)) if collection.known else None
    if known is None:
        return View(collection, params, filled)
    narrowed = bool(query) or "run}" in str(collection.path)
    return View(collection, params, filled, known.keys, known.exact and narrowed, known.count if narrowed else None)


def _filled(value: Any, content: Content) -> Any:
    return [_filled(each, content) for each in value] if isinstance(value, list) else value.format_map(content)


def _collection(operation: Operation) -> Collection:
    entry = dict(declared(apis.at(operation.path).name).get(operation.id, {}))
    for name in ("key", "unique", "sorted", "sent"):
        if name in entry:
            entry[name] = tuple(entry[name])
    return Collection(operation, **entry)
