"""Page size limit: what the limit holds back can be had by paging."""

from __future__ import annotations

from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.collections import View, find, paged
from conformance.content import SINGLE, Content
from conformance.judge import Judge
from conformance.marks import alone, needs, requirement
from conformance.marks import depth as at_depth
from conformance.pages import TRIES, Fault, ask, ask_all, incomplete, moved, scattered, walk
from conformance.strategies.pages import sizes
from conformance.target import Target
from conformance.views import available, narrow, views
from specs.contract import Interface, Operation

FIRST = ("get_pools", "get_dags")
#: The size of pages where the collection is small; small enough that there are some.
STEP = 4
#: A collection that would need more pages of the largest size than this is not walked.
MOST = 20


def complete(target: Target, judge: Judge, view: View, size: int) -> None:
    """Hold that a walk brings the whole view; what others may change meanwhile is walked again before it counts."""
    limit = target.profile.page_limit
    faults: list[Fault] = []
    for _ in range(1 if view.private else TRIES):
        pages = walk(target, view, size)
        faults = incomplete(view, pages, size, limit)
        if not faults:
            break
        if moved(target, view, pages):
            faults, pages = [], []
    for message, exchanges in faults[:3]:
        judge.that(False, exchanges, f"{view} by pages of {size}: {message}")
    if not faults and pages:
        judge.that(True, [page.exchange for page in pages], f"{view} by pages of {size}")
        if view.least:
            judge.reached(pages[0].exchange)


def walkable(target: Target, view: View) -> bool:
    """Whether a view is small enough to be walked in full."""
    return (ask(target, view, ("limit", 1)).total or 0) <= MOST * target.profile.page_limit


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "STB-PAGE-006")
def test_pages_are_the_collection(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """Every paged collection, by the largest pages and by small ones: each item once, the true total on every page."""
    collections = paged(operations)
    only = FIRST if depth == "smoke" else ()
    limit = target.profile.page_limit
    for view in available(content, collections, only=only):
        if walkable(target, view):
            complete(target, judge, view, limit)
    for view in narrow(content, collections, only=only):
        total = ask(target, view, ("limit", 1)).total or 0
        if 0 < total <= limit // 2:
            complete(target, judge, view, max(1, min(STEP, limit, total // 2)))


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "STB-PAGE-006")
@needs("writes")
@at_depth("standard")
@settings(max_examples=25)
@given(data=st.data())
def test_pages_of_any_size_are_the_collection(
    target: Target, judge: Judge, content: Content, operations: list[Operation], data: st.DataObject
) -> None:
    """Page sizes drawn up to a little more than the limit, in any collection whose content is known."""
    known = [view for view in views(content, paged(operations)) if view.least]
    if not known:
        judge.unreached("no collection of the target has a content that is known")
    own = [view for view in known if view.private]
    view = data.draw(st.sampled_from(own or known), label="collection")
    size = data.draw(sizes(view.least, target.profile.page_limit), label="size")
    complete(target, judge, view, size)


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "STB-PAGE-006")
def test_total_is_the_same_on_every_page(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """total_entries does not depend on limit and offset; beyond the end there is an empty page with the true total."""
    for view in available(content, paged(operations), only=FIRST if depth == "smoke" else ()):
        for _ in range(1 if view.private else TRIES):
            first, *others = ask_all(
                target, view, [(), [("limit", 0)], [("limit", 1)], [("limit", 1), ("offset", 1)], [("offset", 10**6)]]
            )
            total = view.least if view.private else first.total
            if all(page.total == total for page in (first, *others)):
                break
        if moved(target, view, [first]):
            continue
        for page in (first, *others):
            judge.that(page.total == total, page.exchange, f"{view}: total_entries is to be {total}; {page}")
        beyond = others[-1]
        if (total or 0) < 10**6:
            judge.that(beyond.sound and not beyond.held, beyond.exchange, f"beyond the end there is nothing; {beyond}")


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "STB-PAGE-006")
@needs("writes")
def test_what_comes_meanwhile_hides_nothing(
    target: Target, judge: Judge, content: Content, interface: Interface, depth: str
) -> None:
    """What is created elsewhere while one pages neither hides nor repeats an item; afterwards it is there itself."""
    limit = target.profile.page_limit
    for word in SINGLE if depth != "smoke" else ["pools"]:
        view = narrow(content, [find(interface, f"get_{word}")])[0]
        size = STEP if view.private else max(1, min(limit, -(-view.least // STEP)))
        later, added = target.new_name("later"), list[str]()
        pages = walk(target, view, size, ("order_by", "id"), between=partial(_add, content, word, later, added))
        faults = incomplete(view, pages, size, limit) if view.private else scattered(view, pages)
        for message, exchanges in faults:
            judge.that(False, exchanges, f"{view}, while others are created: {message}")
        judge.that(not faults, pages[-1].exchange, f"{view}: each of {view.least} items comes once meanwhile")
        query = dict.fromkeys(view.query, f"{later}_")
        keys_added = frozenset((name,) for name in added)
        complete(target, judge, View(view.collection, {}, query, keys_added, exact=bool(query)), limit)


def _add(content: Content, word: str, base: str, added: list[str], page: int) -> None:
    """Create something before a page is asked for; note it when the target says that it was created."""
    name = f"{base}_{page}"
    if content.add(word, name).status in (200, 201):
        added.append(name)
