"""Page size limit: paging keeps to the order that was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any

from conformance.checks.every_api import selecting
from conformance.collections import View, batches, find, paged
from conformance.content import Content
from conformance.findings import told
from conformance.judge import Judge
from conformance.marks import about, alone, needs, requirement
from conformance.marks import depth as at_depth
from conformance.pages import TRIES, Fault, Page, ask, disordered, incomplete, keys, moved, walk
from conformance.sorting import misplaced
from conformance.target import Target
from conformance.views import narrow
from specs.contract import Interface, Operation

FIRST = ("get_pools", "get_dags")
#: Views that would need more pages of the largest size are left out.
MOST = 3
#: So many names of each list are tried with a second one.
_FIRSTS = 4
#: DAGs of the fixtures that have several tasks.
_WITH_TASKS = ("conformance_empty", "conformance_python")
#: A column that nothing has.
UNKNOWN = "conformance_has_no_such_column"


def wrong(target: Target, view: View, order: str, size: int) -> tuple[list[Fault], list[Page]]:
    """What is wrong with a collection in one order and, where offered, its reverse; and the last pages read."""
    limit = target.profile.page_limit
    signs = [sign for sign in ("", "-") if sign + order in view.collection.offered]
    walks = {sign: walk(target, view, size, ("order_by", sign + order)) for sign in signs}
    last = walks[signs[-1]]
    if faults := [fault for pages in walks.values() for fault in incomplete(view, pages, size, limit)]:
        return faults, last
    for sign, pages in walks.items():
        faults += disordered(view, pages, order, descending=sign == "-")
    return [*faults, *(unreversed(view, walks[""], walks["-"], order) if len(walks) == 2 else ())], last


def unreversed(view: View, rising: list[Page], falling: list[Page], order: str) -> list[Fault]:
    """Where the falling order is not the reverse of the rising one; items that are equal may stand in any order.

    Values that are null are left out: a database may keep them at one end both ways.
    """
    items = [[item for page in pages for item in page.held] for pages in (rising, falling)]
    shown = [[view.collection.shown(order, item) for item in each] for each in items]
    if all(visible for each in shown for visible, _ in each):
        up, down = ([value for _, value in each if value is not None] for each in shown)
    elif order in view.collection.unique:
        up, down = keys(view, rising), keys(view, falling)
    else:
        return []
    if up == down[::-1]:
        return []
    story = [page.exchange for page in (*rising, *falling)]
    return [(f"ordered by {order}, falling is to be the reverse of rising; {up[:3]} ... became {down[:3]} ...", story)]


def ordered(target: Target, judge: Judge, view: View, order: str, total: int) -> None:
    """Hold that an order and its reverse are what they say; what others may change meanwhile gets another try.

    The pages are as large as two of them need to be for the whole: an order that starts anew on a page then shows.
    """
    size = max(1, min(target.profile.page_limit, -(-total // 2)))
    for _ in range(1 if view.private else TRIES):
        faults, pages = wrong(target, view, order, size)
        if not faults:
            break
        if moved(target, view, pages):
            faults, pages = [], []
    for message, exchanges in faults[:3]:
        judge.that(False, exchanges, f"{view}: {message}")
    if not faults and keys(view, pages):
        judge.that(True, pages[-1].exchange, f"{view}: ordered by {order}")


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "PUB-PAGE-007", "STB-PAGE-006", "STB-PAGE-007")
def test_smoke_orders(target: Target, judge: Judge, content: Content, interface: Interface) -> None:
    """Pools by name and DAGs by id: sorted, complete, and falling is the reverse of rising."""
    for operation, order in zip(FIRST, ("id", "dag_id"), strict=True):
        for view in narrow(content, [find(interface, operation)]):
            if order not in view.collection.operation.orders:
                continue
            ordered(target, judge, view, order, view.least)


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-006", "PUB-PAGE-007", "STB-PAGE-006", "STB-PAGE-007")
@at_depth("standard")
def test_every_order_is_kept(
    target: Target, judge: Judge, content: Content, operations: list[Operation], interface: Interface
) -> None:
    """Every order that there is, both ways where it is offered so, across pages, in every list, those by POST too."""
    posted = [each for each in batches(interface) if each.operation in operations]
    found = narrow(content, [*paged(operations), *posted])
    varied = [view for view in selecting.views(content, operations) if view.exact]
    for view in {(str(each), str(each.query)): each for each in (*varied, *found)}.values():
        total = ask(target, view, ("limit", 1)).total or 0
        if total > MOST * target.profile.page_limit:
            continue
        for order in sorted({name.removeprefix("-") for name in view.collection.offered}):
            ordered(target, judge, view, order, total)


@alone("stable-v1")  # hardly any of its lists can be narrowed
@requirement("PUB-PAGE-007")
@needs("several_orders")
@at_depth("standard")
def test_second_order_counts(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """Where order_by may be given twice, what is equal by the first name is in the order of the second, both ways."""
    lists = narrow(content, paged(operations))
    varied = selecting.views(content, operations)
    for view in {(str(each), str(each.query)): each for each in (*varied, *lists)}.values():
        if not view.exact or not _repeatable(view):
            continue
        items = [item for page in walk(target, view, target.profile.page_limit) for item in page.held]
        for first, second in islice(_telling(view, items), None if depth == "deep" else _FIRSTS):
            for order in ((first, f"-{second}"), (f"-{first}", second)):
                if set(order) <= view.collection.offered:
                    _both(target, judge, view, order, len(items))


def _both(target: Target, judge: Judge, view: View, order: tuple[str, str], total: int) -> None:
    """Hold that a list is in the order of two names."""
    pages = walk(target, view, target.profile.page_limit, *(("order_by", each) for each in order))
    items = [item for page in pages for item in page.held]
    first, second = ([view.collection.shown(name.removeprefix("-"), item)[1] for item in items] for name in order)
    pairs = list(zip(first, second, strict=True))
    parts = [[value for _, value in same] for _, same in groupby(pairs, key=lambda pair: pair[0])]
    falls, then_falls = (name.startswith("-") for name in order)
    ok = misplaced(first, descending=falls) is None
    ok = ok and all(misplaced(part, descending=then_falls) is None for part in parts)
    wish = f"{view} is to be in the order of {order[0]}, and of {order[1]} where that is equal"
    judge.that(ok and len(items) == total, [page.exchange for page in pages], f"{wish}; it is {pairs[:5]} ...")


@requirement("PUB-PAGE-007", "STB-PAGE-007")
@needs("fixture-dags")
@about("get_tasks")
@at_depth("standard")
def test_tasks_keep_their_order(target: Target, judge: Judge, interface: Interface) -> None:
    """The tasks of a DAG, which come all at once, are in any order that there is, and its reverse is the reverse."""
    offered = interface.operations["get_tasks"].orders
    for order in sorted({each.removeprefix("-") for each in offered}):
        for dag in _WITH_TASKS:
            for name in sorted(offered & {order, f"-{order}"}):
                answer = target.call("get_tasks", params={"dag_id": dag}, query={"order_by": name})
                found = [task.get(order) for task in told(answer).get("tasks", [])]
                ok = len(found) > 1 and misplaced(found, descending=name.startswith("-")) is None
                judge.that(ok, answer, f"the tasks of {dag} are to be in the order {name}; it is {found}")


def _repeatable(view: View) -> bool:
    """Whether order_by may be given more than once."""
    parameter = view.collection.operation.parameter("order_by")
    return parameter is not None and parameter.schema.get("type") == "array"


def _telling(view: View, items: list[Any]) -> Iterator[tuple[str, str]]:
    """Two names each by which an order can be told: the first leaves items equal, by the second these differ.

    Of each first name one second, in turn; items without a value are not told apart.
    """
    shown: dict[str, list[Any]] = {}
    for name in sorted({each.removeprefix("-") for each in view.collection.offered}):
        values = [view.collection.shown(name, item) for item in items]
        if values and all(visible and isinstance(value, str | int | float) for visible, value in values):
            shown[name] = [value for _, value in values]
    names = list(shown)
    for at, first in enumerate(names):
        for second in (*names[at + 1 :], *names[:at]):
            pairs = set(zip(shown[first], shown[second], strict=True))
            if len(pairs) > len(set(shown[first])):
                yield first, second
                break


@requirement("PUB-PAGE-007", "STB-PAGE-007")
def test_unknown_orders_are_refused(
    target: Target, judge: Judge, content: Content, operations: list[Operation], depth: str
) -> None:
    """An order that there is not is refused with a client error, rather than answered in some other order."""
    for view in narrow(content, paged(operations), only=FIRST if depth == "smoke" else ()):
        if not view.collection.operation.orders:
            continue
        for name in (UNKNOWN, f"-{UNKNOWN}"):
            page = ask(target, view, ("order_by", name), ("limit", 1))
            judge.that(
                400 <= (page.exchange.status or 0) < 500,
                page.exchange,
                f"{view} cannot be ordered by {name}, which is to be refused with a client error; {page}",
            )
