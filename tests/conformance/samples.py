"""Small exchanges, outcomes and results for the tests of the suite's machinery."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from conformance.exchange import Exchange, Request, Response
from conformance.judge import Judge, Rules
from conformance.ledger import Ledger
from conformance.outcome import Outcome
from conformance.results import Book, Circumstances, Result, judge
from specs import contract, departures, requirements
from specs.versions import Version

BASE = "http://127.0.0.1:9"
FACTS: dict[str, object] = {"auth": "jwt", "all_admins": False, "capabilities": frozenset({"writes"})}
INTERFACE = contract.load().cut("3.3")
LEDGER = Ledger({name: INTERFACE.operations[name] for name in ("get_dags", "get_pools")}, INTERFACE.version)
PROFILE = {"profile": "airflow-3", "title": "Airflow 3", "airflow": "3.3", "config": {}, "capabilities": []}


def exchange(
    method: str = "GET",
    target: str = "/api/v2/dags",
    status: int | None = 200,
    *,
    headers: Sequence[tuple[str, str]] = (),
    sent: Sequence[tuple[str, str]] = (),
    body: bytes = b"{}",
    error: str | None = None,
    number: int = 1,
    request_body: bytes | None = None,
) -> Exchange:
    """An exchange with that request and answer; `status` None: there was no answer."""
    response = None if status is None else Response(status, "", tuple(headers), body, 0.01)
    return Exchange(Request(method, target, tuple(sent), request_body), response, error, number)


def rules(*ids: str, facts: Mapping[str, object] = FACTS) -> Rules:
    """What a judge knows in a run against Airflow 3.3."""
    known = {name: requirements.find(name) for name in ids}
    return Rules(known, departures.load("airflow-3"), Version(3, 3), facts, BASE, lambda one: one.request.operation)


def new_judge(*ids: str) -> Judge:
    """A judge of a check that decides these requirements."""
    return Judge(rules(*ids), Outcome("sample.check", "A sample.", list(ids)))


def book(*outcomes: Outcome, facts: Mapping[str, object] = FACTS, ids: Sequence[str] = ()) -> Book:
    """The book of a run in which these checks ran, with the requirements that they or `ids` name."""
    names = dict.fromkeys([*ids, *(name for outcome in outcomes for name in outcome.requirements)])
    found = {name: requirements.find(name) for name in names}
    return Book(found, facts, LEDGER, list(outcomes))


def result(*outcomes: Outcome, problems: Sequence[str] = (), ids: Sequence[str] = (), **made: Any) -> Result:
    """The result of that run."""
    kept = book(*outcomes, ids=ids)
    kept.problems.extend(problems)
    return judge(kept, circumstances(**made), departures.load("airflow-3"))


def circumstances(**changed: Any) -> Circumstances:
    """A run of one second on one profile."""
    started = datetime.datetime(2026, 11, 21, 12, tzinfo=datetime.UTC)
    values: dict[str, Any] = {
        "suite_version": "1",
        "profile": PROFILE,
        "profile_name": "airflow-3",
        "url": BASE,
        "version_seen": "3.3.2",
        "started": started,
        "finished": started + datetime.timedelta(seconds=1),
        "seed": 7,
        "requests": 3,
        "depth": "standard",
        "repeat": f"airflow-conformance run {BASE} --profile airflow-3 --seed 7",
    }
    return Circumstances(**{**values, **changed})
