"""Which checks find something: each has to, for every API whose requirements it decides, or idle.yaml says why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import yaml

from conformance.catalogue import checks
from mockserver.deviations import catalogue
from tests.proof.matrix import Row

#: A check, and the API: the first letters of the requirements that it decides there.
Cell = tuple[str, str]


@cache
def cells() -> dict[Cell, tuple[str, ...]]:
    """Every check for each of its APIs, and the requirements that it decides there."""
    found: dict[Cell, list[str]] = {}
    for check in checks():
        for name in check.requirements:
            found.setdefault((check.name, name[:3]), []).append(name)
    return {cell: tuple(names) for cell, names in found.items()}


def kills(rows: Iterable[Row]) -> Counter[Cell]:
    """How many deviations each check has found."""
    return Counter(
        cell for row in rows for cell in {(check, name[:3]) for name, checks in row.found.items() for check in checks}
    )


def idle(rows: Iterable[Row]) -> list[Cell]:
    """The checks that find nothing."""
    busy = kills(rows)
    return [cell for cell in cells() if not busy[cell]]


def useless(rows: Mapping[str, Row]) -> list[Cell]:
    """Those of them that may not: without a reason, and with nothing left to be run that they could find."""
    left = {broken for name, one in catalogue().items() if name not in rows for broken in one.breaks}
    return [cell for cell in idle(rows.values()) if cell not in excused() and left.isdisjoint(cells()[cell])]


def excused() -> dict[Cell, str]:
    """The checks that cannot find anything, and why."""
    kept = yaml.safe_load((Path(__file__).parent / "idle.yaml").read_text()) or []
    return {(each["check"], api): each["reason"] for each in kept for api in each["apis"]}
