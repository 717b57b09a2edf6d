"""Strategies for what can be done to things of a kind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from conformance.checks.stateful import acts
from conformance.checks.stateful.acts import Act
from conformance.checks.stateful.model import Said
from conformance.checks.stateful.resource import Change, Resource
from conformance.strategies.names import ends
from conformance.strategies.values import values

Ends = st.SearchStrategy[str]
_PLAIN = "abzAZ019"


def steps(resource: Resource, known: Ends) -> st.SearchStrategy[Act]:
    """Anything that can be done; `known` has the ends of names that were used before. Changes come most often."""
    return st.one_of(list(_kinds(resource, known)))


def creations(resource: Resource, ends: Ends) -> st.SearchStrategy[acts.Create]:
    """Creations; they say what is needed always, the rest now and then."""
    return st.builds(acts.Create, ends, creations_said(resource))


def fresh(resource: Resource) -> Ends:
    """Ends of names of the kind."""
    return ends(resource.letters, resource.longest)


def _kinds(resource: Resource, known: Ends) -> Iterator[st.SearchStrategy[Act]]:
    yield creations(resource, st.one_of(known, fresh(resource)))
    for number, change in enumerate(resource.changes):
        yield from [_change(resource, known, number, change)] * 2
    if resource.kind.delete:
        yield st.builds(acts.Delete, known)
    if resource.flaws:
        flaws = st.sampled_from(resource.flaws)
        yield st.builds(acts.CreateWrongly, st.one_of(known, fresh(resource)), creations_said(resource), flaws)
    looks: list[st.SearchStrategy[Act]] = []
    if resource.orders:
        orders = st.sampled_from([sign + name for name in resource.orders for sign in ("", "-")])
        looks.append(st.builds(acts.Window, st.integers(1, 5), orders))
    if resource.kind.pattern:
        looks.append(st.builds(acts.Only, st.text(_PLAIN, min_size=1, max_size=2)))
    if looks:
        yield st.one_of(looks)


def creations_said(resource: Resource) -> st.SearchStrategy[Said]:
    """What a creation says."""
    said = {each.name: values(each.values) for each in resource.fields if each.created}
    needed = [each.name for each in resource.fields if each.created and each.needed is not None]
    return _bodies(said, needed)


def bodies(resource: Resource, change: Change, *, all_of_it: bool = False) -> st.SearchStrategy[Said]:
    """What a change says: what it needs always, the rest now and then, or always."""
    said = {each.name: values(each.values) for each in resource.fields if each.name in change.sends}
    return _bodies(said, change.sends if all_of_it else change.needs).filter(bool)


def _bodies(said: Mapping[str, st.SearchStrategy[Any]], needed: Collection[str]) -> st.SearchStrategy[Said]:
    return st.fixed_dictionaries(
        {name: how for name, how in said.items() if name in needed},
        optional={name: how for name, how in said.items() if name not in needed},
    )


def _change(resource: Resource, known: Ends, number: int, change: Change) -> st.SearchStrategy[Act]:
    new_end = st.one_of(st.none(), fresh(resource)) if change.renames else st.none()
    return bodies(resource, change).flatmap(
        lambda said: st.builds(acts.Change, known, st.just(number), st.just(said), masks(change, said), new_end)
    )


def masks(change: Change, said: Said) -> st.SearchStrategy[list[str] | None]:
    """No mask, or some of what is said."""
    names = [name for name in change.masks if name in said]
    if not names:
        return st.none()
    return st.one_of(st.none(), st.lists(st.sampled_from(names), min_size=1, unique=True))
