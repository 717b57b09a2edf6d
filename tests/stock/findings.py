"""Findings of Schemathesis: what they are, how they are read from its NDJSON report, and what is kept of them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

EXAMPLES = 20  # requests that are kept for a kind of finding


class Finding(NamedTuple):
    """A kind of finding: the operation ("GET /path/{name}"), the check that failed, the status of the answer.

    A status of 0 stands for an answer that never came.
    """

    operation: str
    check: str
    status: int


@dataclass(frozen=True)
class Answer:
    """An answer: header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Asked:
    """A request that led to a finding, as it was sent, its answer, and what Schemathesis said of that."""

    method: str
    uri: str
    headers: Mapping[str, str]
    body: bytes
    answer: Answer
    said: str


@dataclass
class Findings:
    """What one or more runs found, with some of the requests that led to it; `requests` were sent in all."""

    kinds: dict[Finding, list[Asked]] = field(default_factory=dict)
    requests: int = 0

    def read(self, report: Path) -> None:
        """Add what a report in NDJSON tells."""
        with report.open("rb") as lines:
            for line in lines:
                recorder = json.loads(line).get("ScenarioFinished", {}).get("recorder") or {}
                self.requests += len(recorder.get("interactions", ()))
                for finding, asked in _failures(recorder):
                    known = self.kinds.setdefault(finding, [])
                    known += [asked] * (len(known) < EXAMPLES)

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Operation and check of each."""
        return pairs(self.kinds)


def pairs(kinds: Iterable[Finding]) -> set[tuple[str, str]]:
    """Operation and check of each finding."""
    return {(one.operation, one.check) for one in kinds}


def _failures(recorder: Mapping[str, Any]) -> Iterator[tuple[Finding, Asked]]:
    for case, checks in recorder.get("checks", {}).items():
        exchange = recorder["interactions"].get(case)
        for check in checks:
            if check["status"] == "failure" and exchange is not None:
                failure = check["failure_info"]["failure"]
                asked = _asked(exchange, f"{failure['title']}: {failure.get('message', '')}")
                if not _is_for(failure["operation"], asked.uri):
                    continue
                yield Finding(failure["operation"], check["name"], asked.answer.status), asked


def _is_for(operation: str, uri: str) -> bool:
    """Whether the path belongs to the operation; Schemathesis sends a "?" within a name as it stands."""
    template = re.escape(operation.partition(" ")[2]).replace(r"\{", "{").replace(r"\}", "}")
    return re.search(re.sub(r"\{[^}]*}", ".*", template) + "$", urlsplit(uri).path) is not None


def _asked(exchange: Mapping[str, Any], said: str) -> Asked:
    request, response = exchange["request"], exchange.get("response") or {"status_code": 0}
    answer = Answer(response["status_code"], _headers(response), _bytes(response.get("content")))
    return Asked(request["method"], request["uri"], _headers(request), _bytes(request.get("body")), answer, said)


def _headers(message: Mapping[str, Any]) -> dict[str, str]:
    return {name.lower(): values[0] for name, values in message.get("headers", {}).items()}


def _bytes(content: Mapping[str, str] | None) -> bytes:
    return base64.b64decode(content["$base64"]) if content else b""


def table(findings: Iterable[Finding]) -> dict[str, dict[str, list[int]]]:
    """Findings as they are kept: check -> operation -> statuses."""
    rows: dict[str, dict[str, list[int]]] = {}
    for one in sorted(findings, key=lambda one: (one.check, one.operation, one.status)):
        rows.setdefault(one.check, {}).setdefault(one.operation, []).append(one.status)
    return rows


def untable(rows: Mapping[str, Mapping[str, Iterable[int]]]) -> set[Finding]:
    """What `table` was made of."""
    return {
        Finding(operation, check, status)
        for check, operations in rows.items()
        for operation, statuses in operations.items()
        for status in statuses
    }
