"""What the verdicts are called for people: the same sentences in the terminal, the summary and the page."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.results import Result, Row
from conformance.selection import NOT_SELECTED
from conformance.verdict import Level, RunVerdict, Verdict

#: What each verdict on a requirement means.
MEANING = {
    Verdict.FAIL: "demanded, and not done",
    Verdict.WARN: "recommended, and not done",
    Verdict.ERROR: "not known: the check itself or the network failed",
    Verdict.UNREACHED: "not known: applies, but was not really exercised",
    Verdict.WAIVED: "not done, and accepted in the file of waivers",
    Verdict.DEPARTS: "not done, exactly as real Airflow is known not to do it",
    Verdict.PASS: "observed, and as it should be",
    Verdict.NOT_APPLICABLE: "does not apply to this profile, or cannot be seen from outside",
}


def headline(result: Result) -> str:
    """The verdict in one line."""
    if result.verdict is RunVerdict.CONFORMING and result.waived():
        return "conforming with waivers"
    if result.verdict is RunVerdict.INCONCLUSIVE and result.mismatches:
        return "inconclusive: the profile does not describe the target"
    return result.verdict.value


def because(result: Result) -> list[str]:
    """Why the verdict is what it is: a few sentences, the weightiest first."""
    reasons = [*result.problems, *result.mismatches]
    failed = result.rows_with(Verdict.FAIL)
    if failed:
        reasons.insert(0, f"{_count(failed, 'requirement')} not met: {ids(failed)}.")
    undecided = [row for row in result.rows_with(Verdict.UNREACHED, Verdict.ERROR) if row.level is Level.MUST]
    unknown = [row for row in undecided if row.reason != NOT_SELECTED]
    if unknown and result.outcomes:
        reasons.append(f"{_count(unknown, 'requirement')} of level MUST not decided: {ids(unknown)}.")
    if len(unknown) < len(undecided) and result.outcomes:
        met = "" if reasons else "; what it selects is met"
        reasons.append(f"A verdict needs all requirements, and only a part was selected (--only){met}.")
    if not result.outcomes:
        reasons.append("No check was run.")
    if not reasons:
        reasons.append(
            "Every applicable requirement of level MUST was exercised and is met, as far as real Airflow meets it."
        )
    return reasons + _besides(result)


def next_step(result: Result) -> str:
    """What to do now, in one sentence."""
    if failed := result.rows_with(Verdict.FAIL):
        return f"airflow-conformance explain {failed[0].requirement.id} tells how to read the first failure."
    if result.mismatches:
        return "Correct the profile (or the target), then run again."
    if result.problems:
        return "Put that right, then run again."
    if unknown := result.rows_with(Verdict.UNREACHED, Verdict.ERROR):
        return f"airflow-conformance explain {unknown[0].requirement.id} tells what the check needs."
    return "Keep the report: it says what was checked, how and when."


def counted(result: Result) -> str:
    """How many requirements have each verdict, in one line; verdicts that none has are left out."""
    return ", ".join(f"{number} {verdict.value}" for verdict, number in result.counts().items() if number)


def ledger_line(result: Result) -> str:
    """How many operations have each verdict, and which are not reached, in one line."""
    if not result.ledger:
        return "none, for nobody is let in"
    groups = {each: [entry.id for entry in result.ledger if entry.verdict is each] for each in Verdict}
    counts = ", ".join(f"{len(names)} {verdict.value}" for verdict, names in groups.items() if names)
    missed = [entry for entry in result.ledger if entry.verdict is Verdict.UNREACHED]
    unreached = [entry.id for entry in missed if entry.reason != NOT_SELECTED]
    return f"{counts}; UNREACHED: {some(unreached, 8)}" if unreached else counts


def coverage_line(result: Result) -> str:
    """How much of what the contract lets be sent was sent, in one line; empty where nothing was to be sent."""
    seen, total = (sum(getattr(sent, name) for sent in result.coverage) for name in ("seen", "total"))
    asked = sum(bool(sent.requests) for sent in result.coverage)
    whole = f"{asked} of {len(result.coverage)} operations were asked"
    what = "what their parameters, bodies and statuses can be, right and wrong"
    return f"{whole}; {100 * seen // total} % of {what} ({seen} of {total})" if total else ""


def by_reason(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Rows with one reason together: many fail or are missed for the same one."""
    groups: dict[tuple[Verdict, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.verdict, row.reason), []).append(row)
    return [(reason, members) for (_, reason), members in groups.items()]


def ids(rows: Sequence[Row], shown: int = 8) -> str:
    """The ids of some requirements in one line."""
    return some([row.requirement.id for row in rows], shown)


def _besides(result: Result) -> list[str]:
    found = []
    if result.departures:
        names = ", ".join(departure.id for departure in result.departures)
        found.append(f"Departs from its document as real Airflow is known to: {names}.")
    if warned := result.rows_with(Verdict.WARN):
        found.append(f"{_count(warned, 'recommendation')} not met: {ids(warned)}.")
    if waived := result.rows_with(Verdict.WAIVED):
        found.append(f"Waived: {ids(waived)}.")
    if result.not_claimed:
        found.append(f"Not claimed, and so not checked: {', '.join(result.not_claimed)}.")
    if left := result.circumstances.leftovers:
        found.append(f"Could not be removed from the target: {some(left, 3)}; airflow-conformance sweep tries.")
    if stays := result.circumstances.stays:
        found.append(f"Stays on the target, for its API cannot remove it: {'; '.join(stays[:3])}{_more(stays, 3)}.")
    return found


def some(names: Sequence[str], shown: int) -> str:
    """The first few of some names, and how many more there are."""
    return ", ".join(names[:shown]) + _more(names, shown)


def _more(names: Sequence[str], shown: int) -> str:
    return f" and {len(names) - shown} more" if len(names) > shown else ""


def _count(rows: Sequence[Row], noun: str) -> str:
    return f"{len(rows)} {noun}{'' if len(rows) == 1 else 's'}"
