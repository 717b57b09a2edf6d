"""Why Airflow, and the mock that follows it, show what stock Schemathesis finds: read from reasons.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from tests.stock.findings import Finding

PARTS = ("checks", "statuses", "operations", "departures")


@dataclass(frozen=True)
class Reason:
    """The departures that findings are, or the reason why they are none; an empty part covers everything.

    `operations` are globs over "METHOD /path/{name}".
    """

    checks: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    operations: tuple[str, ...] = ()
    departures: tuple[str, ...] = ()
    reason: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it is about a finding."""
        return (
            (not self.checks or finding.check in self.checks)
            and (not self.statuses or finding.status in self.statuses)
            and (not self.operations or any(fnmatchcase(finding.operation, glob) for glob in self.operations))
        )


def load(api: str) -> list[Reason]:
    """The reasons for the findings of an API."""
    told: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "reasons.yaml").read_text())
    return [_reason(one) for one in told[api]]


def _reason(told: Mapping[str, Any]) -> Reason:
    checks, statuses, operations, known = (tuple(told.get(part, ())) for part in PARTS)
    return Reason(checks, statuses, operations, known, told.get("reason", ""))
