"""The web interface lets people in for itself: who is logged in there has proved nothing to the API."""

from __future__ import annotations

from conformance.checks.every_api import web
from conformance.checks.every_api.refusals import all_refused, guarded, harmless, sampled
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-AUTH-001", "EXP-AUTH-001")
def test_session_that_is_not_configured(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Where no backend looks at the session, that of the web interface opens no operation."""
    ours = harmless(target)
    asked = sampled(guarded(target, operations, proven=True), depth)
    for attempt in web.ways_in(target, judge):
        all_refused(target, judge, (ours.request(each, attempt) for each in asked), attempt.flaw)
