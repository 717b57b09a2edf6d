"""What stock Schemathesis finds in the mock is what it finds in Airflow, and has a reason: as it was measured."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from specs import contract, departures
from tests.stock import kept
from tests.stock.findings import Finding, Findings, table, untable
from tests.stock.reasons import Reason, load
from tests.stock.servers import SETUPS, Setup

APIS = list(SETUPS["setups"])


@pytest.mark.parametrize("api", APIS)
def test_the_mock_shows_nothing_that_airflow_does_not(api: str) -> None:
    assert table(kept.load(api).mock) == {}


@pytest.mark.parametrize("api", APIS)
def test_each_finding_has_a_reason(api: str) -> None:
    reasons = load(api)
    found = kept.load(api)
    ours = found.both | found.asked
    assert table(one for one in ours if not any(reason.covers(one) for reason in reasons)) == {}
    assert [reason for reason in reasons if not any(reason.covers(one) for one in ours)] == []


@pytest.mark.parametrize("api", APIS)
def test_departures_are_known(api: str) -> None:
    known = {one.id for one in departures.every()}
    assert [name for reason in load(api) for name in reason.departures if name not in known] == []


@pytest.mark.parametrize("api", APIS)
def test_what_is_tried_alone_is_there(api: str) -> None:
    setup = Setup.of(api)
    assert setup.alone.keys() <= contract.load(api).cut(setup.airflow).operations.keys()


def test_findings_are_kept_as_they_are() -> None:
    findings = {Finding("GET /a", "x", 400), Finding("GET /a", "x", 500), Finding("POST /a", "y", 0)}
    assert untable(table(findings)) == findings
    assert table(findings) == {"x": {"GET /a": [400, 500]}, "y": {"POST /a": [0]}}


def test_a_reason_covers_what_it_names() -> None:
    reason = Reason(("x",), (400,), ("GET /a/*",))
    assert reason.covers(Finding("GET /a/{b}", "x", 400))
    assert not reason.covers(Finding("POST /a/{b}", "x", 400))
    assert not reason.covers(Finding("GET /a/{b}", "x", 500))
    assert not reason.covers(Finding("GET /a/{b}", "y", 400))


REPORT = """\
{"Initialize": {}}
{"ScenarioFinished": {"recorder": {"label": "GET /a", "checks": {"1": [{"name": "x", "status": "success"}, \
{"name": "y", "status": "failure", "failure_info": {"failure": {"operation": "GET /a", "title": "T", \
"message": "m"}}}]}, \
"interactions": {"1": {"request": {"method": "GET", "uri": "http://h/a", "headers": {"Accept": ["*/*"]}}, \
"response": {"status_code": 500, "headers": {"Allow": ["GET"]}, "content": {"$base64": "YQ=="}}}}}}}
"""


def test_a_report_is_read(tmp_path: Path) -> None:
    (tmp_path / "r.ndjson").write_text(REPORT)
    found = Findings()
    found.read(tmp_path / "r.ndjson")
    assert (found.requests, found.pairs) == (1, {("GET /a", "y")})
    (asked,) = found.kinds[Finding("GET /a", "y", 500)]
    assert (asked.method, asked.uri, asked.headers, asked.said) == ("GET", "http://h/a", {"accept": "*/*"}, "T: m")
    assert (asked.answer.status, asked.answer.headers, asked.answer.body) == (500, {"allow": "GET"}, b"a")


def test_the_data_is_sorted() -> None:
    for path in kept.FOLDER.glob("*.yaml"):
        told = yaml.safe_load(path.read_text())
        assert all(list(told[part]) == sorted(told[part]) for part in ("both", "asked", "mock", "airflow"))


def test_a_request_that_went_elsewhere_is_no_finding(tmp_path: Path) -> None:
    elsewhere = REPORT.replace('"operation": "GET /a"', '"operation": "GET /a/{b}/c"')
    for uri, found in (("http://h/x/a/1%2F2/c?d", 1), ("http://h/x/a/1?2/c", 0)):
        (tmp_path / "r.ndjson").write_text(elsewhere.replace("http://h/a", uri))
        findings = Findings()
        findings.read(tmp_path / "r.ndjson")
        assert len(findings.kinds) == found
