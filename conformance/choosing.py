"""The items that filters choose from a collection: what is to be among them, and what is wrong with an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.collections import Key, View
from conformance.exchange import Exchange
from conformance.filters import Filter, Verdict
from conformance.pages import MOST_PAGES, Fault, Page, ask_each, keys, walk
from conformance.target import Target

#: So many items are read at once, and more pages than these are not read: then only the first one is judged.
LARGEST, MOST = 100, 4


@dataclass(frozen=True)
class Choice:
    """Filters with their values, all of which an item has to meet."""

    parts: tuple[tuple[Filter, Any], ...]

    def __str__(self) -> str:
        return " and ".join(f"{name}={value!r}" for name, value in self.query)

    @property
    def query(self) -> list[tuple[str, Any]]:
        """The parameters that say so."""
        return [pair for one, value in self.parts for pair in one.query(value)]

    def holds(self, item: Any, key: Key) -> Verdict:
        """Whether an item is to be chosen; None where nobody can tell."""
        verdicts = [one.holds(item, value, str(key[0])) for one, value in self.parts]
        return False if False in verdicts else None if None in verdicts else True

    def shown(self, item: Any) -> list[Any]:
        """What an item shows of what the filters go by."""
        return [one.found(item) for one, _ in self.parts]


Items = Mapping[Key, Any]


@dataclass(frozen=True)
class Reading:
    """What was read of a view; `whole`: it is all that the view has."""

    view: View
    pages: tuple[Page, ...]
    whole: bool = True

    @property
    def keys(self) -> list[Key]:
        """The keys of the items, in the order they came."""
        return keys(self.view, self.pages)

    @property
    def story(self) -> list[Exchange]:
        """The exchanges of its pages."""
        return [page.exchange for page in self.pages]

    @property
    def items(self) -> Items:
        """The items by their keys."""
        return {self.view.collection.key_of(item): item for page in self.pages for item in page.held}


def read(target: Target, views: Sequence[View], *order: tuple[str, Any], size: int = 0) -> list[Reading]:
    """All that several views have, by pages of a size, or by the largest ones; of what is long only the first page."""
    largest = min(target.profile.page_limit, LARGEST)
    firsts = ask_each(target, [(view, _page(view, size or largest, *order)) for view in views])
    return [_rest(target, view, first, size, largest, order) for view, first in zip(views, firsts, strict=True)]


def _page(view: View, size: int, *order: tuple[str, Any]) -> list[tuple[str, Any]]:
    operation = view.collection.operation
    return [*order, ("limit", size)] if operation.paged or view.collection.posted else [*order]


def _rest(
    target: Target, view: View, first: Page, size: int, largest: int, order: Sequence[tuple[str, Any]]
) -> Reading:
    if not first.sound or (first.total or 0) <= len(first.held) or not _page(view, 1):
        return Reading(view, (first,))
    if (first.total or 0) > (MOST_PAGES * size if size else MOST * largest):
        return Reading(view, (first,), whole=False)
    return Reading(view, tuple(walk(target, view, size or largest, *order)))


def narrowed(view: View, choice: Choice) -> View:
    """A view with a choice on top; where both speak of the same, the choice counts."""
    query = choice.query
    return replace(view, query={**view.query, **dict(query)})


def wrong(choice: Choice, reading: Reading, before: Items, after: Items) -> list[Fault]:
    """What is wrong with what was chosen from a view that held these items before and after."""
    if broken := next((page for page in reading.pages if not page.sound), None):
        return [(f"what {choice} chooses is to be listed; {broken}", [broken.exchange])]
    return [
        *_foreign(choice, reading),
        *(_miscounted(choice, reading) if reading.whole else ()),
        *(_missing(choice, reading, before, after) if reading.whole else ()),
    ]


def _foreign(choice: Choice, reading: Reading) -> list[Fault]:
    """What the choice does not mean; and where the view is narrowed to what is known, what is not known."""
    view, found = reading.view, list[Fault]()
    narrowing = {*view.collection.own, *view.collection.few}
    strict = view.exact and narrowing.isdisjoint(name for name, _ in choice.query)
    for page in reading.pages:
        for item in page.held:
            key = view.collection.key_of(item)
            if choice.holds(item, key) is False or (strict and key not in view.keys):
                text = f"{choice} is not to choose {_named(key)}, which has {choice.shown(item)}"
                found.append((f"{text}; {page}", [page.exchange]))
    return found


def _miscounted(choice: Choice, reading: Reading) -> list[Fault]:
    found: list[Fault] = []
    if len(set(reading.keys)) < len(reading.keys):
        found.append((f"{choice} is to choose each item once; of {len(reading.keys)} some came again", reading.story))
    if any(page.total != len(reading.keys) for page in reading.pages):
        totals = ", ".join(str(page.total) for page in reading.pages)
        found.append((f"{choice} chooses {len(reading.keys)} items; total_entries said {totals}", reading.story))
    return found


def _missing(choice: Choice, reading: Reading, before: Items, after: Items) -> list[Fault]:
    found: list[Fault] = []
    chosen = set(reading.keys)
    for key, item in before.items():
        stayed = key in after and choice.shown(item) == choice.shown(after[key])
        if stayed and key not in chosen and choice.holds(item, key):
            text = f"{choice} is to choose {_named(key)}, which has {choice.shown(item)}"
            found.append((f"{text}; it chose {len(chosen)} others", reading.story))
    return found


def _named(key: Key) -> str:
    return "/".join(map(str, key))[:120]
