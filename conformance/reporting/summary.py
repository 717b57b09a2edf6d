"""summary.md: the run on one screen, to be posted as a comment by a CI job."""

from __future__ import annotations

import re

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
from conformance.verdict import Verdict

_MARK = {"conforming": "✅", "nonconforming": "❌", "inconclusive": "❔"}
#: A comment on GitHub holds 65536 characters.
LONGEST = 60_000
_ROWS = 40


def render(result: Result) -> str:
    """The text of summary.md."""
    made = result.circumstances
    parts = [
        f"## {_MARK[result.verdict.value]} {headline(result)}",
        f"`{_code(made.url)}` as **{_text(made.profile_name)}** (Airflow {_text(str(made.profile['airflow']))}"
        f"{', it says ' + _text(made.version_seen) if made.version_seen else ''}), {counted(result)}.",
        "\n".join(f"- {_text(reason)}" for reason in because(result)),
        *_table("Not met", result.rows_with(Verdict.FAIL, Verdict.WARN)),
        *_table("Not decided", result.rows_with(Verdict.ERROR, Verdict.UNREACHED)),
        f"Operations: {_text(ledger_line(result))}.",
        *_table("Waived", result.rows_with(Verdict.WAIVED)),
        *_departures(result),
        *([f"{_text(coverage_line(result))}."] if result.coverage else []),
        f"{_text(next_step(result))}\n\nRepeat: `{_code(made.repeat)}`",
        f"<sub>airflow-api-conformance {made.suite_version}, {made.started:%Y-%m-%d %H:%M} UTC, "
        f"{len(result.outcomes)} checks, {made.requests} requests, seed {made.seed}</sub>",
    ]
    text = "\n\n".join(parts) + "\n"
    return text if len(text) <= LONGEST else text[:LONGEST] + "\n\n(cut; report.html has all of it)\n"


def _table(title: str, rows: list[Row]) -> list[str]:
    if not rows:
        return []
    lines = [f"### {title}", "", "| requirement | verdict | what came |", "|---|---|---|"]
    groups = by_reason(rows)
    lines += [f"| {ids(those)} | {those[0].verdict.value} | {_text(reason, 300)} |" for reason, those in groups[:_ROWS]]
    if len(groups) > _ROWS:
        lines.append(f"| and {len(groups) - _ROWS} more | | |")
    return ["\n".join(lines)]


def _departures(result: Result) -> list[str]:
    if not result.departures:
        return []
    lines = [f"<details><summary>Departs as real Airflow does ({len(result.departures)})</summary>", ""]
    lines += [
        f"- **{departure.id}**: {_text(departure.document_says)} {_text(departure.airflow_does)}"
        for departure in result.departures
    ]
    return ["\n".join([*lines, "", "</details>"])]


def _text(text: str, limit: int = 1000) -> str:
    """One line of plain text: what a target sent must not become markup, a link or a mention."""
    line = " ".join(text.split())
    line = line if len(line) <= limit else line[:limit] + "…"
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|@#])", r"\\\1", line)


def _code(text: str) -> str:
    return " ".join(text.split()).replace("`", "'")
