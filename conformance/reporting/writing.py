"""Writes every report of a run into one folder."""

from __future__ import annotations

from pathlib import Path

from conformance.reporting import html, junit, result_json, summary
from conformance.results import Result

WRITERS = {
    "result.json": result_json.render,
    "junit.xml": junit.render,
    "summary.md": summary.render,
    "report.html": html.render,
}


def write(result: Result, folder: Path) -> None:
    """Write all reports; the folder is made when it is not there. OSError when that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, render in WRITERS.items():
        (folder / name).write_text(render(result), encoding="utf-8", errors="replace")
