"""The ledger: every operation of the interface, each success that its contract documents, and whether it was seen.

A success is seen where a check says so (`judge.reached`): the operation answered so, on content that the check knew to
be there. What was not seen is UNREACHED, unless `unreached.yaml` has a reason, or all that could reach it needs what
is not claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from conformance.needs import lacking
from conformance.outcome import Outcome, Violation
from conformance.selection import NOT_SELECTED, Skipped
from conformance.unreached import Excuse
from conformance.verdict import Level, Verdict, worst
from specs.contract import Operation
from specs.versions import Version

#: How many operations with one reason, and how many reasons, are named.
NAMED, REASONS = 12, 4
#: Why an operation was not reached where nothing says more.
UNSEEN = "no check saw it succeed on content that is known to be there"


class Success(NamedTuple):
    """A documented success: its status; and its media type where the operation has several for that status."""

    status: int
    media: str = ""

    def __str__(self) -> str:
        return f"{self.status} {self.media}".strip()

    def seen(self, reached: Iterable[tuple[int, str]]) -> bool:
        """Whether it is one of the answers that were reached."""
        return any(status == self.status and self.media in ("", media) for status, media in reached)


class Way(NamedTuple):
    """A check that could reach an operation, and what it needs."""

    check: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One operation after the run. Of one that its document does not name (level MAY) nothing is demanded.

    `lacking`: the successes that were not seen and that nothing excuses.
    """

    id: str
    level: Level
    documented: tuple[Success, ...]
    reached: tuple[Success, ...]
    lacking: tuple[Success, ...]
    verdict: Verdict
    reason: str = ""

    @property
    def undecided(self) -> Verdict:
        """What it takes from a requirement that is decided by the ledger: a violation tells for itself."""
        if self.verdict is Verdict.FAIL:
            return Verdict.UNREACHED if self.lacking else Verdict.PASS
        return self.verdict


@dataclass(frozen=True)
class Seen:
    """What a run saw, as far as the ledger asks. `about`: the requirements that the ledger decides."""

    facts: Mapping[str, object]
    levels: Mapping[str, Level]
    outcomes: Sequence[Outcome]
    skipped: Mapping[str, Skipped]
    about: Collection[str] = ()

    def reached(self) -> dict[str, set[tuple[int, str]]]:
        """The answers that were reached, by operation."""
        found: dict[str, set[tuple[int, str]]] = {}
        for outcome in self.outcomes:
            for name, status, media in outcome.reached:
                found.setdefault(name, set()).add((status, media))
        return found

    def violations(self) -> dict[str, list[Violation]]:
        """The violations of each operation that count for it: of what must be, and what is excused of its own law."""
        found: dict[str, list[Violation]] = {}
        for violation in (each for outcome in self.outcomes for each in outcome.violations):
            must = self.levels.get(violation.requirement) is Level.MUST
            if violation.operation and (violation.requirement in self.about if violation.excused else must):
                found.setdefault(violation.operation, []).append(violation)
        return found


