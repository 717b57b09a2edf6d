"""Faults of the Kerberos backend: what it takes for a ticket, how often, and how the server proves itself."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mockserver.auth.backends import FORBIDDEN, PASSED, Verdict, Visit
from mockserver.auth.gssapi import Acceptor
from mockserver.auth.kerberos import Kerberos, keytab_of
from mockserver.auth.password import CHALLENGE as ASKS_FOR_BASIC
from mockserver.deviations import EXPERIMENTAL, STABLE, Change, deviation, wrap
from mockserver.deviations.conditions import with_kerberos
from mockserver.deviations.experimental_auth import Judge, judging, refusing, tells
from mockserver.request import Request

Check = Callable[[Visit, bytes], Verdict]

_SPNEGO = b"\x06\x06\x2b\x06\x01\x05\x05\x02"
_KERBEROS = b"\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"
_LEAST = 60  # bytes of a token that proves the server; one that only ends the talk has 22


def _of_both(name: str, *, experimental: str, stable: str, sentence: str) -> Callable[[Change], Change]:
    """Declare a deviation for each of the two APIs that have the backend; each breaks its own requirement."""

    def declare(change: Change) -> Change:
        for prefix, broken, apis in (("", experimental, EXPERIMENTAL), ("stable-", stable, STABLE)):
            deviation(prefix + name, breaks=[broken], applies=with_kerberos, apis=apis, sentence=sentence)(change)
        return change

    return declare


def _backend(mock: Any) -> Kerberos:
    """The Kerberos backend, wherever it is."""
    asked = mock.auth.backends if mock.profile.airflow.major == 2 else [mock.experimental.guard.backend]
    return next(one for one in asked if isinstance(one, Kerberos))


def checking(mock: Any, check: Callable[[Check, Visit, bytes], Verdict]) -> None:
    """Put something around the check of a token."""
    wrap(_backend(mock), "check", check)


def _taking(mock: Any, fits: Callable[[Visit, bytes], bool]) -> None:
    """Take something for a token of the first user where it is no good one."""

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        verdict = original(visit, token)
        if verdict.status == 200 or not fits(visit, token):
            return verdict
        visit.principal = next(iter(mock.world.users)).username
        return PASSED

    checking(mock, check)


def proving(mock: Any, prove: Callable[[Request, bytes], bytes]) -> None:
    """Answer something else to those who are let in, in the place of a token; nothing in place of an empty one."""

    def judge(original: Judge, request: Request) -> Verdict:
        verdict = original(request)
        if verdict.status != 200:
            return verdict
        token = prove(request, _reply(verdict))
        others = [(name, value) for name, value in verdict.headers if name != "www-authenticate"]
        proof = ("www-authenticate", f"negotiate {base64.b64encode(token).decode()}")
        return replace(verdict, headers=[*others, proof] if token else others)

    judging(mock, judge)


def _reply(verdict: Verdict) -> bytes:
    """The token of an answer."""
    found = (value for name, value in verdict.headers if name == "www-authenticate")
    return base64.b64decode(next(found, "").partition(" ")[2])


# ---- what is taken ---------------------------------------------------------------------------------------------------


@_of_both(
    "kerberos-replays-taken",
    experimental="EXP-KERBEROS-004",
    stable="STB-KERBEROS-006",
    sentence="A token that was taken is taken again.",
)
def replays_taken(mock: Any) -> None:
    """Remember who sent it, and not that it was sent."""
    _remembering(mock, lambda _first, _again: True)


@_of_both(
    "kerberos-replays-taken-elsewhere",
    experimental="EXP-KERBEROS-004",
    stable="STB-KERBEROS-006",
    sentence="A token that was taken is taken again for another path.",
)
def replays_taken_elsewhere(mock: Any) -> None:
    """Keep apart what was sent for each path."""
    _remembering(mock, lambda first, again: first.path != again.path)


def _remembering(mock: Any, fits: Callable[[Request, Request], bool]) -> None:
    """Take a token again when the first request and the one now are such."""
    taken: dict[bytes, tuple[Request, str | None, Verdict]] = {}

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        verdict = original(visit, token)
        if verdict.status == 200:
            taken[token] = visit.request, visit.principal, verdict
        elif token in taken and fits(taken[token][0], visit.request):
            _, visit.principal, verdict = taken[token]
        return verdict

    checking(mock, check)


@_of_both(
    "kerberos-any-service",
    experimental="EXP-KERBEROS-005",
    stable="STB-KERBEROS-004",
    sentence="A ticket for any service is taken whose key is in the keytab.",
)
def any_service(mock: Any) -> None:
    """Accept under every name. It takes a keytab with more than one."""
    _backend(mock).acceptor = Acceptor("", keytab_of(mock.profile))


@_of_both(
    "kerberos-changed-tokens",
    experimental="EXP-KERBEROS-003",
    stable="STB-KERBEROS-002",
    sentence="A token is good if it begins as one does.",
)
def changed_tokens(mock: Any) -> None:
    """Look at the frame, and not at what is in it."""
    _taking(mock, lambda _, token: _KERBEROS in token[:80] and len(token) > 200)


@_of_both(
    "kerberos-other-mechanisms",
    experimental="EXP-KERBEROS-003",
    stable="STB-KERBEROS-002",
    sentence="A token of NTLM is taken.",
)
def other_mechanisms(mock: Any) -> None:
    """Believe what another mechanism says."""
    _taking(mock, lambda _, token: token.startswith(b"NTLMSSP\0"))


@_of_both(
    "kerberos-deletes-for-any-token",
    experimental="EXP-KERBEROS-003",
    stable="STB-KERBEROS-002",
    sentence="DELETE is done for whatever is sent as a token.",
)
def deletes_for_any_token(mock: Any) -> None:
    """Do not check what is sent for one method."""
    _taking(mock, lambda visit, _: visit.request.method == "DELETE")


@deviation(
    "kerberos-takes-passwords",
    breaks=["EXP-KERBEROS-003"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Any name and password in a Basic header are taken in place of a token.",
)
def takes_passwords(mock: Any) -> None:
    """Take a pair for a proof."""
    _taking(mock, lambda visit, token: tells(visit.request).startswith("Basic ") and b":" in token)


@_of_both(
    "kerberos-plain-tokens-refused",
    experimental="EXP-KERBEROS-001",
    stable="STB-KERBEROS-001",
    sentence="Tokens are refused that have no frame of SPNEGO around them.",
)
def plain_tokens_refused(mock: Any) -> None:
    """Know one mechanism only."""
    checking(mock, lambda check, visit, token: check(visit, token) if _SPNEGO in token[:20] else FORBIDDEN)


@_of_both(
    "kerberos-wants-to-be-asked",
    experimental="EXP-KERBEROS-001",
    stable="STB-KERBEROS-001",
    sentence="Who does not ask the server for a proof is refused.",
)
def wants_to_be_asked(mock: Any) -> None:
    """Refuse who trusts."""

    def check(original: Check, visit: Visit, token: bytes) -> Verdict:
        verdict = original(visit, token)
        return verdict if len(_reply(verdict)) > _LEAST else FORBIDDEN

    checking(mock, check)


@deviation(
    "kerberos-closed-for-pools",
    breaks=["EXP-KERBEROS-001"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="A good token does not open the list of pools.",
)
def closed_for_pools(mock: Any) -> None:
    """Refuse one endpoint to everybody."""
    refusing(mock, FORBIDDEN, lambda operation, request: operation.id == "get_pools" and bool(tells(request)))


@deviation(
    "kerberos-tickets-leave-a-cookie",
    breaks=["EXP-KERBEROS-003", "EXP-AUTH-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Who was let in gets a cookie that lets in without a token.",
)
def tickets_leave_a_cookie(mock: Any) -> None:
    """Remember by a cookie."""

    def judge(original: Judge, request: Request) -> Verdict:
        if request.cookies().get("visitor") == "known":
            return PASSED
        verdict = original(request)
        known = (*verdict.headers, ("set-cookie", "visitor=known; Path=/"))
        return replace(verdict, headers=known) if verdict.status == 200 else verdict

    judging(mock, judge)


# ---- how it is asked for ---------------------------------------------------------------------------------------------


@deviation(
    "kerberos-asks-for-basic",
    breaks=["EXP-KERBEROS-002"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Who shows no token is asked for a name and a password.",
)
def asks_for_basic(mock: Any) -> None:
    """Name the wrong scheme."""
    refusing(mock, ASKS_FOR_BASIC, lambda _, request: not tells(request))


@deviation(
    "kerberos-forbids-without-asking",
    breaks=["EXP-KERBEROS-002"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Who shows no token is refused with 403.",
)
def forbids_without_asking(mock: Any) -> None:
    """Refuse at once."""
    refusing(mock, FORBIDDEN, lambda _, request: not tells(request))


# ---- how the server proves itself ------------------------------------------------------------------------------------


@deviation(
    "kerberos-proof-missing",
    breaks=["EXP-KERBEROS-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="The server never proves itself.",
)
def proof_missing(mock: Any) -> None:
    """Leave the header out."""
    proving(mock, lambda _, _token: b"")


@deviation(
    "kerberos-proof-missing-for-pools",
    breaks=["EXP-KERBEROS-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="The server does not prove itself with the list of pools.",
)
def proof_missing_for_pools(mock: Any) -> None:
    """Leave the header out of some answers."""
    proving(mock, lambda request, token: b"" if request.path.endswith("/pools") else token)


@deviation(
    "kerberos-proof-of-another-request",
    breaks=["EXP-KERBEROS-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="The server answers with the proof that it owed the request before.",
)
def proof_of_another_request(mock: Any) -> None:
    """Be one late; the first request gets its own."""
    kept: list[bytes] = []

    def late(_request: Request, token: bytes) -> bytes:
        kept.append(token)
        return kept.pop(0) if len(kept) > 1 else token

    proving(mock, late)


@deviation(
    "kerberos-proof-cut",
    breaks=["EXP-KERBEROS-006"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="The last byte of the proof is missing.",
)
def proof_cut(mock: Any) -> None:
    """Count one too few."""
    proving(mock, lambda _, token: token[:-1])


@deviation(
    "kerberos-proof-unasked",
    breaks=["EXP-KERBEROS-008"],
    applies=with_kerberos,
    apis=EXPERIMENTAL,
    sentence="Who does not ask the server for a proof gets one, which is somebody else's.",
)
def proof_unasked(mock: Any) -> None:
    """Keep the last proof for those who want none."""
    last: list[bytes] = []

    def prove(_request: Request, token: bytes) -> bytes:
        if len(token) > _LEAST:
            last[:] = [token]
        return last[0] if last else token

    proving(mock, prove)
