"""Page size limit: a limit or offset that is no whole number from 0 is refused, and lifts nothing."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.collections import View, paged
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import requirement
from conformance.pages import Page, ask_all
from conformance.strategies.pages import DOUBTFUL, WRONG, wrong_numbers
from conformance.target import Target
from conformance.views import available
from specs.contract import Operation

FIRST = ("get_pools", "get_dags")
NAMES = ("limit", "offset")


def asked_with(name: str, value: object) -> list[tuple[str, object]]:
    """A query with one number; of a page that begins elsewhere one item is enough."""
    return [(name, value)] if name == "limit" else [("limit", 1), (name, value)]


def refused(judge: Judge, view: View, value: str, page: Page, limit: int) -> None:
    """Hold that a wrong number is refused with a client error."""
    status = page.exchange.status or 0
    judge.that(
        400 <= status < 500,
        page.exchange,
        f"{view} is to refuse {value!r} with a client error; {page}",
    )
    bounded(judge, page, limit)


def bounded(judge: Judge, page: Page, limit: int) -> None:
    """Hold that an answer is no error of the server and holds no more items than the limit."""
    status = page.exchange.status or 0
    judge.that(status < 500, page.exchange, f"what a client sends must not break the server; {page}")
    judge.that(len(page.held) <= limit, page.exchange, f"a page holds {limit} items at most; {page}")


def texts(every: Sequence[str], depth: str, operation: str) -> Sequence[str]:
    """All texts for the first collections, or in a deep run; some for the others."""
    return every if depth == "deep" or operation in FIRST else every[:4]


@requirement("PUB-PAGE-005", "STB-PAGE-005")
def test_wrong_numbers_are_refused(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """A limit or offset that is negative, broken or no number at all, in every paged collection."""
    limit = target.profile.page_limit
    for view in available(content, paged(operations), only=FIRST if depth == "smoke" else ()):
        chosen = texts(WRONG, depth, view.collection.operation.id)
        asked = [(name, value) for name in NAMES for value in chosen]
        for (_, value), page in zip(asked, ask_all(target, view, [asked_with(*each) for each in asked]), strict=True):
            refused(judge, view, value, page, limit)


@requirement("PUB-PAGE-005", "STB-PAGE-005")
def test_doubtful_numbers_lift_nothing(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """What may or may not be taken for a number is refused, or answered within the limit."""
    limit = target.profile.page_limit
    for view in available(content, paged(operations), only=FIRST if depth != "deep" else ()):
        asked = [asked_with(name, value) for name in NAMES for value in DOUBTFUL]
        for page in ask_all(target, view, asked):
            bounded(judge, page, limit)


@requirement("PUB-PAGE-005", "STB-PAGE-005")
@at_depth("standard")
@settings(max_examples=40)
@given(data=st.data())
def test_drawn_wrong_numbers_are_refused(
    target: Target, judge: Judge, content: Content, operations: list[Operation], data: st.DataObject
) -> None:
    """Texts drawn from all that are no whole number from 0, in any collection."""
    there = available(content, paged(operations))
    if not there:
        judge.unreached("none of the operations that were selected has pages")
    view = data.draw(st.sampled_from(there), label="collection")
    name = data.draw(st.sampled_from(NAMES), label="parameter")
    value = data.draw(wrong_numbers(), label="value")
    refused(judge, view, value, ask_all(target, view, [asked_with(name, value)])[0], target.profile.page_limit)


@requirement("PUB-PAGE-001", "PUB-PAGE-005", "STB-PAGE-001", "STB-PAGE-005")
def test_far_offsets_are_answered(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """An offset beyond what the target can count brings no error of the server."""
    for view in available(content, paged(operations), only=FIRST if depth != "deep" else ()):
        for page in ask_all(target, view, [asked_with("offset", each) for each in (2**31, 2**63 - 1, 2**63, 10**30)]):
            bounded(judge, page, target.profile.page_limit)
