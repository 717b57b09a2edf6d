"""Variables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mockserver.world.habits import has
from mockserver.world.masking import MASK, masked, sensitive
from mockserver.world.record import Record
from specs.versions import Version


@dataclass(eq=False)
class Variable(Record):
    """A variable; its value is text."""

    number: int
    key: str
    value: str
    description: str | None = None
    team_name: str | None = None

    def shown_value(self, version: Version) -> str:
        """The value with what sounds secret masked: by the variable's key, or by the keys in a JSON value.

        A value that is JSON comes in JSON's usual form. before 3.2 it looks at the outermost keys only.
        """
        try:
            value = json.loads(self.value)
        except ValueError:
            return MASK if sensitive(self.key, version) else self.value
        depth = 99 if has(version, "masks reach below the first level") else 1
        return json.dumps(masked(value, version, self.key, depth=depth))


def as_text(value: Any, version: Version, *, json_too: bool = False) -> str:
    """The text that Airflow keeps for a value: JSON from 3.3 on, what Python prints before (measured 3.3.2, 3.0.6)."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if json_too or has(version, "variables are kept as JSON") else str(value)
