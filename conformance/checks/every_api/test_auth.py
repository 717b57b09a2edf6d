"""Laws over every operation: good proof opens it, by each way alone; nothing else does."""

from __future__ import annotations

from conformance.checks.every_api.proofs import COSTLY, OPENS, wrong
from conformance.checks.every_api.refusals import (
    REFUSED,
    all_refused,
    answers,
    expect,
    guarded,
    harmless,
    sampled,
    tried,
)
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies.harmless import closed
from conformance.strategies.headers import NOTHING
from conformance.target import Target
from specs.contract import Operation


@requirement("PUB-AUTH-001", "STB-SESSION-001", "STB-BASIC-001", "STB-CUSTOM-001", "STB-CHAIN-001")
@requirement("EXP-OPEN-001", "EXP-PASSWORD-001", "EXP-KERBEROS-001", "STB-KERBEROS-001")
@requirement("CMP-API-001", "CMP-API-003", "CMP-API-005", "CMP-STABLE-001", "CMP-EXP-003", "CMP-CALL-003")
def test_valid_proof_opens_every_operation(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A request with good proof is never refused for it, on any operation; each way to prove is enough alone."""
    for via in target.drivers:
        ours = harmless(target, "valid", run=True)
        asked = guarded(target, operations, proven=True)
        if via in COSTLY:
            asked = sampled(asked, depth)
        requests = [ours.request(one, via=via) for one in asked]
        for operation, exchange in zip(asked, answers(target, requests), strict=True):
            refusals = (401,) if closed(target, operation.id) else REFUSED
            ok = exchange.status not in refusals
            for name in {*OPENS[via], *(("STB-CHAIN-001",) if target.facts.get("chain") else ())}:
                expect(judge, ok, exchange, f"{operation.id} with good proof ({via}) is to be answered", name)


@requirement("PUB-AUTH-002", "STB-AUTH-002", "STB-OPEN-001", "EXP-AUTH-002", "EXP-DENY-001")
@requirement("CMP-STABLE-002", "CMP-EXP-007", "CMP-CALL-007")
def test_no_proof_opens_no_operation(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A request that says nothing about who asks is refused, on every operation that is not open."""
    ours = harmless(target, run=True)
    asked = sampled(guarded(target, operations), depth)
    all_refused(target, judge, (ours.request(one, NOTHING) for one in asked), NOTHING.flaw)


@requirement("PUB-AUTH-003", "STB-SESSION-003", "STB-BASIC-006", "STB-CUSTOM-002", "STB-CHAIN-003", "EXP-PASSWORD-002")
@requirement("EXP-KERBEROS-003", "STB-KERBEROS-002", "CMP-CALL-007")
def test_wrong_proof_opens_no_operation(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """Proof of any kind that is made up, changed, or somebody else's is refused, on every operation."""
    ours = harmless(target)
    for attempt, name, costly in wrong(target, judge):
        every = guarded(target, operations)
        asked = tried(target, every, depth) if costly else sampled(every, depth)
        all_refused(target, judge, (ours.request(one, attempt) for one in asked), attempt.flaw, name)
