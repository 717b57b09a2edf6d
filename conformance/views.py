"""Which parts of which collections a check can look at, given what may be put into the target."""

from __future__ import annotations

from collections.abc import Collection as Names
from collections.abc import Iterable

from conformance.collections import Collection, View, few, whole
from conformance.content import Content
from conformance.filling import FillError


def views(content: Content, collections: Iterable[Collection], *, only: Names[str] = ()) -> list[View]:
    """The collections that can be filled as declared; those in `only`, if it names any."""
    return [view for each in _chosen(collections, only) if (view := _filled(each, content))]


def narrow(content: Content, collections: Iterable[Collection], *, only: Names[str] = ()) -> list[View]:
    """The same, narrowed to about ten items where that is possible."""
    return [view for each in _chosen(collections, only) if _filled(each, content) for view in [few(each, content)]]


def available(content: Content, collections: Iterable[Collection], *, only: Names[str] = ()) -> list[View]:
    """The same, and in place of those that cannot be filled what is there anyway."""
    chosen = _chosen(collections, only)
    found = [_filled(each, content) or _as_it_is(each) for each in chosen]
    return [view for view in found if view]


def _chosen(collections: Iterable[Collection], only: Names[str]) -> list[Collection]:
    return [each for each in collections if not only or each.operation.id in only]


def _filled(collection: Collection, content: Content) -> View | None:
    try:
        return whole(collection, content)
    except FillError:
        return None


def _as_it_is(collection: Collection) -> View | None:
    """The collection without its query, of all DAGs, unless its path needs something that is not there."""
    path = {name: value.replace("{dag}", "~") for name, value in collection.path.items()}
    if any("{" in value for value in path.values()):
        return None
    query = {name: value for name, value in collection.own.items() if "{" not in str(value)}
    return View(collection, path, query)
