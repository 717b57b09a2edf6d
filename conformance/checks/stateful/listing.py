"""The list of the things of one kind beside the model: whole, a part of it in an order, narrowed to a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.checks.stateful.book import Book
from conformance.checks.stateful.client import Client
from conformance.checks.stateful.model import Model
from conformance.exchange import Exchange
from conformance.sorting import misplaced

Item = Mapping[str, Any]

#: So often a list that cannot be narrowed is read before it is believed: while it is read others may change it.
_READINGS = 3


class Listing:
    """The list, of which those items count whose names begin with `base`."""

    def __init__(self, client: Client, model: Model, book: Book, base: str) -> None:
        self.client = client
        self.resource = client.resource
        self._model = model
        self._book = book
        self._base = base

    def whole(self) -> None:
        """Each is listed once, as the model says, and counted."""
        wanted = sorted(set(self._model) - self._book.lost)
        for _ in range(1 if self.client.narrows else _READINGS):
            pages = list(self.client.pages(self._base))
            found = [item for _, page in pages for item in self._own(page)]
            if (names := sorted(self._names(found))) == wanted:
                break
        exchanges = [exchange for exchange, _ in pages]
        if self._that(exchanges, names == wanted, f"the list is to have of {self.resource} {wanted}; it has {names}"):
            self._items(exchanges, found)
            self._counted(*pages[-1])

    def window(self, limit: int, order: str) -> None:
        """So many of them in an order: as many as there are, in that order, and all counted."""
        offered = order in self.client.target.interface.operations[self.resource.kind.list].orders
        asked: dict[str, Any] = {"limit": limit, "order_by": order} if offered else {"limit": limit}
        exchange, page = next(self.client.pages(self._base, **asked))
        found = self._own(page)
        if self.client.narrows and not self._book.lost:
            right, there = min(limit, len(self._model)), f"of {len(self._model)} {self.resource}"
            self._that([exchange], len(found) == right, f"{there} a page is to hold {right}; it holds {len(found)}")
            self._counted(exchange, page)
        if offered:
            self._in_order([exchange], found, order)

    def walk(self, order: str) -> None:
        """All pages in an order: those of them that are there are in that order. Nothing where it is not offered."""
        if order in self.client.target.interface.operations[self.resource.kind.list].orders:
            pages = list(self.client.pages(self._base, order_by=order))
            found = [item for _, page in pages for item in self._own(page)]
            self._in_order([exchange for exchange, _ in pages], found, order)

    def only(self, name: str) -> None:
        """Narrowed to one name it has all whose names hold that one, in any case, and no others."""
        pages = list(self.client.pages(name))
        found = sorted(each for _, page in pages for each in self._names(self._own(page)))
        wanted = sorted(each for each in self._model if name.lower() in each.lower() and each not in self._book.lost)
        told = f"of {self.resource} {name!r} is in the names {wanted}; listed are {found}"
        self._that([exchange for exchange, _ in pages], found == wanted, told)

    def _in_order(self, pages: Sequence[Exchange], found: Sequence[Item], order: str) -> None:
        values = self._ordered(self._names(found), order.removeprefix("-"))
        ok = misplaced(values, descending=order.startswith("-")) is None
        self._that(pages, ok, f"{self.resource} by {order} are to be in order; they are {values}")

    def _own(self, page: Any) -> list[Item]:
        """The items of a page that are ours and count."""
        shown = self.resource.name_shown
        ours = (each for each in self.client.items(page) if str(each.get(shown)).startswith(self._base))
        return [each for each in ours if each[shown] not in self._book.lost]

    def _names(self, items: Sequence[Item]) -> list[str]:
        return [str(each[self.resource.name_shown]) for each in items]

    def _ordered(self, names: Sequence[str], field: str) -> list[Any]:
        """The values that an order goes by, as the model has them: their age, their name, or a field."""
        there = [name for name in names if name in self._model]
        if field == "id":
            return [list(self._model).index(name) for name in there]
        by = self.resource.orders[field]
        return [self._model[name][by] if by else name for name in there]

    def _items(self, pages: Sequence[Exchange], found: Sequence[Item]) -> None:
        for item in found:
            name = str(item[self.resource.name_shown])
            wanted = self.resource.told(self._model[name], listed=item)
            shown = self.resource.seen(item, list(wanted))
            self._book.that(name, shown == wanted, pages, f"{name!r} is {wanted}; it is listed as {shown}")

    def _counted(self, exchange: Exchange, page: Any) -> None:
        if not self.client.narrows or self._book.lost or not isinstance(page, dict):
            return
        total, there = page.get("total_entries"), len(self._model)
        told = f"there are {there} {self.resource} of the names asked for; total_entries is {total}"
        self._that([exchange], total == there, told)

    def _that(self, pages: Sequence[Exchange], ok: bool, told: str) -> bool:
        if ok and len(self._model):
            self._book.reach(pages[-1])
        return self._book.of_all(ok, pages, told)
