"""Which deviations a run of the proof puts before the suite."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fnmatch import fnmatchcase

from mockserver.deviations import catalogue
from tests.proof import prints
from tests.proof.areas import area_of
from tests.proof.idle import cells, useless
from tests.proof.matrix import Matrix, reasons

#: So many deviations of each area are run again when only the core differs.
SAMPLE = 1


def touched(matrix: Matrix) -> list[str]:
    """Those without a row, those whose row rests on something else by now, and those of which something is open."""
    open_ = {name for cell in useless(matrix.rows) for name in cells()[cell]}
    kept = reasons()
    return [
        name
        for name, deviation in catalogue().items()
        if (row := matrix.rows.get(name)) is None
        or prints.rests_on(deviation, row) != row.rests_on
        or (not row.killed and name not in kept)
        or not open_.isdisjoint(deviation.breaks)
    ]


def sample(matrix: Matrix) -> list[str]:
    """A few of each area, where suite, mock or data differ from those that the matrix was made with; else none."""
    core = prints.core()
    if core == matrix.core:
        return []
    dice, by_area = random.Random(core), dict[str, list[str]]()  # noqa: S311 - the same for the same core
    for name, deviation in catalogue().items():
        by_area.setdefault(area_of(deviation), []).append(name)
    return [name for names in by_area.values() for name in dice.sample(names, min(SAMPLE, len(names)))]


def chosen(matrix: Matrix, patterns: Sequence[str], *, everything: bool) -> list[str]:
    """What a run is about, the slowest first: what was asked for by name or area, all, or what a change touched."""
    if everything:
        names = list(catalogue())
    elif patterns:
        asked = {*patterns}
        names = [
            name
            for name, each in catalogue().items()
            if area_of(each) in asked or any(fnmatchcase(name, pattern) for pattern in patterns)
        ]
    else:
        names = list(dict.fromkeys([*touched(matrix), *sample(matrix)]))
    return sorted(names, key=lambda name: -matrix.rows[name].seconds if name in matrix.rows else -60.0)
