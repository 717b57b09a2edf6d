"""Where things of a kind are: what they belong to is made, and named."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.checks.stateful.before import prepare
from conformance.checks.stateful.resource import Resource
from conformance.judge import Judge
from conformance.target import Target
from conformance.words import NotToBeHad, Words


def place(target: Target, judge: Judge, resource: Resource) -> Mapping[str, str]:
    """The values of the path parameters of what the things belong to. Ends the check where that cannot be had."""
    words = Words(target)
    prepare(target, judge, resource.before, words)
    try:
        return {name: str(words.filled(value)) for name, value in resource.place.items()}
    except NotToBeHad as reason:
        judge.unreached(str(reason))
