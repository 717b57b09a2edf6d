"""report.html: one file that can be sent. It loads nothing, and its policy forbids every script but its own."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import Any

import jinja2
import yaml

from conformance.reporting.result_json import content
from conformance.reporting.words import MEANING, coverage_line, ledger_line, next_step
from conformance.results import Result

#: How many violations of one check are shown with their exchanges.
SHOWN = 20
_WRONG = ("FAIL", "WARN", "ERROR", "UNREACHED", "WAIVED")
_NOT_DONE = ("FAIL", "UNREACHED")


def render(result: Result) -> str:
    """The text of report.html."""
    run = content(result)
    style, script = _file("report.css"), _file("report.js")
    broken = [check for check in run["checks"] if check["verdict"] in _WRONG]
    unreached = [entry for entry in run["operations"] if entry["verdict"] in _NOT_DONE]
    made = result.circumstances
    return _template().render(
        run=run,
        broken=sorted(broken, key=lambda check: _WRONG.index(check["verdict"])),
        coverage_line=coverage_line(result),
        departing=_departing(run),
        departures={departure["id"]: departure for departure in run["departures"]},
        meaning={verdict.value: words for verdict, words in MEANING.items()},
        next_step=next_step(result),
        profile=yaml.safe_dump(run["profile"], sort_keys=False, allow_unicode=True),
        ledger_line=ledger_line(result),
        never={sent.id: sent.never for sent in result.coverage},
        others=[entry for entry in run["operations"] if entry["verdict"] not in _NOT_DONE],
        unreached=sorted(unreached, key=lambda entry: _NOT_DONE.index(entry["verdict"])),
        repeat=made.repeat,
        script=script,
        script_hash=_hash(script),
        seconds=(made.finished - made.started).total_seconds(),
        shown=SHOWN,
        style=style,
        style_hash=_hash(style),
        texts={row["id"]: row["text"] for row in run["requirements"]},
    )


def _departing(run: dict[str, Any]) -> list[dict[str, Any]]:
    """One violation for each departure that was seen: the first."""
    first: dict[str, dict[str, Any]] = {}
    for check in run["checks"]:
        for violation in check["violations"]:
            if violation["departure"]:
                first.setdefault(violation["departure"], violation)
    return list(first.values())


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_file("report.html.j2"))


def _file(name: str) -> str:
    return (resources.files(__package__) / "page" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
