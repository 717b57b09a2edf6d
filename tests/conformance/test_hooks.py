"""The machinery around checks, on sample checks and a target that needs no network."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.hooks import Hooks
from conformance.options import Options
from conformance.reporting.result_json import content
from conformance.results import Result
from conformance.run import Run
from conformance.verdict import Verdict
from tests.conformance.samples import BASE, exchange

pytest_plugins = ["pytester"]

HEAD = """
from conformance.marks import depth, needs, requirement
from hypothesis import given, settings, strategies as st
from tests.conformance.samples import exchange
import pytest
"""


@pytest.fixture(autouse=True)
def _state_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))


class FakeTarget:
    """What the hooks use of a target."""

    sent = 0
    transport = SimpleNamespace(workers=1)

    def call(self, status: int = 200) -> Any:
        self.sent += 1
        return exchange(status=status, number=self.sent)

    def break_off(self) -> None: ...


class FakeRun(Run):
    """A run whose target is not asked."""

    cleaned = False

    def open(self, worker: str = "") -> None:  # noqa: ARG002 (another run asks its target)
        self.target = FakeTarget()  # type: ignore[assignment]
        self.book.facts = {**self.book.facts, "jwt_secret": "unknown"}

    def clean_up(self) -> None:
        self.cleaned, self.requests = True, 1


class Silent:
    def say(self, text: str) -> None: ...
    def begin(self, checks: int) -> None: ...
    def start(self, check: str) -> None: ...
    def end(self, outcome: Any, verdict: Any) -> None: ...
    def close(self) -> None: ...


def run_checks(
    pytester: pytest.Pytester, checks: str, *, quiet: bool = True, profile: str = "airflow-3", **options: Any
) -> FakeRun:
    """Run these checks; `run.result` is the result, `run.code` the exit code."""
    pytester.makepyfile(test_sample=HEAD + checks)
    run = FakeRun.prepare(Options(BASE, profile, **{"seed": 5, **options}))
    hooks = Hooks(run, Silent() if quiet else None)
    arguments = ["-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:randomly"]
    run.code = int(pytester.inline_run(*arguments, plugins=[hooks]).ret)  # type: ignore[attr-defined]
    return run


def verdict_of(run: FakeRun, requirement: str) -> tuple[Verdict, str]:
    result = result_of(run)
    row = next(row for row in result.rows if row.requirement.id == requirement)
    return row.verdict, row.reason


def result_of(run: FakeRun) -> Result:
    assert run.result is not None
    return run.result


def code_of(run: FakeRun) -> int:
    code: int = run.code  # type: ignore[attr-defined]
    return code


PASSING = """
@requirement("PUB-EXAMPLE-005")
def test_passes(target, judge):
    judge.that(True, target.call(), "yes")
"""


def test_a_passing_check(pytester: pytest.Pytester) -> None:
    run = run_checks(pytester, PASSING)
    assert verdict_of(run, "PUB-EXAMPLE-005") == (Verdict.PASS, "")
    assert verdict_of(run, "PUB-AUTH-002") == (Verdict.UNREACHED, "no check of it was run")
    assert (code_of(run), run.cleaned, run.requests) == (3, True, 1)


OF_BOTH = """
@requirement("PUB-PAGE-001", "STB-PAGE-001")
def test_of_both(target, judge):
    judge.that(True, target.call(), "yes")

@requirement("PUB-EXAMPLE-005")
def test_of_one(target, judge):
    judge.that(True, target.call(), "yes")
"""


@pytest.mark.parametrize(
    ("profile", "own", "elsewhere", "checks"),
    [("airflow-3", "PUB-PAGE-001", "STB-PAGE-001", 2), ("airflow-2-chain", "STB-PAGE-001", "PUB-PAGE-001", 1)],
)
def test_a_check_of_several_documents_decides_what_is_in_the_profiles(
    pytester: pytest.Pytester, profile: str, own: str, elsewhere: str, checks: int
) -> None:
    run = run_checks(pytester, OF_BOTH, profile=profile)
    assert verdict_of(run, own) == (Verdict.PASS, "")
    assert len(result_of(run).outcomes) == checks
    assert next(list(each.observed) for each in result_of(run).outcomes) == [own]
    assert elsewhere not in {row.requirement.id for row in result_of(run).rows}
    narrowed = run_checks(pytester, OF_BOTH, profile=profile, only=[own])
    assert len(result_of(narrowed).outcomes) == 1
    other = run_checks(pytester, OF_BOTH, profile=profile, only=[elsewhere])
    assert (other.failure or "").startswith(f"--only {elsewhere} selects nothing; did you mean {own}?")


def test_a_failing_check(pytester: pytest.Pytester) -> None:
    checks = """
