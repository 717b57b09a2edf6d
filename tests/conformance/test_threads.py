"""Checks of a run that go side by side, on a target that needs no network."""

from __future__ import annotations

import ast
import threading
from contextlib import suppress
from typing import Any

import pytest

from conformance import threads
from conformance.meter import current
from conformance.verdict import Verdict
from tests.conformance.test_hooks import FakeRun, FakeTarget, code_of, result_of, run_checks, verdict_of

pytest_plugins = ["pytester"]

COMMON = """
import threading
PATIENCE = 10
NUMBERS = range(4)

def say(judge, target, word="yes"):
    judge.that(True, target.call(), word)
"""


@pytest.fixture(autouse=True)
def _state_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


def go(pytester: pytest.Pytester, checks: str, *, workers: int = 4, **options: Any) -> FakeRun:
    return run_checks(pytester, COMMON + checks, workers=workers, **options)


def names(run: FakeRun) -> list[str]:
    return [outcome.check for outcome in result_of(run).outcomes]


MEETING = """
meeting = threading.Barrier(4, timeout=PATIENCE)
left = [threading.Event() for _ in NUMBERS]

@requirement("PUB-EXAMPLE-005")
@pytest.mark.alone("stable-v1")  # not on this API
@pytest.mark.parametrize("number", NUMBERS)
def test_meets(target, judge, number):
    meeting.wait()
    if number < 3:
        left[number + 1].wait(PATIENCE)  # the last to begin is the first to end
    say(judge, target)
    left[number].set()
"""


def test_checks_go_side_by_side_and_are_reported_in_their_order(pytester: pytest.Pytester) -> None:
    run = go(pytester, MEETING)
    assert verdict_of(run, "PUB-EXAMPLE-005") == (Verdict.PASS, "")
    assert names(run) == [f"sample.meets[{number}]" for number in range(4)]


PARSING = """
import ast

@requirement("PUB-EXAMPLE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_parses(target, judge, number):
    ast.parse("meet")
    say(judge, target)
"""


