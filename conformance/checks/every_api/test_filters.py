"""The interface: a filtered list has exactly the items that its filters say."""

from __future__ import annotations

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from conformance import filters
from conformance.checks.every_api import selecting
from conformance.checks.every_api.selecting import PAIRED, by_pages, choices, cut, held, paired, views
from conformance.choosing import Choice
from conformance.content import Content
from conformance.judge import Judge
from conformance.marks import alone, requirement
from conformance.marks import depth as at_depth
from conformance.strategies.choices import values
from conformance.target import Target
from specs.contract import Interface, Operation

FIRST = ("get_pools", "get_dags")


@requirement("PUB-API-005", "STB-API-005")
def test_filters_of_the_first_lists(target: Target, judge: Judge, content: Content, interface: Interface) -> None:
    """Every filter of pools and DAGs, with what is there, what is nearly there and what is not."""
    for view in views(content, interface.operations.values(), only=FIRST):
        held(target, judge, view, choices(target, selecting.base(target, judge, view)))


@alone()  # some filters choose from all that there is
@requirement("PUB-API-005", "STB-API-005")
@at_depth("standard")
def test_every_filter_chooses_what_it_says(
    target: Target, judge: Judge, content: Content, operations: list[Operation]
) -> None:
    """Every filter of every list, asked for by GET or by POST, by itself: with each kind of value, and by pages."""
    for view in views(content, operations):
        found = selecting.base(target, judge, view)
        by_pages(target, judge, held(target, judge, view, choices(target, found)))
        paired(target, judge, view)


@alone()  # some filters choose from all that there is
@requirement("PUB-API-005", "STB-API-005")
@at_depth("standard")
@settings(max_examples=40)
@given(data=st.data())
def test_filters_together_choose_what_each_chooses(
    target: Target, judge: Judge, content: Content, operations: list[Operation], data: st.DataObject
) -> None:
    """Two to four filters at a time, with values that an item meets or not, in any order and by pages of any size."""
    there = [view for view in views(content, operations) if view.least]
    if not there:
        judge.unreached("no list that can be filtered has a content that is known")
    view = data.draw(st.sampled_from(there), label="list")
    shown = list(selecting.base(target, judge, view).items.values())
    one_by_one = [one for one in filters.of(target.interface, view.collection.operation) if one.meaning not in PAIRED]
    offered = {one.name: (one, tried) for one in one_by_one if (tried := values(one, shown))}
    assume(shown and len(offered) > 1)
    names = data.draw(st.lists(st.sampled_from(list(offered)), min_size=2, max_size=4, unique=True), label="filters")
    item = data.draw(st.sampled_from(shown))
    key = view.collection.key_of(item)
    parts = []
    for one, tried in map(offered.__getitem__, names):
        fitting = [value for value in tried if one.holds(item, value, str(key[0])) is not False]
        parts.append((one, data.draw(st.sampled_from(fitting or tried), label=one.name)))
    for choice, reading in held(target, judge, view, [Choice(tuple(parts))]):
        if reading.whole and len(reading.keys) > 1:
            orders = [sign + name for name in view.collection.unique for sign in ("", "-")]
            offered_orders = [each for each in orders if each in view.collection.operation.orders]
            order = data.draw(st.sampled_from(["", *offered_orders]), label="order")
            size = data.draw(st.integers(1, len(reading.keys)), label="size")
            cut(target, judge, choice, reading, size=size, order=order)
