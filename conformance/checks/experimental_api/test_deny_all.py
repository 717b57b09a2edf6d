"""The backend deny_all, which lets nobody in (experimental-api, "Authentication")."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from conformance.checks.every_api import web
from conformance.checks.every_api.proofs import accounts
from conformance.checks.every_api.refusals import all_refused, common, guarded, harmless, refused, sampled
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.every_kind import decisive, others
from conformance.strategies.headers import Attempt, noise
from conformance.target import Target
from specs.contract import Operation


@requirement("EXP-DENY-002")
def test_no_credentials_open_anything(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Credentials of any kind, right, wrong or made up, are refused on every operation, by HEAD as well."""
    ours = harmless(target)
    asked = sampled(guarded(target, operations, proven=True), depth)
    right = accounts(target)
    for attempt in (*decisive(right), *others(right, target.new_name("nobody"))):
        requests = [ours.request(one, attempt) for one in asked]
        heads = [replace(one, method="HEAD") for one in requests if one.method == "GET"]
        all_refused(target, judge, [*requests, *heads], attempt.flaw)


@requirement("EXP-DENY-002")
def test_no_session_opens_anything(target: Target, judge: Judge) -> None:
    """Nor does a session of the web interface, alone or beside an Authorization header."""
    for attempt in web.ways_in(target, judge):
        for headers in (attempt.headers, (*attempt.headers, ("Authorization", "Basic YWRtaW46YWRtaW4="))):
            refused(judge, common(target, headers=headers), attempt.flaw)


@requirement("EXP-DENY-002")
@given(attempt=noise())
def test_noise_opens_nothing(target: Target, judge: Judge, attempt: Attempt) -> None:
    """Nor does an Authorization header of any visible characters."""
    refused(judge, common(target, headers=attempt.headers), attempt.flaw)
