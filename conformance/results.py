"""The result of a run: from what the checks saw to the verdicts, and the one structure that every report is made of."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conformance import ledger
from conformance.coverage.sums import Sent
from conformance.ledger import Entry, Ledger, Seen
from conformance.needs import NOT_CLAIMED, NOT_RUNNING
from conformance.outcome import UNOBSERVED, Outcome, Transcript, Violation
from conformance.selection import Skipped
from conformance.verdict import Level, RunVerdict, Verdict, of_requirement, of_run, worst
from specs.departures import Departure
from specs.predicate import why_not
from specs.requirements import Requirement

#: How many exchanges of one requirement are kept as evidence.
EVIDENCE = 5
#: Why a requirement is not decided that no check was about.
NO_CHECK = "no check of it was run"


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


@dataclass
class Book:
    """All that a run collects before it is judged.

    `problems` speak against the run itself; `doubts` say what the profile is wrong about. `narrowed`: the operations
    that laws are to hold for, where these are not all.
    """

    requirements: Mapping[str, Requirement]
    facts: Mapping[str, object]
    ledger: Ledger
    outcomes: list[Outcome] = field(default_factory=list)
    skipped: dict[str, Skipped] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    narrowed: Collection[str] = ()

    def rows(self) -> list[Row]:
        """Every requirement with its verdict, in the order of the documents."""
        entries = self.entries()
        return [self._row(requirement, entries) for requirement in self.requirements.values()]

    def entries(self) -> list[Entry]:
        """Every operation of the interface with what was reached of it."""
        about = {name for name, requirement in self.requirements.items() if requirement.by_ledger}
        return self.ledger.entries(Seen(self.facts, self.levels(), self.outcomes, self.skipped, about), self.narrowed)

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
        """Why checks were left out although their requirement applies: what is not claimed, or does not run there."""
        reasons = {skip.reason.partition(": ") for skip in self.skipped.values()}
        told = {NOT_CLAIMED: "", NOT_RUNNING: f" ({NOT_RUNNING})"}
        return sorted({w + told[kind] for kind, _, words in reasons if kind in told for w in words.split(", ")})

    def _row(self, requirement: Requirement, entries: Sequence[Entry]) -> Row:
        if requirement.untestable:
            return Row(requirement, Verdict.NOT_APPLICABLE, f"untestable: {requirement.untestable}")
        if not requirement.applicable(self.facts):
            return Row(requirement, Verdict.NOT_APPLICABLE, why_not(requirement.applies, self.facts))
        mine = [outcome for outcome in self.outcomes if requirement.id in outcome.requirements]
        row = self._judged(requirement, mine) if mine else self._left_out(requirement)
        return _with_ledger(row, entries) if requirement.by_ledger else row

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
            return Row(requirement, Verdict.UNREACHED, NO_CHECK)
        asked = [skip for skip in mine if skip.applicable]
        verdict = Verdict.UNREACHED if asked else Verdict.NOT_APPLICABLE
        return Row(requirement, verdict, (asked or mine)[0].reason)


def _with_ledger(row: Row, entries: Sequence[Entry]) -> Row:
    """The worse of what the checks say and of what the ledger says; what has no check is decided by the ledger."""
    verdict, reason = ledger.of_entries(entries)
    if row.reason != NO_CHECK and worst((row.verdict, verdict)) is not verdict:
        return row
    return replace(row, verdict=verdict, reason=reason or row.reason.removeprefix(NO_CHECK))


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
    coverage: Sequence[Sent]
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


def judge(
    book: Book, circumstances: Circumstances, departures: Iterable[Departure], coverage: Sequence[Sent] = ()
) -> Result:
    """The result of a run from all that it collected."""
    seen = {violation.departure for violation in book.violations()}
    return Result(
        circumstances=circumstances,
        verdict=book.verdict(),
        rows=book.rows(),
        ledger=book.entries(),
        coverage=coverage,
        outcomes=book.outcomes,
        skipped=list(book.skipped.values()),
        problems=book.problems,
        mismatches=book.mismatches(),
        not_claimed=book.not_claimed(),
        departures=[departure for departure in departures if departure.id in seen],
        levels=book.levels(),
    )
