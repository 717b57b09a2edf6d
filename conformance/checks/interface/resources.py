"""The operations of an interface by what they are about: one check for each resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from conformance.fixtures import RUN
from conformance.marks import about
from specs.contract import Operation

#: Resources with fewer operations share one check, of this name.
LEAST, OTHERS = 3, "others"


def resource(operation: Operation) -> str:
    """What an operation is about: the last part of its path that a parameter follows, else the last of all."""
    parts = operation.path.split("/")
    fixed = [part for part, after in zip(parts, [*parts[1:], ""], strict=True) if part and after.startswith("{")]
    return next((part for part in reversed(fixed) if not part.startswith("{")), parts[-1])


def grouped(operations: Iterable[Operation]) -> Mapping[str, list[Operation]]:
    """Operations by resource; those of small ones under OTHERS."""
    found: dict[str, list[Operation]] = {}
    for each in operations:
        found.setdefault(resource(each), []).append(each)
    large = {name: those for name, those in found.items() if len(those) >= LEAST}
    return {**large, OTHERS: [each for name, those in found.items() if name not in large for each in those]}


def parametrize(metafunc: pytest.Metafunc) -> None:
    """A check for each resource of the target's interface: `mine` are its operations."""
    groups = grouped(metafunc.config.stash[RUN].interface.operations.values())
    those = {name: frozenset(each.id for each in group) for name, group in groups.items()}
    metafunc.parametrize("mine", [pytest.param(ids, id=name, marks=about(*sorted(ids))) for name, ids in those.items()])
