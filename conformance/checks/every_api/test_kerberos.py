"""Kerberos (experimental-api, "Authentication"; api-authentication, "Kerberos authentication"; RFC 4559).

That a good token opens every operation, and a bad one none, stands with the other ways in `test_auth`.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import pytest

from conformance.auth import gssapi
from conformance.auth.base import LoginError
from conformance.auth.kerberos import SERVICE, challenged, negotiate, reply
from conformance.checks.every_api.refusals import answers, common, expect, guarded, harmless, refused, sampled, tried
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.marks import requirement
from conformance.strategies import tickets
from conformance.strategies.headers import NOTHING, Attempt
from conformance.target import Target
from specs.contract import Operation

#: A host that the realm of our own tests has beside this machine.
_ELSEWHERE = "other.conformance.test"
#: How Kerberos' answer to a request for a proof begins, after the frame (RFC 4121, 4.1).
_PROOF = gssapi.KRB5 + b"\x02\x00"
MECHANISMS = {"SPNEGO": gssapi.SPNEGO, "plain Kerberos": gssapi.KRB5}


@requirement("EXP-KERBEROS-002", "STB-KERBEROS-009")
def test_no_token_is_answered_with_the_challenge(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A request without a token is refused with 401 and the challenge Negotiate, on every operation."""
    ours = harmless(target)
    for operation in sampled(guarded(target, operations), depth):
        for attempt in (NOTHING, Attempt("an empty header", (("Authorization", ""),))):
            exchange = target.send(ours.request(operation, attempt))
            ok = exchange.status == 401 and challenged(exchange)
            wish = f"{operation.id} with {attempt.flaw} is to be refused with 401 and the challenge Negotiate"
            expect(judge, ok, exchange, wish)


