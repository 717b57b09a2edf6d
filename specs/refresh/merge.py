"""Several versions of one JSON document as one, whose elements say in which versions they are.

The inverse is `specs.contract.cut`. The encoding, in the words of `specs/contract.py`, is exact for every JSON document
that has none of its marks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from specs.contract import ALTERNATIVES, NAMED_ITEMS, SINCE, UNTIL
from specs.refresh.facts import canonical, identity

_LISTS = frozenset({"parameters", "security", "anyOf", "oneOf", "allOf"})


def merge(documents: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Merge documents, given oldest version first; ValueError when one of them already has marks."""
    for version, document in documents.items():
        _refuse_marks(document, version)
    return _objects(documents)


def _objects(objects: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    versions = list(objects)
    merged: dict[str, Any] = {}
    alternatives: dict[tuple[int, int], dict[str, Any]] = {}
    for key in _keys(objects):
        values = {version: one[key] for version, one in objects.items() if key in one}
        found = _value(key, values, versions)
        if found is not None:
            merged |= found
            continue
        for first, last, value in _runs(values, versions):
            alternatives.setdefault((first, last), {})[key] = value
    if alternatives:
        merged[ALTERNATIVES] = [
            {**_marks(first, last, versions), **values} for (first, last), values in sorted(alternatives.items())
        ]
    return merged


def _keys(objects: Mapping[str, dict[str, Any]]) -> list[str]:
    """The newest version's order first, then what only older ones have."""
    return list(dict.fromkeys(key for one in reversed(list(objects.values())) for key in one))


def _value(key: str, values: Mapping[str, Any], versions: Sequence[str]) -> dict[str, Any] | None:
    """Encode one key in place; None when only alternatives can say it."""
    every = list(values.values())
    marks = _presence(values, versions)
    if marks is not None and all(isinstance(value, dict) for value in every):
        return {key: {**marks, **_objects(values)}}
    if marks == {} and all(_same(value, every[0]) for value in every):
        return {key: every[0]}
    if all(isinstance(value, list) and value for value in every):
        return _list(key, values, versions)
    return None


def _list(key: str, lists: Mapping[str, list[Any]], versions: Sequence[str]) -> dict[str, Any] | None:
    found: dict[str, dict[str, Any]] = {}
    for version, items in lists.items():
        names = [identity(key, item) for item in items]
        if names != sorted(set(names)):  # an order that counts, or two items of one name
            return None
        for name, item in zip(names, items, strict=True):
            found.setdefault(name, {})[version] = item
    marks = {name: _presence(found[name], versions) for name in sorted(found)}
    items = [item for values in found.values() for item in values.values()]
    if None in marks.values():
        return None
    if key in NAMED_ITEMS and all(isinstance(item, str) for item in items):
        named = {next(iter(found[name].values())): mark for name, mark in marks.items()}
        if all(mark == next(iter(named.values())) for mark in named.values()):  # one range for the list says it shorter
            return None
        return {key: list(named), NAMED_ITEMS[key]: {item: mark for item, mark in named.items() if mark}}
    if key in _LISTS and all(isinstance(item, dict) for item in items):
        return {key: [{**(marks[name] or {}), **_objects(found[name])} for name in marks]}
    return None


def _presence(values: Mapping[str, Any], versions: Sequence[str]) -> dict[str, str] | None:
    """The marks of something present in these of the versions; None when it went and came back."""
    places = [versions.index(version) for version in values]
    first, last = places[0], places[-1]
    return _marks(first, last, versions) if last - first + 1 == len(places) else None


def _marks(first: int, last: int, versions: Sequence[str]) -> dict[str, str]:
    since = {} if first == 0 else {SINCE: versions[first]}
    return since if last == len(versions) - 1 else {**since, UNTIL: versions[last]}


def _runs(values: Mapping[str, Any], versions: Sequence[str]) -> list[tuple[int, int, Any]]:
    """Neighbouring versions that agree: (first place, last place, value)."""
    runs: list[tuple[int, int, Any]] = []
    for version, value in values.items():
        place = versions.index(version)
        if runs and runs[-1][1] == place - 1 and _same(runs[-1][2], value):
            runs[-1] = (runs[-1][0], place, value)
        else:
            runs.append((place, place, value))
    return runs


def _same(one: Any, other: Any) -> bool:
    """Equality of JSON values, for which true is not 1."""
    return canonical(one) == canonical(other)


def _refuse_marks(node: Any, version: str) -> None:
    if isinstance(node, dict):
        marks = {SINCE, UNTIL, ALTERNATIVES, *NAMED_ITEMS.values()} & node.keys()
        if marks:
            raise ValueError(f"the document of {version} has a key of its own called {min(marks)}")
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _refuse_marks(child, version)
