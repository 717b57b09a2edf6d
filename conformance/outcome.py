"""What one check saw, as data: it goes from a worker to the controller, and from there into every report.

Everything in here is made of JSON types, exchanges included (`conformance.reporting.transcript` makes them, redacted).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from conformance.verdict import Level, Tally, Verdict, of_check, worst

Transcript = dict[str, Any]

#: The reason of a verdict where there is no better one.
UNOBSERVED = "the check made no observation"


@dataclass
class Violation:
    """One place where the target did not do what a requirement demands.

    `departure` and `waiver` name what accounts for it: the id of a departure, the place of a waiver (file:line).
    `example` holds the values that a property-based check had drawn.
    """

    requirement: str
    message: str
    exchanges: list[Transcript] = field(default_factory=list)
    operation: str | None = None
    departure: str | None = None
    waiver: str | None = None
    example: str = ""

    @property
    def excused(self) -> bool:
        """Whether a departure or a waiver accounts for it."""
        return self.departure is not None or self.waiver is not None


@dataclass
class Mismatch:
    """A value of the profile that the target does not bear out."""

    key: str
    where: str
    says: str
    found: str

    def __str__(self) -> str:
        return f"the profile does not describe the target: {self.where} says {self.key} = {self.says}, {self.found}"


@dataclass
class Outcome:
    """All that one check saw. `reached`: operation, status and media type of each success for the ledger."""

    check: str
    title: str = ""
    requirements: list[str] = field(default_factory=list)
    observed: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    mismatches: list[Mismatch] = field(default_factory=list)
    unreached: str | None = None
    error: str | None = None
    evidence: list[Transcript] = field(default_factory=list)
    reached: list[tuple[str, int, str]] = field(default_factory=list)
    requests: int = 0
    seconds: float = 0.0

    def tally(self, requirement: str) -> Tally:
        """What it saw of one requirement, counted."""
        mine = [violation for violation in self.violations if violation.requirement == requirement]
        return Tally(
            observations=self.observed.get(requirement, 0),
            violations=sum(not violation.excused for violation in mine),
            waived=sum(violation.waiver is not None for violation in mine),
            departing=sum(violation.departure is not None for violation in mine),
            error=self.error is not None,
            unreached=self.unreached is not None or bool(self.mismatches),
        )

    def verdict(self, requirement: str, level: Level) -> Verdict:
        """Its verdict on one of its requirements."""
        return of_check(level, self.tally(requirement))

    def overall(self, levels: Mapping[str, Level]) -> Verdict:
        """Its worst verdict on any of its requirements."""
        return worst(self.verdict(name, levels[name]) for name in self.requirements)

    def reason(self, requirement: str) -> str:
        """Why its verdict on a requirement is not a plain PASS, in one line; empty when it is."""
        mine = [violation for violation in self.violations if violation.requirement == requirement]
        worst_first = sorted(mine, key=lambda violation: violation.excused)
        if worst_first and not worst_first[0].excused:
            return worst_first[0].message
        if self.error or self.unreached:
            return self.error or self.unreached or ""
        if self.mismatches:
            return str(self.mismatches[0])
        if worst_first:
            return worst_first[0].message
        return "" if self.observed.get(requirement) else UNOBSERVED

    def to_json(self) -> dict[str, Any]:
        """The same as JSON types."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outcome:
        """What `to_json` gave."""
        known = {item.name for item in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        values["violations"] = [Violation(**violation) for violation in data["violations"]]
        values["mismatches"] = [Mismatch(**mismatch) for mismatch in data["mismatches"]]
        values["reached"] = [(str(name), int(status), str(media)) for name, status, media in data["reached"]]
        return cls(**values)