def test_one_check_at_a_time_makes_a_syntax_tree(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting, parse = threading.Barrier(2), ast.parse
    met = []

    def look(source: Any, *arguments: Any, **options: Any) -> ast.AST:
        with suppress(threading.BrokenBarrierError):
            if source == "meet":
                meeting.wait(0.1)
                met.append(source)
        return parse(source, *arguments, **options)

    monkeypatch.setattr(ast, "parse", look)
    assert verdict_of(go(pytester, PARSING), "PUB-EXAMPLE-005") == (Verdict.PASS, "")
    assert met == []
    assert ast.parse is look


@pytest.mark.parametrize(
    ("profile", "workers", "name"),
    [("airflow-3", 1, "PUB-EXAMPLE-005"), ("airflow-1.10-open", 4, "EXP-POOL-001")],
    ids=["with one worker", "where no list can be narrowed"],
)
def test_they_go_one_after_the_other_in_the_main_thread(
    pytester: pytest.Pytester, profile: str, workers: int, name: str
) -> None:
    checks = f"""
@requirement("{name}")
@pytest.mark.parametrize("number", NUMBERS)
def test_alone(target, judge, number):
    judge.that(threading.current_thread() is threading.main_thread(), target.call(), "in the main thread")
"""
    run = go(pytester, checks, profile=profile, workers=workers)
    assert verdict_of(run, name) == (Verdict.PASS, "")
    assert len(names(run)) == 4


def test_what_wants_to_be_alone_is(pytester: pytest.Pytester) -> None:
    checks = """
from conformance.marks import alone

inside = []

def be_there(judge, target, most):
    inside.append(1)
    judge.that(len(inside) <= most, target.call(), f"{len(inside)} at a time")
    inside.pop()

@requirement("PUB-EXAMPLE-005")
@alone("stable-v1", "public-v2")
@pytest.mark.parametrize("number", NUMBERS)
def test_alone(target, judge, number):
    be_there(judge, target, 1)

@requirement("PUB-EXAMPLE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_others(target, judge, number):
    be_there(judge, target, 4)
"""
    run = go(pytester, checks)
    assert verdict_of(run, "PUB-EXAMPLE-005") == (Verdict.PASS, "")
    assert names(run)[0] == "sample.alone[0]"


def test_what_takes_long_is_begun_first_and_reported_in_its_place(pytester: pytest.Pytester) -> None:
    checks = """
from conformance.marks import long

met, meeting = threading.Event(), threading.Barrier(2, timeout=PATIENCE)

@requirement("PUB-EXAMPLE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_others(target, judge, number):
    judge.that(met.is_set(), target.call(), "the long ones have begun")

@requirement("PUB-EXAMPLE-005")
@long
@pytest.mark.parametrize("number", range(2))
def test_long(target, judge, number):
    meeting.wait()
    met.set()
    say(judge, target)
"""
    run = go(pytester, checks, workers=2)
    assert verdict_of(run, "PUB-EXAMPLE-005") == (Verdict.PASS, "")
    assert names(run)[-1] == "sample.long[1]"


ENDS = """
@requirement("PUB-EXAMPLE-005")
def test_passes(target, judge): say(judge, target)

@requirement("PUB-PAGE-001")
def test_skips(target, judge): pytest.skip("not here")

@requirement("PUB-PAGE-005")
def test_unreached(target, judge): judge.unreached("there is none")

@requirement("PUB-AUTH-002")
def test_fails(target, judge): judge.that(False, target.call(), "it is to be so")

@requirement("PUB-AUTH-001")
def test_breaks(target, judge): raise KeyError("gone")

@requirement("PUB-AUTH-003")
def test_leaves(target, judge): raise SystemExit(7)
"""


def test_every_end_of_a_check_is_what_it_is_without_threads(pytester: pytest.Pytester) -> None:
    def seen(run: FakeRun) -> dict[str, tuple[Any, ...]]:
        levels = run.book.levels()
        return {
            each.check: (each.overall(levels), each.unreached, each.error, len(each.violations))
            for each in result_of(run).outcomes
        }

    together, alone = (seen(go(pytester, ENDS, workers=workers)) for workers in (4, 1))
    assert together == alone
    assert [verdict for verdict, *_ in together.values()] == [
        *(Verdict.PASS, Verdict.UNREACHED, Verdict.UNREACHED, Verdict.FAIL, Verdict.ERROR, Verdict.ERROR)
    ]


INTERRUPTED = """
here, stopped = threading.Barrier(2, timeout=PATIENCE), threading.Event()

@requirement("PUB-EXAMPLE-005")
def test_first(target, judge):
    say(judge, target)

@requirement("PUB-PAGE-001")
def test_sends_on_and_on(target, judge):
    here.wait()
    while True:
        try:
            target.call()
        except Exception:  # what a check may do is no way to go on
            pass

@requirement("PUB-AUTH-002")
def test_stop(judge):
    here.wait()
    raise KeyboardInterrupt

@requirement("PUB-PAGE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_later(target, judge, number): say(judge, target)
"""


class Counting(FakeTarget):
    """Lets nothing through for a check that is stopped, as a transport does."""

    broken_off = 0

    def call(self, status: int = 200) -> Any:
        current().pass_by()
        current().sent += 1
        return super().call(status)

    def break_off(self) -> None:
        self.broken_off += 1


class CountingRun(FakeRun):
    def open(self, worker: str = "") -> None:
        super().open(worker)
        self.target = Counting()  # type: ignore[assignment]


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.conformance.test_hooks.FakeRun", CountingRun)


@pytest.mark.usefixtures("counting")
def test_an_interrupt_stops_every_check_and_keeps_what_was_seen(pytester: pytest.Pytester) -> None:
    run = go(pytester, INTERRUPTED, workers=2)
    assert run.book.problems == ["the run was interrupted"]
    assert (run.cleaned, code_of(run)) == (True, 3)
    assert names(run) == ["sample.first"]
    target: Any = run.target
    assert target.broken_off == 1


@pytest.mark.usefixtures("counting")
def test_each_check_knows_what_it_has_sent(pytester: pytest.Pytester) -> None:
    checks = """
meeting = threading.Barrier(4, timeout=PATIENCE)

@requirement("PUB-EXAMPLE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_sends(target, judge, number):
    for _ in range(number):
        meeting.wait() if number == 9 else target.call()
    meeting.wait()
    say(judge, target)
"""
    run = go(pytester, checks)
    assert [outcome.requests for outcome in result_of(run).outcomes] == [1, 2, 3, 4]


def test_a_fault_of_the_suite_in_a_thread_ends_the_run_and_is_told(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LookupError("a fault of ours")

    monkeypatch.setattr("conformance.waivers.apply", fail)
    run = go(pytester, "@requirement('PUB-EXAMPLE-005')\ndef test_it(target, judge): say(judge, target)\n")
    assert run.book.problems == ["the suite itself failed: LookupError: a fault of ours"]
    assert run.cleaned
    assert code_of(run) == 3


STUCK = """
from conformance.meter import current
tries = []

@requirement("PUB-EXAMPLE-005")
def test_stuck(target, judge):
    tries.append(threading.current_thread())
    current().crowded = len(tries) == 1
    judge.that(len(tries) > {least}, target.call(), "a write is to be done")

@requirement("PUB-PAGE-001")
def test_other(target, judge):
    judge.that(True, target.call(), "yes")
"""


@pytest.mark.parametrize(("least", "verdict"), [(1, Verdict.PASS), (2, Verdict.FAIL)])
def test_a_check_whose_write_got_stuck_among_others_is_carried_out_again_by_itself(
    pytester: pytest.Pytester, least: int, verdict: Verdict
) -> None:
    run = go(pytester, STUCK.format(least=least))
    assert verdict_of(run, "PUB-EXAMPLE-005")[0] is verdict
    assert names(run) == ["sample.stuck", "sample.other"]


def test_where_many_got_stuck_it_is_not_for_the_others(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "AGAIN", 3)
    checks = """
from conformance.meter import current

@requirement("PUB-EXAMPLE-005")
@pytest.mark.parametrize("number", NUMBERS)
def test_stuck(target, judge, number):
    current().crowded = True
    judge.that(False, target.call(), threading.current_thread().name)
"""
    run = go(pytester, checks)
    told = [outcome.violations[0].message for outcome in result_of(run).outcomes]
    assert len(told) == 4
    assert "MainThread" not in told


DRAWN = """
@requirement("PUB-PAGE-005")
@pytest.mark.parametrize("number", NUMBERS)
@settings(max_examples=30)
@given(st.integers(0, 10000), st.text())
def test_draws(target, judge, number, limit, text):
    judge.that(limit < 9000, exchange(), f"{limit} {text!r}")
    drawn[number].append((limit, text))

drawn = {number: [] for number in NUMBERS}

@pytest.fixture(scope="session", autouse=True)
def kept(pytestconfig):
    pytestconfig.rootpath.joinpath("drawn").write_text("")
    yield
    pytestconfig.rootpath.joinpath("drawn").write_text(repr(drawn))
"""


def test_one_seed_draws_the_same_whatever_the_number_of_workers(pytester: pytest.Pytester) -> None:
    def drawn(workers: int) -> str:
        run = go(pytester, DRAWN, workers=workers)
        assert len({each.violations[0].message for each in result_of(run).outcomes}) == 1
        return pytester.path.joinpath("drawn").read_text()

    assert drawn(1) == drawn(4) != repr({})


def test_who_does_not_notice_the_end_is_not_waited_for_for_ever(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "GRACE", 0.0)
    checks = """
here = threading.Barrier(2, timeout=PATIENCE)

@requirement("PUB-EXAMPLE-005")
def test_sleeps(target, judge):
    here.wait()
    threading.Event().wait(PATIENCE)

@requirement("PUB-AUTH-002")
def test_stop(judge):
    here.wait()
    raise KeyboardInterrupt
"""
    run = go(pytester, checks, workers=2)
    assert run.book.problems == ["the run was interrupted"]
    assert names(run) == []
