"""Where the mock is known to differ from a recording, and why: read from departures.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from tests.twins.comparing import Difference

FILE = Path(__file__).parent / "departures.yaml"


@dataclass(frozen=True)
class Departure:
    """Differences of some versions that have a reason; `exchanges` and `where` are globs in which a [ is no class."""

    versions: tuple[str, ...]
    exchanges: tuple[str, ...]
    reason: str
    where: tuple[str, ...] = ("*",)

    def covers(self, exchange: str, difference: Difference) -> bool:
        """Whether one of its globs `exchange` and the place are those of a difference."""
        return _like(difference.exchange, exchange) and any(_like(difference.where, one) for one in self.where)


@cache
def every() -> tuple[Departure, ...]:
    """All that are listed."""
    told = yaml.safe_load(FILE.read_text()) or ()
    return tuple(
        Departure(**{name: one if name == "reason" else tuple(one) for name, one in each.items()}) for each in told
    )


def _like(text: str, glob: str) -> bool:
    return fnmatchcase(text, glob.replace("[", "[[]"))
