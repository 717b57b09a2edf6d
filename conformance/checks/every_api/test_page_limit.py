"""Page size limit: no page holds more items than maximum_page_limit, and a page of that many can be had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.collections import View, find, paged
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import needs, requirement
from conformance.pages import Page, ask_all
from conformance.strategies.pages import ALIASES, beyond, edges
from conformance.target import Target
from conformance.views import available, views
from specs.contract import Interface, Operation

#: Where every limit is tried, and in a smoke run all that is tried.
FIRST = ("get_pools", "get_dags")
MORE = ("get_variables", "get_dag_runs", "get_task_instances")

Asked = Sequence[tuple[str, Any]]


def within(judge: Judge, view: View, asked: Asked, page: Page, limit: int) -> None:
    """Hold that an answer has no more items than the limit; a limit that can be met is to be answered with a page."""
    status = page.exchange.status or 0
    size = next((value for name, value in asked if name == "limit"), 0)
    plain = isinstance(size, int) and size <= limit
    judge.that(
        page.sound or (not plain and 400 <= status < 500),
        page.exchange,
        f"{view} is to be answered with a page{'' if plain else ' or a client error'}; {page}",
    )
    judge.that(
        len(page.held) <= limit,
        page.exchange,
        f"a page holds {limit} items at most (maximum_page_limit); {page}",
    )


def cut_off(asked: Iterable[Asked], pages: Iterable[Page], limit: int) -> list[int]:
    """How many items came where more were asked for and are there, and yet more came than the limit."""
    both = zip(asked, pages, strict=True)
    held = [(dict(query).get("limit") or 0, len(page.held), page.total or 0) for query, page in both]
    return [number for size, number, total in held if limit < number < min(size, total)]


@requirement("PUB-PAGE-001", "STB-PAGE-001")
def test_no_page_exceeds_the_limit(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """Whatever limit is asked for, in every paged collection: none, the edges, too large ones, with an offset."""
    limit, most = target.profile.page_limit, 0
    larger: list[int] = []
    for view in available(content, paged(operations), only=FIRST if depth == "smoke" else ()):
        thorough = depth == "deep" or view.collection.operation.id in (*FIRST, *MORE)
        chosen = edges(limit) if thorough else (limit + 1, 10**9, 10**30)
        asked: list[Asked] = [(), *([("limit", each)] for each in chosen), [("limit", limit + 1), ("offset", 1)]]
        pages = ask_all(target, view, asked)
        for query, page in zip(asked, pages, strict=True):
            within(judge, view, query, page, limit)
        larger += cut_off(asked, pages, limit)
        most = max(most, pages[0].total or 0)
        if (pages[0].total or 0) <= limit:  # how far the limit could be seen at all
            judge.evidence(pages[0].exchange)
    if most <= limit:
        judge.unreached(f"no collection of the target holds more than {limit} items; the largest has {most}")
    _tell_the_profile(judge, larger)


@requirement("PUB-PAGE-001", "STB-PAGE-001")
def test_no_spelling_lifts_the_limit(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """A limit that is given twice, under another name, or with an offset, does not lift the limit."""
    limit = target.profile.page_limit
    many = limit + 1000
    asked: list[Asked] = [
        (("limit", 1), ("limit", many)),
        (("limit", many), ("limit", 1)),
        (("limit", many), ("limit", many)),
        (("limit", many), ("offset", 1)),
        *((((name, many),)) for name in ALIASES),
    ]
    for view in available(content, paged(operations), only=FIRST if depth != "deep" else ()):
        for query, page in zip(asked, ask_all(target, view, asked), strict=True):
            within(judge, view, (("limit", many), *query), page, limit)


@requirement("PUB-PAGE-001", "STB-PAGE-001")
@at_depth("standard")
def test_no_order_lifts_the_limit(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """An order, rising or falling, does not lift the limit."""
    limit = target.profile.page_limit
    for view in available(content, paged(operations)):
        orders = view.collection.operation.order_by
        offered = orders if depth == "deep" else orders[:1]
        asked: list[Asked] = [
            (("limit", limit + 1000), ("order_by", sign + one)) for one in offered for sign in ("", "-")
        ]
        for query, page in zip(asked, ask_all(target, view, asked), strict=True):
            within(judge, view, query, page, limit)


@requirement("PUB-PAGE-001", "STB-PAGE-001")
@at_depth("standard")
@settings(max_examples=30)
@given(data=st.data())
def test_drawn_limits_do_not_exceed_the_limit(
    target: Target, judge: Judge, content: Content, operations: list[Operation], data: st.DataObject
) -> None:
    """Limits drawn from all that are too large, in any collection."""
    limit = target.profile.page_limit
    there = available(content, paged(operations))
    if not there:
        judge.unreached("none of the operations that were selected has pages")
    full = [view for view in there if view.least > limit]
    view = data.draw(st.sampled_from(full or there), label="collection")
    asked = (("limit", data.draw(beyond(limit), label="limit")),)
    within(judge, view, asked, ask_all(target, view, [asked])[0], limit)


@requirement("PUB-PAGE-002", "STB-PAGE-002")
def test_limit_is_100_where_it_is_not_set(target: Target, judge: Judge, content: Content, interface: Interface) -> None:
    """Where the profile does not set maximum_page_limit, a page that could hold more holds 100 items."""
    full = [view for view in views(content, [find(interface, each) for each in (*FIRST, *MORE)]) if view.least > 100]
    if not full:
        judge.unreached("no collection of the target is known to hold more than 100 items")
    for view in full:
        for page in ask_all(target, view, [[("limit", 101)], [("limit", 10**6)]]):
            judge.that(
                len(page.held) == 100,
                page.exchange,
                f"maximum_page_limit is not set, so a page holds 100; {page}",
            )


@requirement("PUB-PAGE-003", "STB-PAGE-003")
@needs("writes")
def test_page_of_the_limit_can_be_had(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """A page of exactly maximum_page_limit items can be had, and asking for more does not bring less."""
    limit = target.profile.page_limit
    known = views(content, paged(operations), only=FIRST if depth == "smoke" else ())
    full = [view for view in known if view.least > limit]
    if not full:
        judge.unreached(f"no collection of the target is known to hold more than {limit} items")
    least: list[int] = []
    for view in full:
        exact, *larger = ask_all(target, view, [[("limit", each)] for each in (limit, limit + 1, 2 * limit + 1)])
        fulfilled = judge.that(
            len(exact.held) == limit,
            exact.exchange,
            f"{view} holds more than {limit}, and as many were asked for; {exact}",
        )
        if fulfilled:
            judge.reached(exact.exchange)
        for page in larger:
            judge.that(len(page.held) >= limit, page.exchange, f"a page of {limit} items can be had; {page}")
        least.append(len(exact.held))
    if max(least) < limit:
        _tell_the_profile(judge, least)


def _tell_the_profile(judge: Judge, found: Iterable[int]) -> None:
    """Where every collection stops at one other number, it is the profile that is wrong about the target."""
    sizes = set(found)
    if len(sizes) == 1 and min(sizes):
        judge.mismatch("api.maximum_page_limit", f"the target returned {min(sizes)}")
