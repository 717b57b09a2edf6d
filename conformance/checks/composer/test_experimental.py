"""The experimental API of Cloud Composer (composer, "Enable the experimental Airflow REST API")."""

from __future__ import annotations

from conformance.checks.composer.accounts import known
from conformance.checks.every_api.refusals import REFUSED, answers, expect, guarded, harmless
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.target import Target
from specs.contract import Operation

#: What it answers to everybody, where it is open, and about what is there with and without our fixtures.
_PATHS = (
    "test",
    "info",
    "latest_runs",
    "pools",
    "pools/default_pool",
    "dags/conformance_empty/dag_runs",
    "dags/conformance_empty/paused",
    "dags/conformance_empty/tasks/first",
)


@requirement("CMP-EXP-001", "CMP-EXP-002", "CMP-EXP-005")
def test_experimental_api_is_closed(target: Target, judge: Judge) -> None:
    """Unless both options are set no request opens the experimental API, whosever Google credentials it carries."""
    for role in (None, *known(target)):
        for path in _PATHS:
            exchange = target.call("GET", f"/api/experimental/{path}", role=role)
            ok = exchange.status in (*REFUSED, 404)
            who = f"the account of {role}" if role else "nobody"
            expect(judge, ok, exchange, f"GET /api/experimental/{path} is to be closed to {who}")


@requirement("CMP-EXP-004", "CMP-EXP-006")
def test_every_account_is_answered(target: Target, judge: Judge, operations: list[Operation]) -> None:
    """Whoever has come through the proxy is answered on every operation, user of Airflow or not."""
    asked = guarded(target, operations, proven=True)
    for role in known(target):
        ours = harmless(target, role)
        exchanges = answers(target, (ours.request(each, role=role) for each in asked))
        for one, exchange in zip(asked, exchanges, strict=True):
            ok = exchange.status is not None and exchange.status not in REFUSED and not 300 <= exchange.status < 400
            expect(judge, ok, exchange, f"{one.id} is to be answered to the account of {role}")


@requirement("CMP-EXP-006")
@needs("writes")
def test_every_account_may_write(target: Target, judge: Judge) -> None:
    """And what it writes is done."""
    for role in known(target):
        name = target.new_name("pool")
        made = target.create("pool", name=name, role=role)
        expect(judge, made.status == 200, made, f"the account of {role} is to be able to create a pool")
        seen = target.call("get_pool", params={"name": name}, role=role)
        expect(judge, seen.status == 200, seen, f"the pool that the account of {role} has created is to be there")