@dataclass(frozen=True)
class Ledger:
    """The operations of one interface and what is known about reaching them. `ways`: what could reach an operation."""

    operations: Mapping[str, Operation]
    version: Version
    excuses: Sequence[Excuse] = ()
    ways: Callable[[str], Sequence[Way]] = lambda _: ()

    def entries(self, seen: Seen, narrowed: Collection[str] = ()) -> list[Entry]:
        """Every operation, or those that the run was narrowed to. None where nobody is let in."""
        if seen.facts.get("admits") is False:
            return []
        reached, violations = seen.reached(), seen.violations()
        return [
            self._entry(operation, seen, reached.get(name, set()), violations.get(name, []))
            for name, operation in self.operations.items()
            if not narrowed or name in narrowed
        ]

    def _entry(
        self, operation: Operation, seen: Seen, answers: set[tuple[int, str]], violations: Sequence[Violation]
    ) -> Entry:
        successes = documented(operation)
        reached = tuple(each for each in successes if each.seen(answers))
        excused = {
            each: why for each in successes if each not in reached and (why := self._excuse(operation, each, seen))
        }
        missing = tuple(each for each in successes if each not in reached and each not in excused)
        verdict, reason = self._judged(operation, seen, missing, violations)
        if not missing and verdict is Verdict.PASS:
            verdict = Verdict.PASS if reached else Verdict.NOT_APPLICABLE
            reason = _reasons(excused, len(successes))
        level = Level.MUST if operation.documented else Level.MAY
        return Entry(operation.id, level, successes, reached, missing, verdict, reason)

    def _judged(
        self, operation: Operation, seen: Seen, missing: Sequence[Success], violations: Sequence[Violation]
    ) -> tuple[Verdict, str]:
        """What is wrong with an operation, and why; PASS where nothing is."""
        for violation in sorted(violations, key=lambda each: each.excused):
            if not violation.excused:
                return Verdict.FAIL, violation.message
            if missing:
                return Verdict.WAIVED if violation.waiver else Verdict.DEPARTS, violation.message
        if not missing:
            return Verdict.PASS, ""
        ways = self.ways(operation.id)
        unclaimed = [lacking(way.needs, seen.facts) for way in ways]
        if ways and all(unclaimed):
            return Verdict.NOT_APPLICABLE, min(unclaimed, key=len)
        return Verdict.UNREACHED, next(_hindrances(ways, seen), UNSEEN)

    def _excuse(self, operation: Operation, success: Success, seen: Seen) -> str:
        """Why a success need not be seen; empty when it must."""
        about = (each for each in self.excuses if each.covers(operation.id, *success))
        return next((each.reason for each in about if each.holds(self.version, seen.facts)), "")


def of_entries(entries: Iterable[Entry]) -> tuple[Verdict, str]:
    """What the ledger says as a whole of what the document demands; and why, naming the operations."""
    demanded = [entry for entry in entries if entry.level is Level.MUST]
    counted = [entry for entry in demanded if entry.verdict is not Verdict.NOT_APPLICABLE]
    if not counted:
        return Verdict.NOT_APPLICABLE, demanded[0].reason if demanded else "no operation is demanded"
    verdict = worst(entry.undecided for entry in counted)
    those = [entry for entry in counted if entry.undecided is verdict]
    return verdict, "" if verdict is Verdict.PASS else _naming(those, len(counted))


def _naming(entries: Sequence[Entry], of: int) -> str:
    """Operations by what hinders them."""
    by_reason: dict[str, list[str]] = {}
    for entry in entries:
        by_reason.setdefault(entry.reason, []).append(entry.id)
    if set(by_reason) == {NOT_SELECTED}:
        return NOT_SELECTED
    told = [f"{_some(names, NAMED)} ({reason})" for reason, names in by_reason.items()]
    return f"{len(entries)} of {of} operations not seen to do their work: {_some(told, REASONS, '; ')}"


def _some(words: Sequence[str], shown: int, between: str = ", ") -> str:
    return between.join(words[:shown]) + (f"{between}and {len(words) - shown} more" if len(words) > shown else "")


def documented(operation: Operation) -> tuple[Success, ...]:
    """The successes that an operation documents."""
    return tuple(success for status in operation.success for success in _of_status(status, operation.media[status]))


def _of_status(status: int, media: Sequence[str]) -> Iterable[Success]:
    return (Success(status, each) for each in media) if len(media) > 1 else (Success(status),)


def _reasons(excused: Mapping[Success, str], successes: int) -> str:
    """Why successes need not be seen; which ones is said where it is not all of them."""
    if len(set(excused.values())) == 1 and len(excused) == successes:
        return next(iter(excused.values()))
    return "; ".join(f"{success}: {why}" for success, why in excused.items())


def _hindrances(ways: Sequence[Way], seen: Seen) -> Iterator[str]:
    """Why a success was not seen: what the checks that could reach it say, or that they did not run."""
    by_name = {outcome.check: outcome for outcome in seen.outcomes}
    for way in ways:
        if way.check in by_name and (why := next(_told(by_name[way.check]), "")):
            yield why
    for way in ways:
        if way.check in seen.skipped:
            yield seen.skipped[way.check].reason
    if not any(way.check in by_name for way in ways) and any(s.reason == NOT_SELECTED for s in seen.skipped.values()):
        yield NOT_SELECTED


def _told(outcome: Outcome) -> Iterator[str]:
    return filter(None, (outcome.reason(name) for name in outcome.requirements))
