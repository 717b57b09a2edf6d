"""The run on the terminal: what goes on while it runs, and the verdict at its end.

With a terminal, colours and one moving line (rich); without one, or with NO_COLOR, plain lines.
"""

from __future__ import annotations

import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from conformance.outcome import Outcome
from conformance.reporting.words import (
    because,
    by_reason,
    counted,
    coverage_line,
    headline,
    ids,
    ledger_line,
    next_step,
)
from conformance.results import Result, Row
from conformance.verdict import RunVerdict, Verdict

if TYPE_CHECKING:
    from rich.status import Status

_SHOWN = 10
_STYLES = {
    Verdict.FAIL: "bold red",
    Verdict.WARN: "yellow",
    Verdict.ERROR: "magenta",
    Verdict.UNREACHED: "yellow",
    Verdict.WAIVED: "cyan",
    Verdict.DEPARTS: "cyan",
    Verdict.PASS: "green",
    Verdict.NOT_APPLICABLE: "dim",
}
_COLOURS = {RunVerdict.CONFORMING: "green", RunVerdict.NONCONFORMING: "red", RunVerdict.INCONCLUSIVE: "yellow"}


class Progress(Protocol):
    """Who wants to know how the run goes."""

    def say(self, text: str) -> None:
        """Something else to be told."""

    def begin(self, checks: int) -> None:
        """So many checks will run."""

    def start(self, check: str) -> None:
        """One check begins."""

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """One check has ended."""

    def close(self) -> None:
        """Nothing more will come."""


def progress(stream: IO[str] | None = None) -> Progress:
    """Who shows how the run goes: with a moving line on a terminal, with plain lines elsewhere."""
    out = stream or sys.stderr
    return LiveProgress(out) if out.isatty() else PlainProgress(out)


class PlainProgress:
    """A line for each check that ends: its number, the time since the beginning, its verdict, its name."""

    def __init__(self, out: IO[str]) -> None:
        self.out = out
        self.total = self.done = 0
        self.started = time.monotonic()

    def begin(self, checks: int) -> None:
        """So many checks will run."""
        self.total = checks
        self.say(f"{checks} checks")

    def start(self, check: str) -> None:
        """One check begins: a line comes when it ends."""

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """One check has ended."""
        self.done += 1
        width = len(str(self.total))
        elapsed = time.monotonic() - self.started
        note = f" ({len(outcome.violations)} places)" if len(outcome.violations) > 1 else ""
        self.say(f"[{self.done:>{width}}/{self.total} {elapsed:5.1f}s] {verdict.value:<9} {outcome.check}{note}")

    def close(self) -> None:
        """Nothing more will come."""

    def say(self, text: str) -> None:
        """Something else to be told."""
        self.out.write(text + "\n")
        self.out.flush()


class LiveProgress:
    """One moving line with counts; only what is not a plain PASS leaves a line of its own."""

    def __init__(self, out: IO[str]) -> None:
        from rich.console import Console

        self.console = Console(file=out, highlight=False)
        self.counts: Counter[Verdict] = Counter()
        self.total = 0
        self.started = time.monotonic()
        self._status: Status | None = None

    def say(self, text: str) -> None:
        """Something else to be told."""
        self.console.print(text, markup=False)

    def begin(self, checks: int) -> None:
        """So many checks will run."""
        self.total = checks
        self._status = self.console.status("starting", spinner="dots")
        self._status.start()

    def start(self, check: str) -> None:
        """One check begins."""
        from rich.markup import escape

        counts = "  ".join(f"[{_STYLES[each]}]{number} {each.value}[/]" for each, number in self.counts.items())
        elapsed = time.monotonic() - self.started
        if self._status:
            done = f"{self.counts.total()}/{self.total}  {elapsed:.0f}s"
            self._status.update(f"{done}  {counts}  [dim]{escape(check)}[/]")

    def end(self, outcome: Outcome, verdict: Verdict) -> None:
        """One check has ended."""
        from rich.markup import escape

        self.counts[verdict] += 1
        if verdict is not Verdict.PASS:
            style = _STYLES[verdict]
            self.console.print(f"[{style}]{verdict.value:<9}[/] {escape(outcome.check)}")

    def close(self) -> None:
        """Nothing more will come."""
        if self._status:
            self._status.stop()


def print_verdict(result: Result, report: str | None, stream: IO[str] | None = None) -> None:
    """Print the verdict of a run; in colour on a terminal."""
    out = stream or sys.stdout
    lines = list(verdict_lines(result, report))
    if not out.isatty():
        out.write("\n".join(lines) + "\n")
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False, soft_wrap=True)
    for line in lines:
        style = f"bold {_COLOURS[result.verdict]}" if line.startswith("Verdict: ") else ""
        console.print(Text(line, style=style))


def verdict_lines(result: Result, report: str | None) -> Iterable[str]:
    """The verdict and its reasons; what failed, with a curl line each; what was not reached; what to do next."""
    made = result.circumstances
    yield ""
    yield f"Verdict: {headline(result)}"
    for reason in because(result):
        yield from _wrapped(reason, "  ")
    yield ""
    yield from _block("Not met", result.rows_with(Verdict.FAIL, Verdict.WARN), result)
    if result.outcomes:
        yield from _block("Not decided", result.rows_with(Verdict.ERROR, Verdict.UNREACHED), result)
    seconds = (made.finished - made.started).total_seconds()
    yield f"Requirements: {counted(result)}"
    yield from _wrapped(f"Operations: {ledger_line(result)}", "", "      ")
    if result.coverage:
        yield f"Sent: {coverage_line(result)}"
    yield f"{len(result.outcomes)} checks, {made.requests} requests, {seconds:.1f} s; repeat with: {made.repeat}"
    if report:
        yield f"Report: {Path(report) / 'report.html'} (also result.json, junit.xml, summary.md)"
    else:
        yield "Report: none was asked for; --report DIR writes one with every exchange"
    yield f"Next: {next_step(result)}"


def _block(title: str, rows: list[Row], result: Result) -> Iterable[str]:
    if not rows:
        return
    yield f"{title}:"
    groups = by_reason(rows)
    for reason, members in groups[:_SHOWN]:
        yield from _wrapped(f"{ids(members)} {members[0].verdict.value}: {reason}", "  ", "      ")
        if curl := _curl(members[0], result):
            yield f"      {curl}"
    if len(groups) > _SHOWN:
        yield f"  and {len(groups) - _SHOWN} more; the report lists them"
    yield ""


def _curl(row: Row, result: Result) -> str:
    """The curl line of the first violation of a requirement that nothing excuses."""
    for outcome in result.outcomes:
        for violation in outcome.violations:
            if violation.requirement == row.requirement.id and not violation.excused and violation.exchanges:
                return str(violation.exchanges[-1]["curl"])
    return ""


def _wrapped(text: str, first: str, others: str | None = None) -> list[str]:
    line = " ".join(text.split())
    line = line if len(line) <= 600 else line[:600] + "…"
    return textwrap.wrap(
        _visible(line), 116, initial_indent=first, subsequent_indent=others or first, break_on_hyphens=False
    )


def _visible(text: str) -> str:
    """Without control characters: what a target sent must not steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)
