"""What was measured, as it is committed: one file for each API."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.stock.findings import Finding, Findings, table, untable

FOLDER = Path(__file__).parent / "measured"
PARTS = ("both", "asked", "mock", "airflow")
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

    head: dict[str, Any]
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
    return Kept(told, *(untable(told[part] or {}) for part in PARTS))


def measured(api: str, release: str, examples: int, ours: Findings, theirs: Findings, asked: Set[Finding]) -> None:
    """Keep what a real Airflow shows beside the mock; `asked` are those of ours that it shows when asked the same."""
    head = {
        "airflow_release": release,
        "schemathesis": version("schemathesis"),
        "date": datetime.now(UTC).date().isoformat(),
        "examples": examples,
        "requests": {"mock": ours.requests, "airflow": theirs.requests},
    }
    _save(api, head, ours.kinds.keys(), theirs.kinds.keys(), asked)


def again(api: str, ours: Findings, asked: Set[Finding]) -> None:
    """Keep what the mock shows now beside what Airflow was measured to show; `asked` are more of those."""
    known = load(api)
    head = {name: value for name, value in known.head.items() if name not in PARTS}
    head["requests"]["mock"] = ours.requests
    _save(api, head, ours.kinds.keys(), known.both | known.airflow, known.asked | asked)


def _save(api: str, head: Mapping[str, Any], ours: Set[Finding], theirs: Set[Finding], asked: Set[Finding]) -> None:
    both = ours & theirs
    parts = (both, (ours & asked) - both, ours - theirs - asked, theirs - both)
    told = dict(head) | {name: table(findings) for name, findings in zip(PARTS, parts, strict=True)}
    text = yaml.safe_dump(told, sort_keys=False, width=120, default_flow_style=None)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{api}.yaml").write_text(HEAD.format(api=api) + text)
