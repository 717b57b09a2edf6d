"""The page that tells where real Airflow leaves its documents, from `specs/departures/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from specs import departures, requirements
from specs.departures import Departure, Pattern
from tests.docs.markdown import anchor, code, link, table

PAGE = "reality.md"
_TITLES = {
    "airflow-3": "Airflow 3: the public API",
    "airflow-2": "Airflow 2: the stable API and its authentication",
    "airflow-1": "Airflow 1.10, and Airflow 2 where it is switched on: the experimental API",
}
_HEADS = ("departure", "requirement", "the document says", "Airflow does", "versions", "the exchange that shows it")
_HEAD = """\
# Where real Airflow leaves its documents

Each row is a place where a real Airflow was seen to do something else than its document says. The suite reports the
requirement as DEPARTS, and not as FAIL, where an exchange is exactly of this kind, of this version and this set-up; any
other failure of the same requirement stays a FAIL. The mock does as Airflow does, or with `--follow documents` as is
written.

Versions are minor ones and belong to the range; "all" are those that were measured. Of an exchange the request stands
before the arrow, the answer behind it. `*` in a path stands for any text; what stands between slashes is a regular
expression that is searched for.

This page is made from [`specs/departures/`](../specs/departures) by `nox -s docs`.
"""


def page() -> str:
    """The whole page."""
    parts = [_HEAD, *(_major(name) for name in departures.FILES), _demanded()]
    return "\n".join(parts)


def _major(name: str) -> str:
    rows = sorted(departures.load(name), key=lambda each: each.requirements)
    return f"## {_TITLES[name]}\n\n{table(_HEADS, map(_row, rows))}"


def _row(one: Departure) -> tuple[str, ...]:
    return (
        anchor(one.id),
        ", ".join(map(link, one.requirements)),
        one.document_says,
        one.airflow_does,
        versions(one.since, one.until) + _where(one.applies),
        exchange(one.pattern),
    )


def versions(since: str | None, until: str | None) -> str:
    """A range of versions in words."""
    if since == until:
        return since or "all"
    if since and until:
        return f"{since} to {until}"
    return f"from {since} on" if since else f"up to {until}"


def _where(applies: Mapping[str, Any]) -> str:
    """Of which deployments, by their facts."""
    said = [f"`{name}` is {str(value).lower()}" for name, value in applies.items()]
    return f", where {' and '.join(said)}" if said else ""


def exchange(pattern: Pattern) -> str:
    """An exchange that a pattern fits, in a line."""
    return f"{', '.join(_asked(pattern))} → {', '.join(_answered(pattern))}"


def _asked(pattern: Pattern) -> Iterator[str]:
    yield code(f"{'/'.join(pattern.method)} {pattern.path}") if pattern.method else f"any to {code(pattern.path)}"
    if pattern.query:
        yield f"query {_searched(pattern.query)}"
    yield from (f"{name} {_searched(value)}" if value else f"with {name}" for name, value in pattern.sent.items())
    if pattern.sent_body:
        yield f"body {_searched(pattern.sent_body)}"
    if pattern.sent_json is not None:
        yield "body JSON" if pattern.sent_json else "body no JSON"


def _answered(pattern: Pattern) -> Iterator[str]:
    yield " or ".join(map(str, pattern.status)) or "any status"
    for name, value in pattern.headers.items():
        yield f"without {name}" if value is None else f"{name} {_searched(value)}"
    if pattern.body:
        yield f"body {_searched(pattern.body)}"


def _searched(expression: str) -> str:
    return code(f"/{expression}/")


def _demanded() -> str:
    """The requirements that something departs from, with the place in their document."""
    by: dict[str, list[str]] = {}
    for one in departures.every():
        for name in one.requirements:
            by.setdefault(name, []).append(one.id)
    found = sorted((requirements.find(name) for name in by), key=lambda each: each.id)
    rows = (
        (
            anchor(each.id),
            each.level,
            f"`{each.document}`, {each.section}, sentence {each.sentence}",
            each.text,
            ", ".join(map(link, by[each.id])),
        )
        for each in found
    )
    return f"## The requirements\n\n{table(('id', 'level', 'source', 'what it demands', 'departures'), rows)}"
