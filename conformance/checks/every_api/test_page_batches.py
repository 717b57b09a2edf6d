"""Page size limit: lists that are asked for by POST."""

from __future__ import annotations

from typing import Any

from conformance.collections import View, batches
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.pages import ask, ask_all, incomplete, walk
from conformance.target import Target
from conformance.views import views
from specs.contract import Interface

#: Clearly no whole numbers from 0, as they stand in JSON.
WRONG: tuple[Any, ...] = (-1, -(10**9), "abc", 1.5, [], {"a": 1})


def known(interface: Interface, judge: Judge, content: Content) -> list[View]:
    """The lists, narrowed to what the run has put there."""
    found = views(content, batches(interface))
    return found or judge.unreached("the target has no runs of the suite's own to list")


@requirement("PUB-PAGE-004", "STB-PAGE-004")
@needs("writes", "fixture-dags")
def test_batches_obey_the_limit(target: Target, judge: Judge, content: Content, interface: Interface) -> None:
    """However large a page_limit the body asks for, a batch list holds no more items than maximum_page_limit."""
    limit = target.profile.page_limit
    full = [view for view in known(interface, judge, content) if view.least > limit]
    if not full:
        judge.unreached(f"no list holds more than the limit of {limit} items")
    sizes = (limit, limit + 1, 10 * limit, 10**9)
    for view in full:
        pages = ask_all(target, view, [(), *([("limit", size)] for size in sizes)])
        for size, page in zip((None, *sizes), pages, strict=True):
            judge.that(
                page.sound or (size is not None and size > limit and 400 <= (page.exchange.status or 0) < 500),
                page.exchange,
                f"a batch list with page_limit {size} is to be answered with a page; {page}",
            )
            judge.that(
                len(page.held) <= limit,
                page.exchange,
                f"a batch list with page_limit {size} holds {limit} items at most (maximum_page_limit); {page}",
            )


@requirement("PUB-PAGE-006", "STB-PAGE-006")
@needs("writes", "fixture-dags")
@at_depth("standard")
def test_batches_by_pages_are_the_collection(
    target: Target, judge: Judge, content: Content, interface: Interface
) -> None:
    """By page_limit and page_offset a batch list can be had in full: each item once, the true total on every page."""
    limit = target.profile.page_limit
    for view in known(interface, judge, content):
        for size in (limit, max(1, limit // 3)):
            pages = walk(target, view, size)
            faults = incomplete(view, pages, size, limit)
            for message, exchanges in faults[:3]:
                judge.that(False, exchanges, f"{view} by pages of {size}: {message}")
            judge.that(not faults, pages[-1].exchange, f"{view} by pages of {size} is the whole list")


@requirement("PUB-PAGE-005", "STB-PAGE-005")
@needs("writes", "fixture-dags")
def test_wrong_numbers_in_bodies_are_refused(
    target: Target, judge: Judge, content: Content, interface: Interface
) -> None:
    """A page_limit or page_offset that is negative, broken or no number at all."""
    limit = target.profile.page_limit
    for view in known(interface, judge, content):
        for name in ("limit", "offset"):
            for value in WRONG:
                page = ask(target, view, (name, value))
                judge.that(
                    400 <= (page.exchange.status or 0) < 500,
                    page.exchange,
                    f"{view} is to refuse page_{name} {value!r} with a client error; {page}",
                )
                judge.that(len(page.held) <= limit, page.exchange, f"a page holds {limit} items at most; {page}")
