from __future__ import annotations

import pytest

from conformance.departing import departure_of, shows
from conformance.exchange import Exchange
from specs.departures import Departure, Pattern
from specs.versions import Version
from tests.conformance.samples import exchange

SHOWN = exchange(
    "GET",
    "/api/v2/dags/x?limit=500",
    200,
    sent=[("Origin", "https://a")],
    headers=[("X-Kind", "one"), ("X-Kind", "two")],
    body=b"Internal Server Error",
)


def test_an_empty_pattern_fits_every_answer_and_nothing_else() -> None:
    assert shows(Pattern(), SHOWN)
    assert not shows(Pattern(), exchange(status=None, error="refused"))


@pytest.mark.parametrize(
    ("fits", "other"),
    [
        (Pattern(method=("GET", "HEAD")), Pattern(method=("POST",))),
        (Pattern(path="/api/v2/*"), Pattern(path="/api/v1/*")),
        (Pattern(path="/api/v2/dags/x"), Pattern(path="/api/v2/dags")),
        (Pattern(query=r"(^|&)limit=\d{3}"), Pattern(query=r"(^|&)offset=")),
        (Pattern(sent={"origin": ""}), Pattern(sent={"origin": "", "cookie": ""})),
        (Pattern(sent={"origin": "^https:"}), Pattern(sent={"origin": "^http:"})),
        (Pattern(sent_body="^$"), Pattern(sent_body="password")),
        (Pattern(status=(200, 201)), Pattern(status=(500,))),
        (Pattern(headers={"x-kind": "^two$"}), Pattern(headers={"x-kind": "^three$"})),
        (Pattern(headers={"x-other": None}), Pattern(headers={"x-kind": None})),
        (Pattern(body="^Internal Server Error$"), Pattern(body="^Error")),
    ],
)
def test_every_part_of_a_pattern_counts(fits: Pattern, other: Pattern) -> None:
    assert shows(fits, SHOWN)
    assert not shows(other, SHOWN)


@pytest.mark.parametrize(
    ("body", "json"), [(b'{"a": 1}', True), (b"3", True), (b'{"a": 1', False), (b"", False), (b"\xff", False)]
)
def test_it_counts_whether_what_was_sent_is_json(body: bytes, json: bool) -> None:
    one = exchange("POST", "/api/v2/pools", 500, request_body=body)
    assert shows(Pattern(sent_json=json), one)
    assert not shows(Pattern(sent_json=not json), one)


def found(version: str, facts: dict[str, object], one: Exchange = SHOWN, requirement: str = "PUB-PAGE-001") -> bool:
    known = Departure("X", ("PUB-PAGE-001",), "3.1", "3.2", {"cors": True}, "", "", Pattern(status=(200,)))
    return departure_of([known], requirement, Version.parse(version), facts, one) is known


def test_a_departure_counts_for_its_versions_facts_and_requirements_only() -> None:
    cors: dict[str, object] = {"cors": True}
    assert found("3.1", cors)
    assert not found("3.0", cors)
    assert not found("3.3", cors)
    assert not found("3.1", {"cors": False})
    assert not found("3.1", cors, exchange(status=500))
    assert not found("3.1", cors, requirement="PUB-PAGE-002")
