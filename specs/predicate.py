"""Predicates on the facts of a profile, as requirements and departures write them under `applies`."""

from __future__ import annotations

from collections.abc import Mapping


def holds(applies: Mapping[str, object], facts: Mapping[str, object]) -> bool:
    """Whether each fact named is as wanted: equal to it or, where the fact is a set, holding it, or all of a list.

    A fact that is not there is not as wanted.
    """
    return all(name in facts and _fits(wanted, facts[name]) for name, wanted in applies.items())


def why_not(applies: Mapping[str, object], facts: Mapping[str, object]) -> str:
    """The first fact that is not as wanted, in words; empty when the predicate holds."""
    for name, wanted in applies.items():
        for one in wanted if isinstance(wanted, list) else [wanted]:
            if not holds({name: one}, facts):
                return f"not claimed: {one}" if name == "capabilities" else f"for {_words(name, one)} only"
    return ""


def _fits(wanted: object, fact: object) -> bool:
    if not isinstance(fact, (set, frozenset)):
        return wanted == fact
    return fact.issuperset(wanted) if isinstance(wanted, list) else wanted in fact


def _words(name: str, wanted: object) -> str:
    label = name.replace("_", " ")
    if isinstance(wanted, bool):
        return label if wanted else f"no {label}"
    return f"{label} {wanted}"