@requirement("PUB-EXAMPLE-005")
def test_fails(target, judge):
    for number in range(3):
        judge.that(number == 1, target.call(), f"number 1; it was {number}")
"""
    run = run_checks(pytester, checks)
    assert verdict_of(run, "PUB-EXAMPLE-005") == (Verdict.FAIL, "number 1; it was 0")
    assert [each.message for each in result_of(run).outcomes[0].violations] == [
        "number 1; it was 0",
        "number 1; it was 2",
    ]
    assert code_of(run) == 1


def test_a_departing_check_is_no_failure(pytester: pytest.Pytester) -> None:
    checks = """
@requirement("PUB-AUTH-010")
def test_departs(target, judge):
    judge.that(False, target.call(401), "a challenge; there was none")
"""
    run = run_checks(pytester, checks)
    assert verdict_of(run, "PUB-AUTH-010")[0] is Verdict.DEPARTS
    assert [each.id for each in result_of(run).departures] == ["AF3-NO-CHALLENGE"]


def test_a_recommendation_not_met_is_a_warning(pytester: pytest.Pytester) -> None:
    checks = """
@requirement("PUB-AUTH-010")
def test_warns(target, judge):
    judge.that(False, target.call(403), "a challenge; there was none")
"""
    run = run_checks(pytester, checks)
    assert verdict_of(run, "PUB-AUTH-010")[0] is Verdict.WARN
    assert code_of(run) == 3


@pytest.mark.parametrize(
    ("body", "verdict", "reason"),
    [
        ('judge.unreached("there is no DAG with runs")', Verdict.UNREACHED, "there is no DAG with runs"),
        ('pytest.skip("not here")', Verdict.UNREACHED, "not here"),
        ("target.call()", Verdict.UNREACHED, "the check made no observation"),
        ('raise KeyError("total_entries")', Verdict.ERROR, "KeyError: 'total_entries'"),
        ('judge.that(True, exchange(status=None, error="refused"), "x")', Verdict.ERROR, "no answer to GET"),
        ('judge.that(True, target.call(), "x"); raise KeyError("late")', Verdict.ERROR, "KeyError: 'late'"),
        ("assert 1 == 2", Verdict.ERROR, "AssertionError"),
    ],
)
def test_a_check_that_learned_nothing_never_passes(
    pytester: pytest.Pytester, body: str, verdict: Verdict, reason: str
) -> None:
    checks = f"""
@requirement("PUB-EXAMPLE-005")
def test_it(target, judge):
    {body}
"""
    found = verdict_of(run_checks(pytester, checks), "PUB-EXAMPLE-005")
    assert found[0] is verdict
    assert found[1].startswith(reason)


def test_a_broken_fixture_is_an_error(pytester: pytest.Pytester) -> None:
    checks = """
@pytest.fixture
def pool():
    raise RuntimeError("no pool could be made")

@requirement("PUB-EXAMPLE-005")
def test_it(target, judge, pool):
    judge.that(True, target.call(), "x")
"""
    verdict = verdict_of(run_checks(pytester, checks), "PUB-EXAMPLE-005")
    assert verdict == (Verdict.ERROR, "RuntimeError: no pool could be made")


def test_a_broken_clean_up_of_a_fixture_is_an_error(pytester: pytest.Pytester) -> None:
    checks = """
@pytest.fixture
def pool():
    yield
    raise RuntimeError("the pool could not be removed")

@requirement("PUB-EXAMPLE-005")
def test_it(target, judge, pool):
    judge.that(True, target.call(), "x")
"""
    verdict = verdict_of(run_checks(pytester, checks), "PUB-EXAMPLE-005")
    assert verdict == (Verdict.ERROR, "RuntimeError: the pool could not be removed")


SEARCH = """
@requirement("PUB-PAGE-005")
@settings(max_examples=200)
@given(st.integers(0, 10000))
def test_search(target, judge, limit):
    judge.that(limit < 77, exchange(target=f"/api/v2/dags?limit={limit}"), f"refused; {limit} was not")
