"""What cannot be reached of an interface on some target, with the reason: `unreached.yaml` beside each API's data.

A list of entries. `operation` (an id) and `reason` are always there; `status` and `media` narrow an entry to one of the
successes that the contract documents, `since` and `until` (both inclusive) to versions. `applies` has the facts under
which it holds, `unless` those under which it does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from specs import yamlfile
from specs.predicate import holds
from specs.versions import Version, within


@dataclass(frozen=True)
class Excuse:
    """Why an operation, or one of its successes, need not be seen."""

    operation: str
    reason: str
    status: int | None = None
    media: str | None = None
    since: str | None = None
    until: str | None = None
    applies: Mapping[str, Any] = field(default_factory=dict)
    unless: Mapping[str, Any] = field(default_factory=dict)

    def covers(self, operation: str, status: int, media: str) -> bool:
        """Whether it is about this success of this operation."""
        return operation == self.operation and self.status in (None, status) and self.media in (None, media)

    def holds(self, version: Version, facts: Mapping[str, object]) -> bool:
        """Whether it counts on an Airflow of this version that is set up like this."""
        without = bool(self.unless) and holds(self.unless, facts)
        return within(version, self.since, self.until) and holds(self.applies, facts) and not without


@cache
def load(api: str) -> tuple[Excuse, ...]:
    """The excuses of an API. TypeError for a key that does not exist."""
    return tuple(Excuse(**entry) for entry in yamlfile.read("conformance", f"apis/{api}/unreached.yaml"))
