"""What pytest calls while a run goes on: choose the checks, give each a judge, note what it saw, judge at the end."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Generator
from types import FrameType
from typing import Any, NoReturn

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

from conformance import fixtures, journal, marks, parallel_writes, waivers
from conformance.depths import EXAMPLES
from conformance.fixtures import JUDGE, RUN
from conformance.judge import Judge, nonconformity_in
from conformance.meter import Meter, metering
from conformance.outcome import Outcome
from conformance.redaction import redact
from conformance.reporting.terminal import Progress, verdict_lines
from conformance.run import Run, Unusable
from conformance.selection import Case, SelectionError, applicable
from conformance.threads import Enough, Threads
from conformance.verdict import Verdict, exit_code
from conformance.waivers import WaiverError

_BEGUN = pytest.StashKey[tuple[float, Meter]]()
_CASE = pytest.StashKey[Case]()

#: How pytest's own terminal shows the verdicts that are neither passed nor failed.
_SHOWN = {
    Verdict.WARN: ("warned", "W", "WARN"),
    Verdict.ERROR: ("error", "E", "ERROR"),
    Verdict.UNREACHED: ("unreached", "u", "UNREACHED"),
    Verdict.WAIVED: ("waived", "w", "WAIVED"),
    Verdict.DEPARTS: ("departs", "d", "DEPARTS"),
}
#: What each verdict is to pytest.
_OUTCOMES = {Verdict.FAIL: "failed", Verdict.ERROR: "failed", Verdict.UNREACHED: "skipped"}


class Hooks:
    """The pytest plugin of one run. Without `progress` pytest's own terminal is used, and errors are pytest's."""

    def __init__(self, run: Run, progress: Progress | None = None) -> None:
        self.run = run
        self.progress = progress
        self._levels = run.book.levels()
        self._previous: Any = None
        self._examples = "default"

    # ---- before the checks ----

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare marks and fixtures; make property-based checks repeatable and free of files."""
        config.stash[RUN] = self.run
        config.pluginmanager.register(fixtures, "airflow-conformance-fixtures")
        for line in marks.DECLARED:
            config.addinivalue_line("markers", line)
        self._examples = hypothesis.settings.get_current_profile_name()
        set_hypothesis_home_dir(journal.directory(os.environ) / "hypothesis")  # else it is made where we are called
        hypothesis.settings.register_profile(
            "airflow-conformance", max_examples=EXAMPLES[self.run.options.depth], **_SETTINGS
        )
        hypothesis.settings.load_profile("airflow-conformance")

    def pytest_unconfigure(self) -> None:
        """Leave property-based tests of others in this process as they were."""
        hypothesis.settings.load_profile(self._examples)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let SIGTERM end the run as Ctrl-C does, clean-up included; reach the target."""
        self._previous = signal.signal(signal.SIGTERM, _interrupt)
        if self.run.target is None:
            try:
                self.run.open(_worker(session.config))
            except Unusable:
                reasons = [*self.run.book.problems, *self.run.book.doubts]
                raise pytest.exit.Exception("\n".join(reasons), returncode=3) from None

    def pytest_report_header(self) -> str:
        """Say what is checked, as what, and how to repeat it."""
        options = self.run.options
        return f"conformance: {options.target}, profile {self.run.profile.name}, --seed {options.seed}"

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Keep the checks that are to run."""
        cases = {item: Case.of(item) for item in items}
        try:
            chosen = self.run.select(list(cases.values()))
        except (SelectionError, WaiverError) as error:
            self._refuse(str(error))
        left_out = [item for item, case in cases.items() if case.name not in chosen]
        items[:] = [item for item, case in cases.items() if case.name in chosen]
        config.hook.pytest_deselected(items=left_out)
        for item in items:
            item.stash[_CASE] = cases[item]
            self._equip(item)
        if self.progress:
            self.progress.begin(len(items))

    def pytest_collection_finish(self) -> None:
        """Let Hypothesis look for constants in our modules now.

        It does so when it first draws one: which check that is must not count.
        """

        @hypothesis.settings(max_examples=50)
        @hypothesis.given(hypothesis.strategies.integers())
        def draw(_: int) -> None: ...

        draw()

    def _equip(self, item: pytest.Item) -> None:
        case = item.stash[_CASE]
        names = applicable(case, self.run.requirements, self.run.facts)
        outcome = Outcome(case.name, case.title, list(names))
        item.stash[JUDGE] = Judge(self.run.rules(), outcome, frozenset(case.requirements) - set(names))
        function: Any = getattr(item, "obj", None)
        if hypothesis.is_hypothesis_test(function):
            hypothesis.seed(self.run.options.seed)(getattr(function, "__func__", function))

    def _refuse(self, text: str) -> NoReturn:
        self.run.failure = text
        if self.progress:
            raise pytest.exit.Exception(text, returncode=2)
        raise pytest.UsageError(text)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Carry out the checks of a run of the suite's own in threads, where there are several workers."""
        alone = self.run.options.workers == 1
        if not self.progress or alone or session.testsfailed:
            return None
        if self.run.why_one_by_one:
            self.progress.say(f"Checks are carried out one after the other: {self.run.why_one_by_one}")
            return None
        target = self.run.target
        if target and len(session.items) > 1 and parallel_writes.worthwhile(target):
            self.progress.say(parallel_writes.tried(target))
        threads = Threads(self.run, self._equip, lambda item: self.pytest_runtest_logstart(item.location), self._ended)
        try:
            threads.carry_out(session.items, enough=bool(session.config.option.maxfail))
        except Enough:
            session.shouldfail = True
        return True

    # ---- around each check ----

    def pytest_runtest_logstart(self, location: tuple[str, int | None, str]) -> None:
        """Tell what is being checked."""
        if self.progress:
            self.progress.start(location[2].removeprefix("test_").replace("_", " "))

    def _ended(self, outcome: Outcome) -> None:
        if self.progress:
            self.progress.end(outcome, outcome.overall(self._levels))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure the check."""
        with metering(Meter()) as meter:
            item.stash[_BEGUN] = (time.monotonic(), meter)
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Raise at the end of the check what its judge found."""
        result = yield
        item.stash[JUDGE].finish()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Put what the check saw into its report, which travels from a worker to the controller."""
        report = yield
        judge = item.stash.get(JUDGE, None)
        if judge is None:
            return report
        if call.excinfo:
            judge.ended_by(call.excinfo.value)
        waivers.apply(self.run.waivers, judge.outcome)
        verdict = judge.outcome.overall(self._levels)
        report.conformance_verdict = verdict.value  # type: ignore[attr-defined]
        if report.when == "call" or report.outcome != "passed":
            _recast(report, judge.outcome, verdict)
        if report.outcome == "failed" and call.excinfo and (found := nonconformity_in(call.excinfo.value)):
            report.longrepr = redact(str(found))
        if report.when == "teardown":
            begun, meter = item.stash[_BEGUN]
            judge.outcome.seconds = round(time.monotonic() - begun, 3)
            judge.outcome.requests = meter.sent
            report.conformance = judge.outcome.to_json()  # type: ignore[attr-defined]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what a check saw; runs where the results are kept."""
        if data := getattr(report, "conformance", None):
            outcome = Outcome.from_json(data)
            self.run.record(outcome)
            self._ended(outcome)
        elif report.failed and not hasattr(report, "conformance_verdict"):
            self.run.book.problems.append(f"{report.nodeid} could not be run: {_last_line(report.longreprtext)}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module of checks that cannot be loaded keeps the run from conforming."""
        if report.failed:
            self.run.book.problems.append(f"{report.nodeid} cannot be loaded: {_last_line(report.longreprtext)}")

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """A fault of the suite itself keeps the run from conforming."""
        self.run.book.problems.append(redact(f"the suite itself failed: {excinfo.exconly()}"))
        return self.progress is not None

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show verdicts that pytest has no word for."""
        verdict = getattr(report, "conformance_verdict", None)
        if verdict is None or (report.when != "call" and report.outcome == "passed"):
            return None
        return _SHOWN.get(Verdict(verdict)) if report.when != "teardown" else None

    # ---- pytest-xdist ----

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has left out, and what it could not remove."""
        output = getattr(node, "workeroutput", {}).get("conformance")
        if output:
            self.run.merge(output)

    # ---- at the end ----

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Remove what was created; judge; set the exit code."""
        try:
            if exitstatus == pytest.ExitCode.INTERRUPTED and not self.run.failure:
                self.run.book.problems.append("the run was interrupted")
            if session.shouldfail:
                self.run.book.problems.append("the run ended at the first check that fails")
            self.run.clean_up()
        finally:
            signal.signal(signal.SIGTERM, self._previous or signal.SIG_DFL)
        if _worker(session.config):
            session.config.workeroutput["conformance"] = self.run.to_merge()  # type: ignore[attr-defined]
        elif exitstatus != pytest.ExitCode.USAGE_ERROR and not self.run.failure:
            session.exitstatus = exit_code(self.run.finish().verdict)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say in pytest's terminal what the run came to."""
        if self.run.failure:
            terminalreporter.line(self.run.failure)
        if self.run.result:
            terminalreporter.section("conformance")
            for line in verdict_lines(self.run.result, self.run.options.report):
                terminalreporter.line(line)


_SETTINGS: dict[str, Any] = {
    "database": None,
    "deadline": None,
    "derandomize": False,
    "print_blob": False,
    "report_multiple_bugs": False,
    "phases": (hypothesis.Phase.explicit, hypothesis.Phase.generate, hypothesis.Phase.target, hypothesis.Phase.shrink),
    "suppress_health_check": list(hypothesis.HealthCheck),
}


def _worker(config: pytest.Config) -> str:
    """The id of this pytest-xdist worker; empty in the controller and without xdist."""
    found: dict[str, Any] = getattr(config, "workerinput", {})
    return str(found.get("workerid", ""))


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _recast(report: pytest.TestReport, outcome: Outcome, verdict: Verdict) -> None:
    """Make pytest's view of a check agree with its verdict, and let no secret stand in it."""
    report.outcome = _OUTCOMES.get(verdict, "passed")  # type: ignore[assignment]
    if report.outcome == "skipped":
        reasons = (outcome.reason(name) for name in outcome.requirements)
        report.longrepr = (str(report.location[0]), report.location[1] or 0, next(filter(None, reasons), ""))
    elif report.outcome == "failed":
        report.longrepr = redact(report.longreprtext)
    else:
        report.longrepr = None


def _last_line(text: str) -> str:
    return redact((text.strip().splitlines() or ["no reason was given"])[-1].removeprefix("E").strip())