"""


def test_a_property_reports_the_smallest_example_with_its_exchange(pytester: pytest.Pytester) -> None:
    run = run_checks(pytester, SEARCH)
    violation = result_of(run).outcomes[0].violations[0]
    assert violation.message == "refused; 77 was not"
    assert violation.exchanges[0]["request"]["target"] == "/api/v2/dags?limit=77"
    assert "judge=" not in violation.example
    assert code_of(run) == 1


def test_one_seed_repeats_the_choices(pytester: pytest.Pytester, tmp_path: Path) -> None:
    def drawn(seed: int) -> list[int]:
        log = tmp_path / f"drawn-{seed}"
        log.write_text("")
        checks = f"""
@requirement("PUB-PAGE-005")
@settings(max_examples=20)
@given(st.integers(0, 10000))
def test_search(target, judge, limit):
    with open({str(log)!r}, "a") as file:
        file.write(f"{{limit}}\\n")
    judge.that(True, exchange(), "x")
"""
        run_checks(pytester, checks, seed=seed)
        return [int(line) for line in log.read_text().splitlines()]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)


def test_what_does_not_apply_is_left_out_with_the_reason(pytester: pytest.Pytester) -> None:
    checks = (
        PASSING
        + """
@requirement("PUB-AUTH-008")
@needs("roles")
def test_roles(target, judge):
    judge.that(True, target.call(), "x")

@requirement("PUB-AUTH-001")
@needs("writes")
def test_writes(target, judge):
    judge.that(True, target.call(), "x")

@requirement("PUB-AUTH-003")
@needs("jwt_secret")
def test_secret(target, judge):
    judge.that(True, target.call(), "x")

@requirement("PUB-AUTH-014")
def test_elsewhere(target, judge):
    judge.that(True, target.call(), "x")

@requirement("PUB-AUTH-015")
@depth("deep")
def test_deep(target, judge):
    judge.that(True, target.call(), "x")
"""
    )
    run = run_checks(pytester, checks, without=["roles", "writes"])
    assert verdict_of(run, "PUB-AUTH-008") == (Verdict.NOT_APPLICABLE, "not claimed: roles")
    assert verdict_of(run, "PUB-AUTH-001") == (Verdict.NOT_APPLICABLE, "not claimed: writes")
    assert verdict_of(run, "PUB-AUTH-003") == (Verdict.NOT_APPLICABLE, "not known: jwt_secret")
    assert verdict_of(run, "PUB-AUTH-014")[0] is Verdict.NOT_APPLICABLE
    assert verdict_of(run, "PUB-AUTH-015") == (Verdict.UNREACHED, "checked from --depth deep on")
    assert verdict_of(run, "PUB-TOKEN-007")[1].startswith("untestable: ")
    assert set(result_of(run).not_claimed) >= {"roles", "writes"}
    assert [outcome.check for outcome in result_of(run).outcomes] == ["sample.passes"]


@pytest.mark.parametrize("selector", ["PUB-EXAMPLE-005", "sample.pass*", "PUB-EXAMPLE-*", "sample.passes"])
def test_only_selects(pytester: pytest.Pytester, selector: str) -> None:
    run = run_checks(pytester, PASSING + SEARCH, only=[selector])
    assert [outcome.check for outcome in result_of(run).outcomes] == ["sample.passes"]
    assert verdict_of(run, "PUB-PAGE-005") == (Verdict.UNREACHED, "not selected by --only")
    assert code_of(run) == 3


def test_only_with_an_operation_narrows_the_laws(pytester: pytest.Pytester) -> None:
    checks = """
@requirement("PUB-AUTH-002")
def test_law(target, judge, operations):
    for operation in operations:
        judge.that(False, target.call(), operation.id)
"""
    run = run_checks(pytester, checks + PASSING, only=["get_pools"])
    assert [each.message for each in result_of(run).outcomes[0].violations] == ["get_pools"]
    assert [outcome.check for outcome in result_of(run).outcomes] == ["sample.law"]
    assert [entry.id for entry in result_of(run).ledger] == ["get_pools"]


@pytest.mark.parametrize(("only", "ran"), [("get_pool", ["sample.story[pool]"]), ("get_dags", ["sample.law"])])
def test_only_with_an_operation_selects_what_is_about_it(pytester: pytest.Pytester, only: str, ran: list[str]) -> None:
    checks = """
