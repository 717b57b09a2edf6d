"""Page size limit: paging by cursor, where the contract has it (Airflow 3.3: DAG runs and task instances)."""

from __future__ import annotations

from typing import Any

from conformance.collections import View, paged
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.pages import MOST_PAGES, Page, ask, keys
from conformance.target import Target
from conformance.views import views
from specs.contract import Operation


def next_cursor(page: Page) -> str | None:
    """Where the next page begins, if there is one."""
    found: Any = page.exchange.json().get("next_cursor") if page.items is not None else None
    return found if isinstance(found, str) and found else None


def walk_by_cursor(target: Target, view: View, size: int) -> list[Page]:
    """Every page, each begun where the one before says; an empty cursor begins the first."""
    pages: list[Page] = []
    cursor: str | None = ""
    while cursor is not None and len(pages) < MOST_PAGES:
        pages.append(ask(target, view, ("limit", size), ("cursor", cursor)))
        cursor = next_cursor(pages[-1])
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


def bounded(judge: Judge, pages: list[Page], limit: int) -> None:
    """Hold that no page by cursor has more items than the limit."""
    for page in pages:
        judge.that(
            len(page.held) <= limit,
            page.exchange,
            f"a page by cursor holds {limit} items at most; {page}",
            requirement="PUB-PAGE-001",
        )
