"""result.json: the run for machines. `result.schema.json` beside this module describes it."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

from conformance.coverage.sums import Sent
from conformance.ledger import Entry
from conformance.outcome import Outcome, Violation
from conformance.reporting.words import because, headline
from conformance.results import Result, Row
from specs.departures import Departure

#: Changes when a reader of an older one would go wrong.
SCHEMA_VERSION = "1"


def render(result: Result) -> str:
    """The text of result.json."""
    return json.dumps(content(result), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """The JSON Schema of result.json."""
    text = resources.files(__package__).joinpath("result.schema.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def content(result: Result) -> dict[str, Any]:
    """The content of result.json."""
    made = result.circumstances
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": result.verdict.value,
        "headline": headline(result),
        "because": because(result),
        "suite_version": made.suite_version,
        "profile": dict(made.profile),
        "target": {"url": made.url, "version": made.version_seen},
        "started": made.started.isoformat(timespec="seconds"),
        "finished": made.finished.isoformat(timespec="seconds"),
        "seed": made.seed,
        "depth": made.depth,
        "only": list(made.selected),
        "requests": made.requests,
        "counts": {verdict.value: number for verdict, number in result.counts().items()},
        "problems": [*result.problems, *result.mismatches],
        "not_claimed": list(result.not_claimed),
        "leftovers": list(made.leftovers),
        "stays": list(made.stays),
        "requirements": [_row(row) for row in result.rows],
        "checks": [_outcome(outcome, result) for outcome in result.outcomes],
        "left_out": [{"check": skip.case.name, "reason": skip.reason} for skip in result.skipped],
        "operations": [_entry(entry) for entry in result.ledger],
        "coverage": [_sent(sent) for sent in result.coverage],
        "departures": [_departure(departure) for departure in result.departures],
    }


def _row(row: Row) -> dict[str, Any]:
    evidence = [_short(exchange) for exchange in row.evidence]
    return {
        "id": row.requirement.id,
        "level": row.level.value,
        "verdict": row.verdict.value,
        "reason": row.reason,
        "text": row.requirement.text,
        "source": {
            "document": row.requirement.document,
            "section": row.requirement.section,
            "sentence": row.requirement.sentence,
        },
        "checks": [{"name": name, "verdict": verdict.value} for name, verdict in row.checks],
        "evidence": evidence,
    }


def _outcome(outcome: Outcome, result: Result) -> dict[str, Any]:
    return {
        "name": outcome.check,
        "title": outcome.title,
        "verdict": outcome.overall(result.levels).value,
        "requirements": outcome.requirements,
        "observations": sum(outcome.observed.values()),
        "requests": outcome.requests,
        "seconds": outcome.seconds,
        "unreached": outcome.unreached,
        "error": outcome.error,
        "violations": [_violation(violation) for violation in outcome.violations],
    }


def _violation(violation: Violation) -> dict[str, Any]:
    return {
        "requirement": violation.requirement,
        "message": violation.message,
        "operation": violation.operation,
        "departure": violation.departure,
        "waiver": violation.waiver,
        "example": violation.example,
        "exchanges": violation.exchanges,
    }


def _short(exchange: dict[str, Any]) -> dict[str, Any]:
    answer = exchange["response"]
    return {
        "number": exchange["number"],
        "request": f"{exchange['request']['method']} {exchange['request']['target']}",
        "status": answer["status"] if answer else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "level": entry.level.value,
        "documented": [str(success) for success in entry.documented],
        "reached": [str(success) for success in entry.reached],
        "verdict": entry.verdict.value,
        "reason": entry.reason,
    }


def _sent(sent: Sent) -> dict[str, Any]:
    return {
        "id": sent.id,
        "requests": sent.requests,
        "statuses": {str(status or "none"): times for status, times in sorted(sent.statuses.items(), key=str)},
        "documented": sorted(sent.documented),
        "seen": sent.seen,
        "total": sent.total,
        "parts": sent.parts,
    }


def _departure(departure: Departure) -> dict[str, Any]:
    return {
        "id": departure.id,
        "requirements": list(departure.requirements),
        "document_says": departure.document_says,
        "airflow_does": departure.airflow_does,
    }
