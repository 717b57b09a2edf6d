"""Calls as the document's script makes them, and tokens that are not good (composer, "Make calls ...")."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from conformance.auth.base import NoCredential
from conformance.checks.composer.accounts import somebody
from conformance.checks.every_api.refusals import all_refused, common, expect, guarded, harmless, refused, tried
from conformance.exchange import Exchange, NotJson
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies import google
from conformance.strategies.headers import Attempt, bearer
from conformance.target import Target
from specs.contract import Operation

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."


@requirement("CMP-CALL-002", "CMP-CALL-004")
@needs("writes", "fixture-dags")
def test_dag_is_triggered_as_the_script_does(target: Target, judge: Judge) -> None:
    """A POST with nothing but the configuration is answered with exactly 200, and the run has it."""
    dag = target.spare_dag()
    conf = {"your-key": "your-value", "marked": target.new_name("conf"), "inner": {"of": [1, None, "ä"]}}
    for role in [each for each in ("admin", "op", "user") if each in target.roles]:
        answer = target.call("post_dag_run", params={"dag_id": dag}, role=role, json={"conf": conf})
        expect(judge, answer.status == 200, answer, f"what {role} triggers is to be answered with exactly 200")
        run = _object(answer)
        judge.that(run.get("conf") == conf, answer, f"the answer is to have the conf as sent; it has {run.get('conf')}")
        params = {"dag_id": dag, "dag_run_id": str(run.get("dag_run_id"))}
        seen = target.call("get_dag_run", params=params)
        there = seen.status == 200 and _object(seen).get("conf") == conf
        judge.that(there, seen, f"the run is to have the conf as sent; it is {_object(seen).get('conf')}")
        if there:
            judge.reached(answer)


@requirement("CMP-CALL-005")
@needs("roles", "writes", "fixture-dags")
def test_trigger_without_permission_is_refused(target: Target, judge: Judge) -> None:
    """A role that may not trigger is answered with 403 and a text, and there is no run."""
    without = [role for role in ("viewer", "public") if role in target.roles]
    if not without:
        judge.unreached("there are no credentials of a role that may not trigger a DAG: viewer or public")
    for role in without:
        place = {"dag_id": target.spare_dag(), "dag_run_id": target.new_name("run")}
        body = {"dag_run_id": place["dag_run_id"], "conf": {}}
        answer = target.call("post_dag_run", params={"dag_id": place["dag_id"]}, role=role, json=body)
        expect(judge, answer.status == 403, answer, f"{role} may not trigger a DAG: 403")
        text = answer.response.text.strip() if answer.response else ""
        judge.that(bool(text), answer, "the answer 403 is to say something; it is empty")
        gone = target.call("get_dag_run", params=place)
        expect(judge, gone.status == 404, gone, f"no run is to come of what {role} may not trigger")


@requirement("CMP-CALL-006")
@needs("writes")
def test_methods_reach_airflow(target: Target, judge: Judge) -> None:
    """What Airflow answers to each of the seven methods comes through the proxy."""
    pool = target.new_name("pool")
    path = target.request("get_pool", params={"pool_name": pool}, role=None).path
    body = {"name": pool, "slots": 1}
    for method, where, wanted, extra in (
        ("POST", "/api/v1/pools", (200,), {"json": body}),
        ("GET", path, (200,), {}),
        ("HEAD", path, (200,), {}),
        ("OPTIONS", path, (200, 204, 405), {}),
        ("PATCH", path, (200,), {"json": {**body, "slots": 2}}),
        ("PUT", path, (405,), {}),  # Airflow has nothing there, and says so
        ("DELETE", path, (204,), {}),
        ("GET", path, (404,), {}),
    ):
        exchange = target.call(method, where, **extra)
        expect(judge, exchange.status in wanted, exchange, f"{method} {where} is to be answered by Airflow: {wanted}")


@requirement("CMP-CALL-007", "CMP-EXP-007")
def test_no_spoiled_token_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A good access token cut, changed or doubled is refused."""
    ours = harmless(target)
    token = target.google.token("admin")
    for attempt in google.spoiled(token):
        asked = tried(target, guarded(target, operations), depth)
        all_refused(target, judge, (ours.request(one, attempt) for one in asked), attempt.flaw)


@requirement("CMP-CALL-007")
def test_no_forged_jwt_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A JWT in the place of an access token is refused that is forged, expired, or for somebody else."""
    one = somebody(target)
    with suppress(NoCredential):
        identity = target.google.id_token("admin", target.url)
        elsewhere = target.google.id_token("admin", google.ELSEWHERE)
        _refused(target, judge, [bearer("an ID token for somebody else", elsewhere)], operations, depth)
        _refused(target, judge, list(google.forged(identity)), operations, "smoke")
    forgeries = list(google.self_signed(one, target.url))
    for each in forgeries:
        target.redactor.learn(each.token)
    _refused(target, judge, [bearer(f"a JWT {each.flaw}", each.token) for each in forgeries], operations, depth)


@requirement("CMP-CALL-007")
@given(data=st.data())
def test_token_one_letter_away_is_refused(target: Target, judge: Judge, data: st.DataObject) -> None:
    """A token that differs from a good one in one letter is refused."""
    token = target.google.token("admin")
    at = data.draw(st.integers(0, len(token) - 1), label="place")
    letter = data.draw(st.sampled_from(_LETTERS).filter(lambda each: each != token[at]), label="letter")
    attempt = bearer(f"a token with another letter at {at}", f"{token[:at]}{letter}{token[at + 1 :]}")
    refused(judge, common(target, headers=attempt.headers), attempt.flaw)


def _refused(target: Target, judge: Judge, attempts: list[Attempt], operations: list[Operation], depth: str) -> None:
    ours = harmless(target)
    for attempt in attempts:
        asked = tried(target, guarded(target, operations), depth)
        all_refused(target, judge, (ours.request(one, attempt) for one in asked), attempt.flaw)


def _object(exchange: Exchange) -> dict[str, Any]:
    """The JSON object of an answer; empty where there is none."""
    try:
        found = exchange.json()
    except NotJson:
        return {}
    return found if isinstance(found, dict) else {}
