"""The result of a run: from what the checks saw to the verdicts, and the one structure that every report is made of."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.outcome import UNOBSERVED, Outcome, Transcript, Violation
from conformance.selection import Skipped
from conformance.verdict import Level, RunVerdict, Verdict, of_requirement, of_run
from specs.departures import Departure
from specs.predicate import why_not
from specs.requirements import Requirement

#: How many exchanges of one requirement are kept as evidence.
EVIDENCE = 5


@dataclass(frozen=True)
class Row:
    """One requirement after the run."""

    requirement: Requirement
    verdict: Verdict
    reason: str
    checks: list[tuple[str, Verdict]] = field(default_factory=list)
    evidence: list[Transcript] = field(default_factory=list)

    @property
    def level(self) -> Level:
        """How strongly the document demands it."""
        return Level(self.requirement.level)


@dataclass(frozen=True)
class Entry:
    """One operation of the contract after the run: the documented success statuses, and which of them were seen."""

    id: str
    documented: tuple[int, ...]
    reached: tuple[int, ...]
    verdict: Verdict


@dataclass
class Book:
    """All that a run collects before it is judged.

    `problems` speak against the run itself; `doubts` say what the profile is wrong about.
    """

    requirements: Mapping[str, Requirement]
    facts: Mapping[str, object]
    operations: Mapping[str, Sequence[int]]
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: dict[str, Skipped] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def rows(self) -> list[Row]:
        """Every requirement with its verdict, in the order of the documents."""
        return [self._row(requirement) for requirement in self.requirements.values()]

    def ledger(self) -> list[Entry]:
        """Every operation of the contract with what was reached of it."""
        reached = Counter((name, status) for outcome in self.outcomes for name, status in outcome.reached)
        failed = {each.operation for each in self.violations() if not each.excused}
        return [self._entry(name, reached, name in failed) for name in self.operations]

    def violations(self) -> Iterable[Violation]:
        """Every violation of every check."""
        return (violation for outcome in self.outcomes for violation in outcome.violations)

    def mismatches(self) -> list[str]:
        """What the profile is wrong about, each once: as seen before the first check, and by the checks."""
        seen = (str(each) for outcome in self.outcomes for each in outcome.mismatches)
        return list(dict.fromkeys([*self.doubts, *seen]))

    def verdict(self) -> RunVerdict:
        """The verdict of the run."""
        rows = [(row.level, row.verdict) for row in self.rows()]
        return of_run(rows, checks=len(self.outcomes), problems=bool(self.problems or self.mismatches()))

    def levels(self) -> dict[str, Level]:
        """The level of each requirement."""
        return {name: Level(requirement.level) for name, requirement in self.requirements.items()}

    def not_claimed(self) -> list[str]:
        """Why checks were left out although their requirement applies: capabilities that were not claimed."""
        reasons = {skip.reason for skip in self.skipped.values() if skip.reason.startswith("not claimed")}
        return sorted({word for reason in reasons for word in reason.partition(": ")[2].split(", ")})

    def _row(self, requirement: Requirement) -> Row:
        if requirement.untestable:
            return Row(requirement, Verdict.NOT_APPLICABLE, f"untestable: {requirement.untestable}")
        if not requirement.applicable(self.facts):
            return Row(requirement, Verdict.NOT_APPLICABLE, why_not(requirement.applies, self.facts))
        mine = [outcome for outcome in self.outcomes if requirement.id in outcome.requirements]
        return self._judged(requirement, mine) if mine else self._left_out(requirement)

    def _judged(self, requirement: Requirement, outcomes: Sequence[Outcome]) -> Row:
        level = Level(requirement.level)
        checks = [(outcome.check, outcome.verdict(requirement.id, level)) for outcome in outcomes]
        verdict = of_requirement(verdict for _, verdict in checks)
        decisive = [outcome for outcome, (_, found) in zip(outcomes, checks, strict=True) if found is verdict]
        reasons = filter(None, (outcome.reason(requirement.id) for outcome in decisive))
        reason = min(reasons, key=lambda each: each == UNOBSERVED, default="")  # the first that says more, if one does
        evidence = [exchange for outcome in decisive for exchange in outcome.evidence][:EVIDENCE]
        return Row(requirement, verdict, reason, checks, evidence)

    def _left_out(self, requirement: Requirement) -> Row:
        mine = [skip for skip in self.skipped.values() if requirement.id in skip.case.requirements]
        if not mine:
            return Row(requirement, Verdict.UNREACHED, "no check of it was run")
        asked = [skip for skip in mine if skip.applicable]
        verdict = Verdict.UNREACHED if asked else Verdict.NOT_APPLICABLE
        return Row(requirement, verdict, (asked or mine)[0].reason)

    def _entry(self, name: str, reached: Mapping[tuple[str, int], int], failed: bool) -> Entry:
        documented = tuple(self.operations[name])
        seen = tuple(status for status in documented if (name, status) in reached)
        verdict = Verdict.PASS if seen else Verdict.UNREACHED
        return Entry(name, documented, seen, Verdict.FAIL if failed else verdict)


@dataclass(frozen=True)
class Circumstances:
    """When, where and with what a run was made. `profile` is redacted; times are in UTC.

    `leftovers` could not be removed from the target; `stays`: what its API has no way to remove.
    """

    suite_version: str
    profile: Mapping[str, Any]
    profile_name: str
    url: str
    version_seen: str | None
    started: datetime.datetime
    finished: datetime.datetime
    seed: int
    requests: int
    depth: str
    repeat: str = ""
    selected: Sequence[str] = ()
    leftovers: Sequence[str] = ()
    stays: Sequence[str] = ()


@dataclass(frozen=True)
class Result:
    """A judged run."""

    circumstances: Circumstances
    verdict: RunVerdict
    rows: Sequence[Row]
    ledger: Sequence[Entry]
    outcomes: Sequence[Outcome]
    skipped: Sequence[Skipped]
    problems: Sequence[str]
    mismatches: Sequence[str]
    not_claimed: Sequence[str]
    departures: Sequence[Departure]
    levels: Mapping[str, Level]

    def counts(self) -> dict[Verdict, int]:
        """How many requirements have each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in Verdict}

    def rows_with(self, *verdicts: Verdict) -> list[Row]:
        """The requirements with one of these verdicts."""
        return [row for row in self.rows if row.verdict in verdicts]

    def waived(self) -> list[Violation]:
        """The violations that a waiver accepts."""
        return [violation for outcome in self.outcomes for violation in outcome.violations if violation.waiver]


def judge(book: Book, circumstances: Circumstances, departures: Iterable[Departure]) -> Result:
    """The result of a run from all that it collected."""
    seen = {violation.departure for violation in book.violations()}
    return Result(
        circumstances=circumstances,
        verdict=book.verdict(),
        rows=book.rows(),
        ledger=book.ledger(),
        outcomes=book.outcomes,
        skipped=list(book.skipped.values()),
        problems=book.problems,
        mismatches=book.mismatches(),
        not_claimed=book.not_claimed(),
        departures=[departure for departure in departures if departure.id in seen],
        levels=book.levels(),
    )