@requirement("EXP-KERBEROS-003", "STB-KERBEROS-002")
def test_no_flawed_token_is_taken(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """What is no token of a valid ticket is refused: cut, changed, of another mechanism, none at all."""
    ours = harmless(target)
    for mechanism in MECHANISMS.values():
        attempts = list(tickets.flawed(target.kerberos.context("admin", mechanism=mechanism).token))
        for operation in tried(target, guarded(target, operations), depth)[: 1 if depth == "smoke" else None]:
            exchanges = answers(target, (ours.request(operation, one) for one in attempts))
            for attempt, exchange in zip(attempts, exchanges, strict=True):
                refused(judge, exchange, attempt.flaw)


@requirement("EXP-KERBEROS-003", "STB-KERBEROS-002")
def test_no_cookie_stands_for_a_token(target: Target, judge: Judge) -> None:
    """What an answer to a token sets as cookies does not open the API to a request without a token."""
    first = common(target, headers=target.kerberos.headers("admin"))
    expect(
        judge,
        first.status == 200,
        first,
        "a token is to be taken",
    )
    jar = (
        "; ".join(each.partition(";")[0].strip() for each in first.response.all("Set-Cookie")) if first.response else ""
    )
    refused(
        judge, common(target, headers=(("Cookie", jar),) if jar else ()), f"the cookies {jar or '(there are none)'}"
    )


@requirement("EXP-KERBEROS-001", "STB-KERBEROS-001")
@pytest.mark.parametrize("mechanism", MECHANISMS)
@pytest.mark.parametrize("mutual", [True, False], ids=["mutual", "one-sided"])
def test_token_of_either_mechanism_is_taken(target: Target, judge: Judge, mechanism: str, *, mutual: bool) -> None:
    """A token opens the API as browsers send it (SPNEGO) and as it is, whether or not the service is to answer it."""
    context = target.kerberos.context("admin", mechanism=MECHANISMS[mechanism], mutual=mutual)
    exchange = common(target, headers=negotiate(context.token))
    expect(judge, exchange.status == 200, exchange, f"a token of {mechanism} is to be taken")


@requirement("EXP-KERBEROS-004", "STB-KERBEROS-006")
def test_token_is_good_for_one_request(target: Target, judge: Judge, operations: list[Operation], depth: str) -> None:
    """A token that was taken is refused when it is sent again, for the same and for any other operation."""
    ours = harmless(target, "replay")
    for operation in tried(target, guarded(target, operations), depth):
        spent = negotiate(target.kerberos.context("admin").token)
        first = common(target, headers=spent)
        if expect(judge, first.status == 200, first, "a token is to be taken the first time"):
            again = Attempt("a token that was sent before", spent)
            refused(judge, target.send(ours.request(operation, again)), again.flaw)


@requirement("EXP-KERBEROS-005", "STB-KERBEROS-004")
def test_ticket_for_another_service_is_refused(
    target: Target, judge: Judge, operations: list[Operation], depth: str
) -> None:
    """A ticket for HTTP on the host, or for airflow on another host, is refused, on every operation tried."""
    others = list(_others(target))
    if not others:
        judge.unreached(f"the realm knows no other service than {SERVICE}/{target.kerberos.host} that was tried")
    ours = harmless(target, "other")
    for service in others:
        for operation in tried(target, guarded(target, operations), depth):
            token = target.kerberos.context("admin", service).token
            attempt = Attempt(f"a ticket for {service.replace('@', '/')}", negotiate(token))
            refused(judge, target.send(ours.request(operation, attempt)), attempt.flaw)


@requirement("EXP-KERBEROS-006", "STB-KERBEROS-007")
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_service_proves_itself(
    target: Target, judge: Judge, operations: list[Operation], depth: str, mechanism: str
) -> None:
    """What comes back with success completes the context that asked for it, and no other."""
    ours = harmless(target, "mutual")
    reads = [one for one in sampled(guarded(target, operations, proven=True), depth) if one.method == "GET"]
    for operation in reads:
        context = target.kerberos.context("admin", mechanism=MECHANISMS[mechanism])
        exchange = target.send(ours.request(operation, Attempt("", negotiate(context.token))))
        if exchange.status == 200:
            why = unproved(context, exchange)
            judge.that(not why, exchange, f"the answer to {operation.id} is to prove the service; {why}")


@requirement("EXP-KERBEROS-008", "STB-KERBEROS-010")
@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_service_proves_nothing_unasked(target: Target, judge: Judge, mechanism: str) -> None:
    """What comes back where no proof was asked for, if anything, holds none and is no error to the client."""
    context = target.kerberos.context("admin", mechanism=MECHANISMS[mechanism], mutual=False)
    exchange = common(target, headers=negotiate(context.token))
    expect(judge, exchange.status == 200, exchange, f"a token of {mechanism} is to be taken")
    token = reply(exchange)
    proved = _PROOF in token
    judge.that(not proved, exchange, "an answer is to carry a proof only where it was asked for; it carries one")
    if token and not proved:
        why = unproved(context, exchange)
        judge.that(not why, exchange, f"what comes back is to complete the context; {why}")


@requirement("EXP-KERBEROS-006", "STB-KERBEROS-007")
def test_proof_is_of_this_request(target: Target, judge: Judge) -> None:
    """What proves the service to one request proves nothing to another: each answer has a proof of its own."""
    first, second = (target.kerberos.context("admin") for _ in range(2))
    exchanges = [common(target, headers=negotiate(each.token)) for each in (first, second)]
    one, other = map(reply, exchanges)
    judge.that(bool(one) and bool(other), exchanges, "each of two answers is to prove the service; there is no token")
    if one and other:
        judge.that(one != other, exchanges, "two answers are to prove the service anew; they carry the same token")


def unproved(context: gssapi.Context, exchange: Exchange) -> str:
    """Why an answer does not prove the service to the context that asked for it; empty where it does."""
    token = reply(exchange)
    if not token:
        return "it carries no token in WWW-Authenticate"
    try:
        context.finish(token)
    except gssapi.GssError as error:
        return f"its token is not good: {error}"
    return "" if context.complete else "its token leaves the security context incomplete"


def _others(target: Target) -> Iterator[str]:
    """Other services that the realm knows, and that are not merely other names of ours."""
    host, own = target.kerberos.host, target.kerberos.service("admin")
    hosts = dict.fromkeys((target.transport.base.host, "localhost", socket.gethostname(), socket.getfqdn(), _ELSEWHERE))
    for service in (f"HTTP@{host}", f"host@{host}", *(f"{SERVICE}@{each}" for each in hosts if each != host)):
        with contextlib.suppress(LoginError):  # the realm does not have it
            if target.kerberos.service("admin", service) != own:
                yield service
