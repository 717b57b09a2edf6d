"""Predicates on the facts of a profile, as requirements and departures write them under `applies`."""

from __future__ import annotations

from collections.abc import Mapping


def holds(applies: Mapping[str, object], facts: Mapping[str, object]) -> bool:
    """Whether each fact named is as wanted: equal to it or, where the fact is a set, holding it.

    A fact that is not there is not as wanted.
    """
    return all(name in facts and _fits(wanted, facts[name]) for name, wanted in applies.items())


def why_not(applies: Mapping[str, object], facts: Mapping[str, object]) -> str:
    """The first fact that is not as wanted, in words; empty when the predicate holds."""
    for name, wanted in applies.items():
        if name == "capabilities" and not holds({name: wanted}, facts):
            return f"not claimed: {wanted}"
        if not holds({name: wanted}, facts):
            return f"for {_words(name, wanted)} only"
    return ""


def _fits(wanted: object, fact: object) -> bool:
    return wanted in fact if isinstance(fact, (set, frozenset)) else wanted == fact


def _words(name: str, wanted: object) -> str:
    label = name.replace("_", " ")
    if isinstance(wanted, bool):
        return label if wanted else f"no {label}"
    return f"{label} {wanted}"
