"""What real Airflow answered, as it is kept: JSON with a few lines for each exchange."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.twins.twin import SETUPS, Twin

FOLDER = Path(__file__).parent / "recordings"


@dataclass(frozen=True)
class Recording:
    """`airflow` is the exact version; `exchanges` name -> how it was asked, and status, headers and body."""

    airflow: str
    profile: str
    settings: list[str]
    date: str
    exchanges: dict[str, dict[str, Any]]

    @classmethod
    def load(cls, version: str) -> Recording:
        """Read the recording of a version."""
        return cls(**json.loads(path(version).read_text()))

    def save(self, version: str) -> None:
        """Write it."""
        head = {"airflow": self.airflow, "profile": self.profile, "settings": self.settings, "date": self.date}
        lines = ",\n".join(f"{json.dumps(name)}: {_lines(one)}" for name, one in self.exchanges.items())
        start = json.dumps(head, indent=1).removesuffix("\n}")
        path(version).write_text(f'{start},\n "exchanges": {{\n{lines}\n}}\n}}\n')


def made(twin: Twin, release: str, answers: Mapping[str, dict[str, Any]]) -> Recording:
    """The recording of what an Airflow of that release answered just now."""
    exchanges = {step.name: {"asked": step.told(), **answers[step.name]} for step in twin.steps}
    profile, today = SETUPS[twin.version]["profile"], datetime.now(UTC).date().isoformat()
    return Recording(release, profile, twin.settings, today, exchanges)


def path(version: str) -> Path:
    """The file of a version."""
    return FOLDER / f"airflow-{version}.json"


def _lines(exchange: Mapping[str, Any]) -> str:
    members = (f" {json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}" for name, value in exchange.items())
    return "{\n" + ",\n".join(members) + "}"
