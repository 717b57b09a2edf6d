"""Verdicts: what one check, one requirement and one run come to. Pure functions, no pytest, no HTTP.

Worst wins. The order, worst first:

    FAIL            a MUST is violated
    WARN            a SHOULD or a MAY is violated (it never meets FAIL: a requirement has one level)
    ERROR           our own fault or the network's; nothing is known about the target
    UNREACHED       applicable, and not really exercised
    WAIVED          violated, and the user's waiver accepts exactly that
    DEPARTS         violated exactly as real Airflow is known to
    PASS            observed, and as it should be
    NOT_APPLICABLE  the profile does not have it, or no black box can see it

ERROR and UNREACHED stand above WAIVED and DEPARTS: what is not known weighs more than what is known and accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Level(StrEnum):
    """How strongly a document demands something."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Verdict(StrEnum):
    """What is known about one requirement; listed worst first."""

    FAIL = "FAIL"
    WARN = "WARN"
    ERROR = "ERROR"
    UNREACHED = "UNREACHED"
    WAIVED = "WAIVED"
    DEPARTS = "DEPARTS"
    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    NOT_APPLICABLE = "NOT_APPLICABLE"


class RunVerdict(StrEnum):
    """What is known about the target after a run."""

    CONFORMING = "conforming"
    NONCONFORMING = "nonconforming"
    INCONCLUSIVE = "inconclusive"


class ExitCode(IntEnum):
    """What the process tells its caller."""

    CONFORMING = 0
    NONCONFORMING = 1
    USAGE = 2
    INCONCLUSIVE = 3


_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}
_GOOD = frozenset({Verdict.PASS, Verdict.DEPARTS, Verdict.WAIVED})


@dataclass(frozen=True)
class Tally:
    """What one check saw of one requirement.

    `violations` counts what nothing excuses; `waived` and `departing` what a waiver or a departure accounts for.
    """

    observations: int = 0
    violations: int = 0
    waived: int = 0
    departing: int = 0
    error: bool = False
    unreached: bool = False


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of some verdicts; UNREACHED when there is none: what nothing exercised is not known."""
    return min(verdicts, key=_SEVERITY.__getitem__, default=Verdict.UNREACHED)


def of_check(level: Level, tally: Tally) -> Verdict:
    """The verdict of one check on one requirement of that level. No observation is UNREACHED, never PASS."""
    if tally.violations:
        return Verdict.FAIL if level is Level.MUST else Verdict.WARN
    if tally.error:
        return Verdict.ERROR
    if tally.unreached:
        return Verdict.UNREACHED
    if tally.waived:
        return Verdict.WAIVED
    if tally.departing:
        return Verdict.DEPARTS
    return Verdict.PASS if tally.observations else Verdict.UNREACHED


def of_requirement(checks: Iterable[Verdict]) -> Verdict:
    """The verdict of a requirement from those of its checks; checks that do not apply say nothing beside others."""
    return worst(checks)


def of_run(requirements: Iterable[tuple[Level, Verdict]], *, checks: int, problems: bool = False) -> RunVerdict:
    """The verdict of a run.

    `conforming`: every applicable MUST is PASS, DEPARTS or WAIVED, at least one MUST is, at least one check ran, and
    nothing speaks against the run itself (`problems`: a profile that does not describe the target, an interruption).
    """
    found = list(requirements)
    if any(verdict is Verdict.FAIL for _, verdict in found):
        return RunVerdict.NONCONFORMING
    musts = [verdict for level, verdict in found if level is Level.MUST and verdict is not Verdict.NOT_APPLICABLE]
    known = bool(musts) and all(verdict in _GOOD for verdict in musts)
    return RunVerdict.CONFORMING if known and checks and not problems else RunVerdict.INCONCLUSIVE


def exit_code(verdict: RunVerdict) -> ExitCode:
    """The exit code that stands for a run's verdict: 0, 1 or 3."""
    return ExitCode[verdict.name]
