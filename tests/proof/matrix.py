"""The kill matrix: which checks of the suite found each deviation of the mock, kept in matrix.yaml.

A row tells of one deviation, put before the checks of the requirements that it breaks:

    cap-off-by-one:
      setup: [airflow-3]                             the profile, and what was set otherwise in it
      found: {PUB-PAGE-001: [CHECK, CHECK]}          the checks that found it, by requirement, in the order of the run
      seconds: 3.1
      run: 2026-11-21
      rests_on: 0123456789ab                         a fingerprint: see tests.proof.prints

A deviation that no check found has no `found`: it is a survivor, and has a reason in survivors.yaml.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
MATRIX, SURVIVORS = HERE / "matrix.yaml", HERE / "survivors.yaml"
_HEAD = "# Written by nox -s proof: which checks find which deviation of the mock; tests/proof/matrix.py explains it.\n"


@dataclass(frozen=True)
class Row:
    """What became of one deviation. `found`: names of checks, without parameters, by requirement."""

    setup: tuple[str, ...]
    found: Mapping[str, tuple[str, ...]]
    seconds: float
    run: str
    rests_on: str = ""

    @property
    def killed(self) -> bool:
        """Whether a check found it."""
        return any(self.found.values())

    @property
    def first(self) -> str:
        """The check that found it first; empty when none did."""
        return next((checks[0] for checks in self.found.values() if checks), "")

    @cached_property
    def checks(self) -> frozenset[str]:
        """All checks that found it."""
        return frozenset(check for checks in self.found.values() for check in checks)

    def written(self) -> dict[str, Any]:
        """The row as it is kept."""
        found = {name: list(checks) for name, checks in self.found.items() if checks}
        told = {"setup": list(self.setup), "found": found, "seconds": round(self.seconds, 1), "run": self.run}
        return {**told, "rests_on": self.rests_on}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Row:
        """A row that was kept."""
        found = {name: tuple(checks) for name, checks in kept["found"].items()}
        return cls(tuple(kept["setup"]), found, kept["seconds"], kept["run"], kept["rests_on"])


@dataclass
class Matrix:
    """All rows by deviation. `core` is the fingerprint of what all of them rest on.

    `whole` tells of the last run of all of them: its date, how many deviations, processes and seconds.
    """

    rows: dict[str, Row] = field(default_factory=dict)
    core: str = ""
    whole: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path = MATRIX) -> Matrix:
        """The matrix that is kept; an empty one where none is."""
        if not file.exists():
            return cls()
        kept = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        rows = {name: Row.read(row) for name, row in kept["rows"].items()}
        return cls(rows, kept["core"], kept["whole"])

    def save(self, file: Path = MATRIX) -> None:
        """Keep it."""
        rows = {name: self.rows[name].written() for name in sorted(self.rows)}
        told = {"core": self.core, "whole": self.whole, "rows": rows}
        text = yaml.safe_dump(told, sort_keys=False, width=120, default_flow_style=None, allow_unicode=True)
        file.write_text(_HEAD + text)

    @property
    def survivors(self) -> list[str]:
        """The deviations that no check found."""
        return [name for name, row in self.rows.items() if not row.killed]


def reasons(file: Path = SURVIVORS) -> dict[str, str]:
    """Why a deviation may survive, by name."""
    return yaml.safe_load(file.read_text()) or {}
