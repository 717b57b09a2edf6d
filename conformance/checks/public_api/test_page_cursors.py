"""Page size limit: paging by cursor, where the contract has it (Airflow 3.3: DAG runs and task instances)."""

from __future__ import annotations

from typing import Any

from conformance.collections import View, paged
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import requirement
from conformance.pages import MOST_PAGES, Page, ask, keys
from conformance.target import Target
from conformance.views import views
from specs.contract import Operation


def next_cursor(page: Page) -> str | None:
    """Where the next page begins, if there is one."""
    found: Any = page.exchange.json().get("next_cursor") if page.sound else None
    return found if isinstance(found, str) and found else None


def walk_by_cursor(target: Target, view: View, size: int) -> list[Page]:
    """Every page, each begun where the one before says; an empty cursor begins the first."""
    pages: list[Page] = []
    cursor: str | None = ""
    while cursor is not None and len(pages) < MOST_PAGES:
        pages.append(ask(target, view, ("limit", size), ("cursor", cursor)))
        cursor = next_cursor(pages[-1])
    return pages


def with_cursor(content: Content, operations: list[Operation]) -> list[View]:
    """The collections of known content that offer a cursor."""
    return [
        view
        for view in views(content, paged(operations))
        if view.exact and view.collection.operation.parameter("cursor")
    ]


@requirement("PUB-PAGE-001", "PUB-PAGE-006")
@at_depth("standard")
def test_cursors_lead_through_the_collection(
    target: Target, judge: Judge, content: Content, operations: list[Operation]
) -> None:
    """A walk by cursor ends, brings each item once, and no page holds more than the limit."""
    limit = target.profile.page_limit
    for view in with_cursor(content, operations):
        for size in (limit, limit + 50, max(1, limit // 3)):
            pages = walk_by_cursor(target, view, size)
            story = [page.exchange for page in pages]
            for page in pages:
                judge.that(
                    len(page.held) <= limit,
                    page.exchange,
                    f"a page by cursor holds {limit} items at most; {page}",
                    requirement="PUB-PAGE-001",
                )
            found = keys(view, pages)
            judge.that(
                len(found) == len(set(found)) and set(found) == view.keys,
                story,
                f"{view} by cursor, {size} at a time, is to bring each of {view.least} items once; "
                f"{len(pages)} pages brought {len(found)}, {len(set(found))} of them different",
                requirement="PUB-PAGE-006",
            )
