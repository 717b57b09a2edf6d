"""Laws about filters: what is chosen from a list is what the filters say, whole and by pages."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable, Sequence
from itertools import groupby

from conformance import filters
from conformance.choosing import Choice, Reading, narrowed, read, wrong
from conformance.collections import Key, View, few
from conformance.content import Content
from conformance.filling import FillError
from conformance.filters import Filter
from conformance.judge import Judge
from conformance.pages import TRIES, Fault, moved
from conformance.strategies.choices import values
from conformance.target import Target
from specs.contract import Operation

#: What is known of these is how that which true and false choose belongs together.
PAIRED = ("halves", "widens")
#: So many violations are told of one choice.
TOLD = 2
#: What was chosen is read by at most so many pages.
PAGES = 8

Chosen = tuple[Choice, Reading]


def views(content: Content, operations: Iterable[Operation], *, only: Names[str] = ()) -> list[View]:
    """The parts of the lists in which their filters can be tried, as far as they can be filled."""
    interface = content.target.interface
    there = filters.declared(content.target.api.name)
    chosen = [each for each in operations if each.id in there and (not only or each.id in only)]
    found = [_filled(content, each) for each in chosen if filters.of(interface, each)]
    return [view for view in found if view]


def _filled(content: Content, operation: Operation) -> View | None:
    try:
        return few(filters.collection(content.target.interface, operation), content)
    except FillError:
        return None


def base(target: Target, judge: Judge, view: View) -> Reading:
    """All that a view holds: hold that what is known to be in it is there, before anything is chosen from it."""
    [found] = read(target, [view])
    missing = len(view.keys - set(found.keys))
    short = view.count is not None and view.count != len(found.keys)
    wish = f"{view} is to list what the run has put there"
    judge.that(not missing and not short, found.story, f"{wish}; of {view.least} items {missing or 'some'} are missing")
    return found


def choices(target: Target, found: Reading) -> list[Choice]:
    """Every filter of a list, with each value that is worth a try."""
    shown = list(found.items.values())
    there = filters.of(target.interface, found.view.collection.operation)
    return [Choice(((one, value),)) for one in there if one.meaning not in PAIRED for value in values(one, shown)]


def held(target: Target, judge: Judge, view: View, wanted: Sequence[Choice]) -> list[Chosen]:
    """Hold that each choice chooses what it says; gives back what was chosen rightly."""
    right = []
    for choice, reading, found in _tried(target, view, wanted):
        for message, exchanges in found[:TOLD]:
            judge.that(False, exchanges, f"{view}: {message}")
        if not found:
            judge.that(True, reading.story, f"{view}: {choice}")
            right.append((choice, reading))
    return right


def _tried(target: Target, view: View, wanted: Sequence[Choice]) -> list[tuple[Choice, Reading, list[Fault]]]:
    """What is wrong with each choice; what others may change meanwhile is chosen anew before it counts.

    What they change each time is left out.
    """
    left, ended = list(wanted), list[tuple[Choice, Reading, list[Fault]]]()
    for again in range(1 if view.private else TRIES)[::-1]:
        [before] = read(target, [view])
        readings = read(target, [narrowed(view, choice) for choice in left])
        after = before if view.private else read(target, [view])[0]
        seen = [
            (choice, reading, wrong(choice, reading, before.items, after.items))
            for choice, reading in zip(left, readings, strict=True)
        ]
        ended += [each for each in seen if not each[2] or (not again and not moved(target, view, each[1].pages))]
        left = [choice for choice, _, faults in seen if faults]
        if not left:
            break
    return ended


def by_pages(target: Target, judge: Judge, chosen: Iterable[Chosen]) -> None:
    """Hold that of the filters of each meaning one choice is the same by small pages."""
    for _, same in groupby(chosen, lambda each: each[0].parts[0][0].meaning):
        several = [(choice, reading) for choice, reading in same if reading.whole and len(reading.keys) > 1]
        if several:
            cut(target, judge, *min(several, key=lambda each: len(each[1].keys)))


def cut(target: Target, judge: Judge, choice: Choice, reading: Reading, *, size: int = 0, order: str = "") -> None:
    """Hold that what was chosen comes again by pages of a size: two of them if none is given."""
    operation = reading.view.collection.operation
    if not (operation.paged or reading.view.collection.posted):
        return
    orders = [("order_by", order)] if order else []
    size = max(size or -(-len(reading.keys) // 2), -(-len(reading.keys) // PAGES))
    for again in range(1 if reading.view.private else TRIES)[::-1]:
        [pages] = read(target, [reading.view], *orders, size=size)
        whole_again = reading if reading.view.private else read(target, [reading.view])[0]
        same = sorted(pages.keys, key=str) == sorted(whole_again.keys, key=str)
        same = same and {page.total for page in pages.pages} == {page.total for page in whole_again.pages}
        if same or not again:
            break
    text = f"{reading.view}: {choice} by pages of {size}{' in the order ' + order if order else ''}"
    judge.that(same, [*reading.story, *pages.story], f"{text} chooses {len(whole_again.keys)} items; {_told(pages)}")


def _told(reading: Reading) -> str:
    return "; ".join(map(str, reading.pages))


def paired(target: Target, judge: Judge, view: View) -> None:
    """Hold how that which true and false choose belongs together, where an item does not show why it is chosen."""
    there = filters.of(target.interface, view.collection.operation)
    for one in (each for each in there if each.meaning in PAIRED):
        for _ in range(TRIES):
            true, false = read(target, [narrowed(view, Choice(((one, value),))) for value in (True, False)])
            [found] = read(target, [view])
            if not (fault := _unpaired(one, set(found.keys), set(true.keys), set(false.keys))):
                break
        judge.that(not fault, [*found.story, *true.story, *false.story], f"{view}: {fault or one.name}")


def _unpaired(one: Filter, found: set[Key], true: set[Key], false: set[Key]) -> str:
    if one.meaning == "widens":
        lost = len(true - false)
        return f"{one.name}=false is to choose all that true chooses; {lost} items are missing" if lost else ""
    if true & false:
        return f"{one.name}: {len(true & false)} items are chosen by true and by false"
    missing = len(found - true - false)
    return f"{one.name}: {missing} items are chosen neither by true nor by false" if missing else ""
