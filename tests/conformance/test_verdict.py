from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.verdict import ExitCode, Level, RunVerdict, Tally, Verdict, exit_code, of_check, of_run, worst

VERDICTS = st.sampled_from(list(Verdict))
COUNTS = st.integers(0, 3)
TALLIES = st.builds(Tally, COUNTS, COUNTS, COUNTS, COUNTS, st.booleans(), st.booleans())
ROWS = st.lists(st.tuples(st.sampled_from(list(Level)), VERDICTS), max_size=8)
GOODNESS = {RunVerdict.NONCONFORMING: 0, RunVerdict.INCONCLUSIVE: 1, RunVerdict.CONFORMING: 2}
SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


def test_no_observation_is_not_a_pass() -> None:
    assert of_check(Level.MUST, Tally()) is Verdict.UNREACHED
    assert of_check(Level.MUST, Tally(observations=1)) is Verdict.PASS


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(observations=9, violations=1, error=True, unreached=True, waived=1, departing=1), Verdict.FAIL),
        (Tally(observations=9, error=True, unreached=True, departing=1), Verdict.ERROR),
        (Tally(observations=9, unreached=True, departing=1), Verdict.UNREACHED),
        (Tally(observations=9, waived=1, departing=1), Verdict.WAIVED),
        (Tally(observations=9, departing=1), Verdict.DEPARTS),
    ],
)
def test_the_worst_of_a_check_counts(tally: Tally, expected: Verdict) -> None:
    assert of_check(Level.MUST, tally) is expected


def test_a_violated_recommendation_is_a_warning() -> None:
    assert of_check(Level.SHOULD, Tally(observations=1, violations=1)) is Verdict.WARN
    assert of_check(Level.MAY, Tally(observations=1, violations=1)) is Verdict.WARN


@given(TALLIES, st.sampled_from(list(Level)))
def test_one_more_violation_never_improves_a_check(tally: Tally, level: Level) -> None:
    more = Tally(tally.observations, tally.violations + 1, tally.waived, tally.departing, tally.error, tally.unreached)
    assert SEVERITY[of_check(level, more)] <= SEVERITY[of_check(level, tally)]


@given(st.lists(VERDICTS), VERDICTS)
def test_one_more_check_never_improves_a_requirement(verdicts: list[Verdict], one: Verdict) -> None:
    if verdicts:
        assert SEVERITY[worst([*verdicts, one])] <= SEVERITY[worst(verdicts)]
    assert worst([]) is Verdict.UNREACHED


@given(ROWS, st.booleans())
def test_a_failing_requirement_never_improves_a_run(rows: list[tuple[Level, Verdict]], problems: bool) -> None:
    before = of_run(rows, checks=1, problems=problems)
    after = of_run([*rows, (Level.MUST, Verdict.FAIL)], checks=1, problems=problems)
    assert after is RunVerdict.NONCONFORMING
    assert GOODNESS[after] <= GOODNESS[before]


@given(ROWS, st.sampled_from([Verdict.UNREACHED, Verdict.ERROR, Verdict.FAIL]))
def test_an_undecided_must_never_conforms(rows: list[tuple[Level, Verdict]], verdict: Verdict) -> None:
    assert of_run([*rows, (Level.MUST, verdict)], checks=1) is not RunVerdict.CONFORMING


@given(ROWS, st.integers(0, 1), st.booleans())
def test_what_conforms_is_known_to(rows: list[tuple[Level, Verdict]], checks: int, problems: bool) -> None:
    verdict = of_run(rows, checks=checks, problems=problems)
    musts = [found for level, found in rows if level is Level.MUST and found is not Verdict.NOT_APPLICABLE]
    good = bool(musts) and set(musts) <= {Verdict.PASS, Verdict.DEPARTS, Verdict.WAIVED}
    failed = any(found is Verdict.FAIL for _, found in rows)
    assert (verdict is RunVerdict.CONFORMING) == (good and not failed and checks == 1 and not problems)
    assert (verdict is RunVerdict.NONCONFORMING) == failed


def test_a_run_without_checks_is_inconclusive() -> None:
    assert of_run([(Level.MUST, Verdict.PASS)], checks=0) is RunVerdict.INCONCLUSIVE
    assert of_run([], checks=5) is RunVerdict.INCONCLUSIVE


def test_exit_codes() -> None:
    assert [exit_code(verdict) for verdict in RunVerdict] == [0, 1, 3]
    assert ExitCode.USAGE == 2