@requirement("PUB-AUTH-002")
@pytest.mark.parametrize("story", [pytest.param(1, id="pool", marks=about("post_pool", "get_pool"))])
def test_story(target, judge, story):
    judge.that(True, target.call(), "x")

@requirement("PUB-AUTH-003")
@about("get_dags")
def test_law(target, judge, operations):
    judge.that(True, target.call(), "x")
"""
    run = run_checks(pytester, "from conformance.marks import about\n" + checks + PASSING, only=[only])
    assert [outcome.check for outcome in result_of(run).outcomes] == ran


@pytest.mark.parametrize(
    ("checks", "options", "said"),
    [
        (PASSING, {"only": ["PUB-EXAMPLE-05"]}, "--only PUB-EXAMPLE-05 selects nothing; did you mean PUB-EXAMPLE-005?"),
        (PASSING.replace("005", "999"), {}, "PUB-EXAMPLE-999, which no document has"),
        ("def test_it(judge): ...", {}, "the check sample.it names no requirement"),
    ],
)
def test_what_cannot_be_run_is_told(pytester: pytest.Pytester, checks: str, options: dict[str, Any], said: str) -> None:
    run = run_checks(pytester, checks, **options)
    assert said in (run.failure or "")
    assert (code_of(run), run.result) == (2, None)


def test_a_waived_failure_conforms_in_words_only(pytester: pytest.Pytester, tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n- {id: PUB-PAGE-005, check: sample.search, signature: was not, reason: r, owner: o, "
        "created: 2026-01-01, expires: 2999-01-01}\n"
    )
    run = run_checks(pytester, SEARCH, waivers=str(waivers))
    assert verdict_of(run, "PUB-PAGE-005") == (Verdict.WAIVED, "refused; 77 was not")
    assert run.book.problems == []


def test_a_stale_waiver_keeps_the_run_from_conforming(pytester: pytest.Pytester, tmp_path: Path) -> None:
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "waivers:\n- {id: PUB-EXAMPLE-005, check: sample.passes, signature: gone, reason: r, owner: o, "
        "created: 2026-01-01, expires: 2999-01-01}\n"
    )
    run = run_checks(pytester, PASSING, waivers=str(waivers))
    assert "matches nothing any more" in run.book.problems[0]


def test_an_interrupted_run_cleans_up_and_does_not_conform(pytester: pytest.Pytester) -> None:
    checks = PASSING + "\n@requirement('PUB-AUTH-002')\ndef test_stop(judge): raise KeyboardInterrupt\n"
    run = run_checks(pytester, checks)
    assert run.cleaned
    assert run.book.problems == ["the run was interrupted"]
    assert verdict_of(run, "PUB-EXAMPLE-005")[0] is Verdict.PASS
    assert code_of(run) == 3


def test_a_module_that_cannot_be_loaded_does_not_conform(pytester: pytest.Pytester) -> None:
    run = run_checks(pytester, "import nothing_of_that_name")
    assert "nothing_of_that_name" in run.book.problems[0]
    assert code_of(run) == 3


def test_pytests_own_terminal_tells_the_verdicts(pytester: pytest.Pytester, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_checks(pytester, PASSING + SEARCH, quiet=False)
    shown = capsys.readouterr().out
    assert "Verdict: nonconforming" in shown
    assert "PUB-PAGE-005 FAIL: refused; 77 was not" in shown
    assert "1 failed, 1 passed" in shown
    assert code_of(run) == 1


def test_the_report_is_written_and_the_folder_of_the_caller_left_alone(
    pytester: pytest.Pytester, tmp_path: Path
) -> None:
    before = set(pytester.path.iterdir())
    run = run_checks(pytester, PASSING, report=str(tmp_path / "out"))
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "junit.xml",
        "report.html",
        "result.json",
        "summary.md",
    ]
    written = json.loads((tmp_path / "out" / "result.json").read_text())
    assert written == json.loads(json.dumps(content(result_of(run))))
    left = {path.name for path in set(pytester.path.iterdir()) - before}
    assert left <= {"test_sample.py", "__pycache__"}
