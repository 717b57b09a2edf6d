"""The operation that tells whether the server works (experimental-api, "Endpoints")."""

from __future__ import annotations

from conformance.checks.experimental_api.answers import record, succeeded
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.target import Target


@requirement("EXP-TEST-001", "EXP-TEST-002")
def test_server_works(target: Target, judge: Judge) -> None:
    """It is answered with success and the status OK."""
    answer = target.call("test")
    succeeded(judge, answer, "GET /test is to be answered with success", "EXP-TEST-001")
    status = record(answer).get("status")
    judge.that(status == "OK", answer, f"the status is to be OK; it is {status!r}", requirement="EXP-TEST-002")
