"""Several backends, tried in turn (api-authentication, "API Authentication", changed in version 2.3.0)."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.auth.base import Driver
from conformance.checks.every_api.proofs import account, wrong
from conformance.checks.every_api.refusals import REFUSED, answers, expect, guarded, harmless, sampled, tried
from conformance.exchange import Headers
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.basic import authorization, basic
from conformance.strategies.harmless import closed
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.contract import Operation


@requirement("STB-CHAIN-002")
def test_bad_proof_for_one_does_not_spoil_good_for_another(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """Good proof for one backend is enough, on every operation, whatever bad proof for another comes with it."""
    ours = harmless(target, "chain", run=True)
    for via, driver in target.drivers.items():
        every = guarded(target, operations, proven=True)
        asked = tried(target, every, depth) if via == "basic" else sampled(every, depth)
        for bad in _bad(target, judge, driver)[:1]:
            requests = (ours.request(one, next(_beside(driver, bad))) for one in asked)
            for operation, exchange in zip(asked, answers(target, requests), strict=True):
                refusals = (401,) if closed(target, operation.id) else REFUSED
                wish = f"{operation.id} with good proof ({via}) and {bad.flaw} after it is to be answered"
                expect(judge, exchange.status not in refusals, exchange, wish)


@requirement("STB-CHAIN-002")
def test_no_bad_proof_spoils_a_good_one(target: Target, judge: Judge) -> None:
    """Good proof for one backend is enough beside bad proof of every kind, in either order of the headers."""
    for via, driver in target.drivers.items():
        for attempt in (each for bad in _bad(target, judge, driver) for each in _beside(driver, bad)):
            exchange = target.call("get_connections", role=None, headers=attempt.headers)
            wish = f"good proof ({via}) and {attempt.flaw} is to be answered"
            expect(judge, exchange.status == 200, exchange, wish)


@requirement("STB-CHAIN-004")
@needs("roles")
def test_first_backend_that_accepts_decides(target: Target, judge: Judge) -> None:
    """Of good proof of two users in one request it is that for the backend that comes first which counts."""
    line = [kind for kind in target.profile.backend_kinds if kind in target.drivers]
    if len(line) < 2 or not {"admin", "viewer"} <= set(target.roles):
        judge.unreached("it takes two ways to prove who asks, and credentials for admin and viewer")
    first, *later = line
    for second in later:
        for one, other, status in (("admin", "viewer", 200), ("viewer", "admin", 403)):
            wish = f"with proof of {one} for {first}, which comes first, and of {other} for {second}: {one} asks"
            for headers in _both(target.drivers[first], one, target.drivers[second], other):
                exchange = target.call("get_connections", role=None, headers=headers)
                expect(judge, exchange.status == status, exchange, wish)


def _both(first: Driver, one: str, second: Driver, other: str) -> Iterator[Headers]:
    """Proof of two roles in either order, new each time; none where one header would have to carry both."""
    for swapped in (False, True):
        mine, theirs = first.headers(one), second.headers(other)
        if _names(mine).isdisjoint(_names(theirs)):
            yield theirs + mine if swapped else mine + theirs


def _bad(target: Target, judge: Judge, driver: Driver) -> list[Attempt]:
    """Bad proof in headers of other names than those that carry a driver's good proof."""
    names = _names(driver.headers("admin"))
    return [attempt for attempt in _each(target, judge) if names.isdisjoint(_names(attempt.headers))]


def _beside(driver: Driver, bad: Attempt) -> Iterator[Attempt]:
    """A driver's good proof, new each time, with the bad one after it and before it."""
    yield Attempt(f"{bad.flaw} after it", driver.headers("admin") + bad.headers)
    yield Attempt(f"{bad.flaw} before it", bad.headers + driver.headers("admin"))


def _names(headers: Headers) -> set[str]:
    return {name.lower() for name, _ in headers}


def _each(target: Target, judge: Judge) -> Iterator[Attempt]:
    yield from (one.attempt for one in wrong(target, judge))
    one = account(target, judge)
    yield authorization("a wrong password", basic(one.username, f"{one.password}x"))
    yield authorization("another user's wrong password", basic(target.new_name("nobody"), one.password))
    yield authorization("a token that nobody gave", "Bearer conformance")
    yield authorization("a ticket that nobody gave", "Negotiate Y29uZm9ybWFuY2U=")
    yield authorization("an empty header", "")
    yield authorization("a scheme without credentials", "Basic")
    yield authorization("what is not base64", "Basic !!!")
    yield authorization("a pair without a colon", "Basic Y29uZm9ybWFuY2U=")
