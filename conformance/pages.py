"""Pages of a collection, walks through all of them, and what can be wrong with a walk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.collections import Key, View
from conformance.exchange import Exchange, NotJson, Request
from conformance.sorting import misplaced
from conformance.target import Target

#: A walk ends after so many pages, whatever the target says.
MOST_PAGES = 60
#: What is not ours may change while it is read: then a walk is taken anew, so many times.
TRIES = 3

#: How the parameters of pages are called in the bodies of lists that are asked for by POST.
_IN_BODIES = {"limit": "page_limit", "offset": "page_offset"}

#: Something wrong: what, and the exchanges that show it.
Fault = tuple[str, list[Exchange]]


@dataclass(frozen=True)
class Page:
    """One answer of a collection. `total` is its total_entries; both are None when the answer has no such shape."""

    exchange: Exchange
    items: list[Any] | None
    total: int | None
    offset: int = 0

    @property
    def held(self) -> list[Any]:
        """The items; none where the answer is no page."""
        return self.items or []

    @property
    def sound(self) -> bool:
        """Whether the answer is a page: status 200, a list of items, a whole number of entries."""
        return self.exchange.status == 200 and self.items is not None and self.total is not None

    def __str__(self) -> str:
        if self.items is None:
            return f"{self.exchange.request.target} was answered {self.exchange.status} without a list of items"
        return f"{self.exchange.request.target} was answered with {len(self.items)} items of {self.total}"


def read(exchange: Exchange, items: Sequence[str], offset: int = 0) -> Page:
    """The page that an answer is; `items` are the names that its array may have."""
    try:
        found = exchange.json() if exchange.status == 200 else None
    except NotJson:
        found = None
    if not isinstance(found, dict):
        return Page(exchange, None, None, offset)
    listed = next((found[name] for name in items if name in found), None)
    total = found.get("total_entries")
    return Page(
        exchange,
        listed if isinstance(listed, list) else None,
        total if isinstance(total, int) and not isinstance(total, bool) else None,
        offset,
    )


def ask(target: Target, view: View, *query: tuple[str, Any]) -> Page:
    """One page of a view; `query` comes on top of the view's own."""
    return ask_all(target, view, [query])[0]


def ask_all(target: Target, view: View, queries: Sequence[Sequence[tuple[str, Any]]]) -> list[Page]:
    """Several pages of a view, asked for at the same time."""
    return ask_each(target, [(view, query) for query in queries])


def ask_each(target: Target, wanted: Sequence[tuple[View, Sequence[tuple[str, Any]]]]) -> list[Page]:
    """One page of each of several views, asked for at the same time."""
    exchanges = target.all(_request(target, view, query) for view, query in wanted)
    return [read(exchange, view.collection.items) for exchange, (view, _) in zip(exchanges, wanted, strict=True)]


def _request(target: Target, view: View, query: Sequence[tuple[str, Any]]) -> Request:
    operation = view.collection.operation.id
    if view.collection.posted:
        body = {**view.query, **{_IN_BODIES.get(name, name): value for name, value in query}}
        return target.request(operation, params=view.params, json=body)
    return target.request(operation, params=view.params, query=[*view.query.items(), *query])


def walk(
    target: Target, view: View, size: int, *order: tuple[str, Any], between: Callable[[int], object] | None = None
) -> list[Page]:
    """Every page from the first to the last, as a client takes them: the next begins where the items so far end.

    `between` is called with the number of each page after the first before that is asked for.
    """
    pages: list[Page] = []
    seen = 0
    while len(pages) < MOST_PAGES:
        if pages and between:
            between(len(pages))
        page = ask(target, view, *order, ("limit", size), ("offset", seen))
        pages.append(Page(page.exchange, page.items, page.total, seen))
        seen += len(page.held)
        if not page.held or seen >= (page.total or 0):
            break
    return pages


def moved(target: Target, view: View, pages: Sequence[Page]) -> bool:
    """Whether others have changed how many items a view holds since its first page was asked for."""
    if view.private or not pages:
        return False
    return read(target.send(pages[0].exchange.request), view.collection.items).total != pages[0].total


def keys(view: View, pages: Sequence[Page]) -> list[Key]:
    """The keys of all items, in the order they came."""
    return [view.collection.key_of(item) for page in pages for item in page.held]


def incomplete(view: View, pages: Sequence[Page], size: int, limit: int) -> list[Fault]:
    """What keeps a walk from being the whole collection, each item once, with the true total on every page."""
    if broken := next((page for page in pages if not page.sound), None):
        return [(f"every page is to be answered; {broken}", [broken.exchange])]
    return [*_totals(view, pages), *_lengths(pages, size, limit), *scattered(view, pages)]


def _totals(view: View, pages: Sequence[Page]) -> list[Fault]:
    first = view.least if view.private else pages[0].total
    return [
        (f"total_entries is to be {first} on every page; {page}", [pages[0].exchange, page.exchange])
        for page in pages
        if page.total != first
    ]


def _lengths(pages: Sequence[Page], size: int, limit: int) -> list[Fault]:
    """A page that is too short; one that is too long breaks the page limit, which has checks of its own."""
    found: list[Fault] = []
    for page in pages:
        wanted = min(size, limit, max(0, (page.total or 0) - page.offset))
        if not wanted <= len(page.held) <= max(size, wanted):
            found.append((f"the page is to hold {wanted} items; {page}", [page.exchange]))
    return found


def scattered(view: View, pages: Sequence[Page]) -> list[Fault]:
    """Items that come twice, do not come, or do not belong there."""
    seen: dict[Key, Page] = {}
    found: list[Fault] = []
    for page in pages:
        for item in page.held:
            key = view.collection.key_of(item)
            if key in seen:
                story = [seen[key].exchange, page.exchange]
                found.append(
                    (f"each item is to come once; {_shown(key)} came again, in {page.exchange.request.target}", story)
                )
            seen[key] = page
    story = [page.exchange for page in pages]
    if missing := sorted(view.keys - seen.keys(), key=str):
        found.append(
            (f"{len(missing)} items are on no page, {_shown(missing[0])} for one; {_summary(view, pages)}", story)
        )
    if view.exact and (foreign := sorted(seen.keys() - view.keys, key=str)):
        found.append((f"{_shown(foreign[0])} does not belong to what was asked for; {_summary(view, pages)}", story))
    if len(seen) < (pages[0].total or 0) and len(pages) < MOST_PAGES:
        found.append((f"the pages hold {len(seen)} of {pages[0].total} items; {_summary(view, pages)}", story))
    return found


def disordered(view: View, pages: Sequence[Page], order: str, *, descending: bool) -> list[Fault]:
    """Neighbours, also across pages, that stand in the wrong order, as far as the items show what it goes by."""
    shown = [(page, *view.collection.shown(order, item)) for page in pages for item in page.held]
    if not all(visible for _, visible, _ in shown):
        return []
    values = [value for *_, value in shown]
    where = misplaced(values, descending=descending)
    if where is None:
        return []
    before, after = shown[where - 1], shown[where]
    direction = "falling" if descending else "rising"
    text = f"ordered by {order}, {direction}, {before[2]!r} comes before {after[2]!r}"
    return [(f"{text}; {after[0]}", [before[0].exchange, after[0].exchange])]


def _summary(view: View, pages: Sequence[Page]) -> str:
    return f"{len(pages)} pages of {view} held {', '.join(str(len(page.held)) for page in pages)}"


def _shown(key: Key) -> str:
    return "/".join(str(part) for part in key)[:120]
