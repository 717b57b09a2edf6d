"""Departures: measured places where real Airflow leaves its own document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from specs import yamlfile
from specs.predicate import holds
from specs.versions import Version, within

FILES = ("airflow-3", "airflow-2", "airflow-1")


@dataclass(frozen=True)
class Pattern:
    """What an exchange must look like to show a departure; an empty part fits everything.

    `method` and `status` are alternatives, `path` is a glob over the path as sent, `query`, `sent_body` and `body` are
    regular expressions that are searched. `sent_json` is whether the body sent is JSON, None where that does not
    count. `sent` maps request headers that must be there to a
    regular expression, `headers` those of the answer, or to None for "absent".
    """

    method: tuple[str, ...] = ()
    path: str = "*"
    query: str = ""
    sent: Mapping[str, str] = field(default_factory=dict)
    sent_body: str = ""
    sent_json: bool | None = None
    status: tuple[int, ...] = ()
    headers: Mapping[str, str | None] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Departure:
    """One place: the requirements it touches, the versions that do it, and the exchange that shows it."""

    id: str
    requirements: tuple[str, ...]
    since: str | None
    until: str | None
    applies: Mapping[str, Any]
    document_says: str
    airflow_does: str
    pattern: Pattern

    def expected(self, version: Version, facts: Mapping[str, object]) -> bool:
        """Whether an Airflow of this version, set up like this, is known to do it."""
        return within(version, self.since, self.until) and holds(self.applies, facts)


@cache
def load(name: str) -> tuple[Departure, ...]:
    """The departures of one Airflow major, e.g. "airflow-3". KeyError for a name that we do not have."""
    if name not in FILES:
        raise KeyError(f"no departures called {name!r}; there are: {', '.join(FILES)}")
    return tuple(_departure(entry) for entry in yamlfile.read(__name__, f"{name}.yaml")["departures"])


def every() -> tuple[Departure, ...]:
    """The departures of all versions, which tell by themselves what they are about."""
    return tuple(departure for name in FILES for departure in load(name))


def _departure(entry: Mapping[str, Any]) -> Departure:
    return Departure(
        id=entry["id"],
        requirements=tuple(entry["requirements"]),
        since=entry.get("since"),
        until=entry.get("until"),
        applies=entry.get("applies", {}),
        document_says=entry["document_says"],
        airflow_does=entry["airflow_does"],
        pattern=_pattern(entry.get("request", {}), entry["answer"]),
    )


def _pattern(request: Mapping[str, Any], answer: Mapping[str, Any]) -> Pattern:
    return Pattern(
        method=tuple(request.get("method", ())),
        path=request.get("path", "*"),
        query=request.get("query", ""),
        sent=_values(request.get("headers", ())),
        sent_body=request.get("body", ""),
        sent_json=request.get("json"),
        status=tuple(answer.get("status", ())),
        headers=answer.get("headers", {}),
        body=answer.get("body", ""),
    )


def _values(headers: Mapping[str, str] | Iterable[str]) -> dict[str, str]:
    """Names and expressions; a list of names is content with any value."""
    return dict(headers) if isinstance(headers, Mapping) else dict.fromkeys(headers, "")
