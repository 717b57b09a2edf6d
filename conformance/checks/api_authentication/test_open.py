"""The backend default, which opens the experimental API only (api-authentication, "Disable authentication")."""

from __future__ import annotations

from conformance.checks.every_api.proofs import account, accounts
from conformance.checks.every_api.refusals import all_refused, guarded, harmless, refused, sampled
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import basic, sessions
from conformance.strategies.credentials import Pair
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-OPEN-002")
def test_default_takes_no_credentials(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """With the backend default no credentials open the stable API, right, wrong, or made up, on any operation."""
    one = account(target, judge)
    ours = harmless(target)
    for attempt in (
        basic.authorization("right Basic credentials", basic.basic(*one)),
        basic.attempt(Pair("Basic credentials of nobody", target.new_name("nobody"), one.password)),
        basic.authorization("a token that nobody gave", "Bearer conformance"),
        sessions.made_up(),
    ):
        asked = sampled(guarded(target, operations, proven=True), depth)
        all_refused(target, judge, (ours.request(each, attempt) for each in asked), attempt.flaw)


@requirement("STB-OPEN-001")
def test_default_logs_nobody_in(target: Target, judge: Judge) -> None:
    """With the backend default no name in a header makes anybody of who asks."""
    for one in accounts(target):
        for name in ("Remote-User", "REMOTE_USER", "X-Remote-User", "X-Forwarded-User", "X-User", "From", "User"):
            attempt = Attempt(f"the name of {one.username} in {name}", ((name, one.username),))
            refused(judge, target.call("get_dags", role=None, headers=attempt.headers), attempt.flaw)
