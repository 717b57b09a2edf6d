"""Small values that tasks and assets keep from run to run (Airflow 3.3: the state stores)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mockserver.world.record import Record


@dataclass(eq=False)
class StoredState(Record):
    """One value under a key."""

    key: str
    value: Any
    updated_at: datetime
    expires_at: datetime | None = None
