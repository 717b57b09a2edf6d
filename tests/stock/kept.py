"""What was measured, as it is committed: one file for each API."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.stock.findings import Finding, Findings, table, untable

FOLDER = Path(__file__).parent / "measured"
HEAD = """\
# Written by `python -m tests.stock {api} --venv DIR`: what stock Schemathesis found with one document and one seed.
# check -> operation -> statuses of the answers (0: none came).
#   both      the mock and Airflow
#   asked     the mock; Airflow answers the same to the same request, which its own run did not come upon
#   mock      the mock alone, which is a fault of it
#   airflow   Airflow alone
"""


@dataclass(frozen=True)
class Kept:
    """Findings of the mock and of a real Airflow."""

    both: Set[Finding]
    asked: Set[Finding]
    mock: Set[Finding]
    airflow: Set[Finding]

    @property
    def shown(self) -> Set[Finding]:
        """What the real Airflow showed."""
        return self.both | self.asked | self.airflow


def load(api: str) -> Kept:
    """Read the file of an API."""
    told = yaml.safe_load((FOLDER / f"{api}.yaml").read_text())
    return Kept(*(untable(told[part] or {}) for part in ("both", "asked", "mock", "airflow")))


def save(api: str, release: str, examples: int, ours: Findings, theirs: Findings, asked: Iterable[Finding]) -> None:
    """Write the file of an API; `asked` are findings of ours that Airflow shows when asked the same."""
    both = ours.kinds.keys() & theirs.kinds.keys()
    head: dict[str, Any] = {
        "airflow_release": release,
        "schemathesis": version("schemathesis"),
        "date": datetime.now(UTC).date().isoformat(),
        "examples": examples,
        "requests": {"mock": ours.requests, "airflow": theirs.requests},
    }
    parts = {
        "both": both,
        "asked": set(asked),
        "mock": ours.kinds.keys() - both - set(asked),
        "airflow": theirs.kinds.keys() - both,
    }
    told = head | {name: table(findings) for name, findings in parts.items()}
    text = yaml.safe_dump(told, sort_keys=False, width=120, default_flow_style=None)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{api}.yaml").write_text(HEAD.format(api=api) + text)
