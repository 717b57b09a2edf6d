"""Page size limit: paging by cursor, where the contract has it (Airflow 3.3: DAG runs and task instances)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from conformance.checks.every_api import selecting
from conformance.checks.every_api.selecting import base, choices
from conformance.choosing import Choice, Reading, narrowed, read
from conformance.collections import View, paged
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.pages import MOST_PAGES, Page, ask, keys, walk
from conformance.target import Target
from conformance.views import narrow, views
from specs.contract import Operation


def cursor_of(page: Page, side: str = "next_cursor") -> str | None:
    """Where the next page begins, or the one before (`side` is previous_cursor), if there is one."""
    found: Any = page.exchange.json().get(side) if page.items is not None else None
    return found if isinstance(found, str) and found else None


def walk_by_cursor(
    target: Target, view: View, size: int, *order: tuple[str, Any], begin: str | None = "", side: str = "next_cursor"
) -> list[Page]:
    """Every page, each begun where the one before says; an empty cursor begins the first.

    `side`: which cursor of a page leads on, for the way back.
    """
    pages: list[Page] = []
    while begin is not None and len(pages) < MOST_PAGES:
        pages.append(ask(target, view, *order, ("limit", size), ("cursor", begin)))
        begin = cursor_of(pages[-1], side)
    return pages


@requirement("PUB-PAGE-001", "PUB-PAGE-006")
@needs("writes")
@at_depth("standard")
def test_cursors_lead_through_the_collection(
    target: Target, judge: Judge, content: Content, operations: list[Operation]
) -> None:
    """A walk by cursor ends, brings each item once, and no page holds more than the limit.

    Where a collection has no cursor, one that is sent all the same changes nothing.
    """
    limit = target.profile.page_limit
    for view in views(content, paged(operations)):
        if not view.exact:
            continue
        if not view.collection.operation.parameter("cursor"):
            pages = [ask(target, view, ("limit", limit + 50), ("cursor", ""))]
            bounded(judge, pages, limit)
            judge.that(
                pages[0].total == view.least,
                pages[0].exchange,
                f"{view} has no cursor, so total_entries is {view.least} as ever; {pages[0]}",
                requirement="PUB-PAGE-006",
            )
            continue
        for size in (limit, limit + 50, max(1, limit // 3)):
            pages = walk_by_cursor(target, view, size)
            bounded(judge, pages, limit)
            found = keys(view, pages)
            judge.that(
                len(found) == len(set(found)) and set(found) == view.keys,
                [page.exchange for page in pages],
                f"{view} by cursor, {size} at a time, is to bring each of {view.least} items once; "
                f"{len(pages)} pages brought {len(found)}, {len(set(found))} of them different",
                requirement="PUB-PAGE-006",
            )


@requirement("PUB-PAGE-006")
@needs("writes", "cursors")
@at_depth("standard")
def test_cursors_keep_to_the_order(target: Target, judge: Judge, content: Content, operations: list[Operation]) -> None:
    """By cursor a collection comes in the order that it has by offset, and the way back leads over the same pages.

    In orders by which no two items are equal, and none is without a value.
    """
    for view in _with_cursors(narrow(content, paged(operations))):
        size = max(1, min(target.profile.page_limit, view.least // 3))
        for order in orders(view):
            pages = walk(target, view, size, ("order_by", order))
            if any(view.collection.shown(order.removeprefix("-"), item) == (True, None) for item in held(pages)):
                continue
            found = walk_by_cursor(target, view, size, ("order_by", order))
            told = [page.exchange for page in (*pages, *found)]
            wish = f"{view} in the order {order} by cursor, {size} at a time, is to come as it does by offset"
            judge.that(keys(view, found) == keys(view, pages), told, wish)
            begin = cursor_of(found[-1], "previous_cursor")
            back = walk_by_cursor(target, view, size, ("order_by", order), begin=begin, side="previous_cursor")
            there, again = ([keys(view, [page]) for page in each] for each in (found[:-1], back[::-1]))
            wish = f"{view} in the order {order}: previous_cursor is to lead back over the same {len(there)} pages"
            judge.that(again == there, [page.exchange for page in (*found, *back)], f"{wish}; it led over {len(again)}")


@requirement("PUB-PAGE-006")
@needs("writes", "cursors")
@at_depth("standard")
def test_cursors_keep_the_filters(target: Target, judge: Judge, content: Content, operations: list[Operation]) -> None:
    """What a filter chooses from a collection is the same by cursor, page by page, as it is at once."""
    for view in _with_cursors(selecting.views(content, operations)):
        whole = base(target, judge, view)
        wanted = choices(target, whole)
        readings = read(target, [narrowed(view, each) for each in wanted])
        for choice, reading in _telling(wanted, readings, len(whole.keys)):
            size = -(-len(reading.keys) // 2)
            pages = walk_by_cursor(target, reading.view, size)
            found, chosen = keys(view, pages), reading.keys
            wish = f"{view}: {choice} by cursor, {size} at a time, is to choose the {len(chosen)} items that it chooses"
            same = len(found) == len(chosen) and set(found) == set(chosen)
            judge.that(same, [*reading.story, *(page.exchange for page in pages)], f"{wish}; {len(found)} came")


def _telling(wanted: list[Choice], readings: list[Reading], most: int) -> Iterable[tuple[Choice, Reading]]:
    """Of each filter one choice that leaves items out, and leaves several."""
    pairs = zip(wanted, readings, strict=True)
    telling = [(choice, reading) for choice, reading in pairs if reading.whole and 1 < len(reading.keys) < most]
    return {str(choice.parts[0][0].name): (choice, reading) for choice, reading in telling}.values()


def _with_cursors(found: Iterable[View]) -> list[View]:
    """Those that nobody else changes and that can be walked through by cursor."""
    return [view for view in found if view.exact and view.collection.operation.parameter("cursor")]


def orders(view: View) -> list[str]:
    """What order_by may be where no two items are equal, both ways."""
    offered = view.collection.offered
    return sorted(sign + name for name in view.collection.unique for sign in ("", "-") if sign + name in offered)


def held(pages: Iterable[Page]) -> list[Any]:
    """The items of all pages."""
    return [item for page in pages for item in page.held]


def bounded(judge: Judge, pages: list[Page], limit: int) -> None:
    """Hold that no page by cursor has more items than the limit."""
    for page in pages:
        judge.that(
            len(page.held) <= limit,
            page.exchange,
            f"a page by cursor holds {limit} items at most; {page}",
            requirement="PUB-PAGE-001",
        )
