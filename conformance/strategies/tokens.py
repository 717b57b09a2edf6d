"""Tokens that must not open the API: a good one with one thing wrong, each with the flaw in words.

Everything here works on bytes: the last character of a base64url part has bits that say nothing, and a token that
differs only in these is the same token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st

_DIGESTS = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
_YEAR = 365 * 86400
_OTHERS = (("role", "admin"), ("role", "op"), ("sub", "admin"), ("sub", "1"), ("aud", "other"), ("jti", "0"))

#: Keys that somebody might have left in a configuration; the last is the one of Airflow's own example for containers.
GUESSABLE = ("", "secret", "airflow", "changeme", "airflow_jwt_secret")


class Forgery(NamedTuple):
    """A token that is not valid, and why not."""

    flaw: str
    token: str

    def __repr__(self) -> str:
        return f"a token that is {self.flaw}"


class Jwt(NamedTuple):
    """A token taken apart: two JSON objects, the signature, and what it signs."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signature: bytes
    signed: str

    def __str__(self) -> str:
        return f"{self.signed}.{encode(self.signature)}"

    @property
    def algorithm(self) -> str:
        """The algorithm of the header; HS512 where it names none that we can compute."""
        named = str(self.header.get("alg"))
        return named if named in _DIGESTS else "HS512"


def read(token: str) -> Jwt:
    """Take a token apart; ValueError with the first thing that keeps it from being a JWT (RFC 7519, 7.2)."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError(f"it has {len(parts)} parts, not three")
    header, payload = (_object(name, part) for name, part in zip(("header", "payload"), parts, strict=False))
    return Jwt(header, payload, decode("signature", parts[2]), f"{parts[0]}.{parts[1]}")


def decode(name: str, part: str) -> bytes:
    """The bytes of one part; ValueError when it is not base64url without padding."""
    try:
        raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"its {name} is not base64url") from None
    if "=" in part:
        raise ValueError(f"its {name} is padded")
    return raw


def encode(raw: bytes | Mapping[str, Any]) -> str:
    """One part of a token: base64url without padding, of bytes or of an object as compact JSON."""
    data = raw if isinstance(raw, bytes) else json.dumps(raw, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def sign(header: Mapping[str, Any], payload: Mapping[str, Any], key: str, algorithm: str = "") -> str:
    """A token signed with HMAC; the algorithm is the header's, or another than the header says."""
    signed = f"{encode(header)}.{encode(payload)}"
    digest = _DIGESTS[algorithm or header["alg"]]
    return f"{signed}.{encode(hmac.new(key.encode(), signed.encode(), digest).digest())}"


def decisive(jwt: Jwt) -> list[Forgery]:
    """The few forgeries that stand for all: one of each way in which a token can fail to be valid."""
    return [
        Forgery("no JWT at all", "not-a-token"),
        foreign(jwt),
        Forgery("changed in its payload", _with(jwt, payload=_escalated(jwt.payload))),
        Forgery("not signed (alg none)", f"{encode({**jwt.header, 'alg': 'none'})}.{encode(jwt.payload)}."),
    ]


def foreign(jwt: Jwt, key: str = "a-key-that-the-server-does-not-have-and-that-is-long-enough-for-any-hash") -> Forgery:
    """The same header and claims, signed with another key."""
    return Forgery("signed with another key", sign({**jwt.header, "alg": jwt.algorithm}, jwt.payload, key))


def forgeries(jwt: Jwt) -> list[Forgery]:
    """Every flaw that can be made without the server's key."""
    good = str(jwt)
    kinds = (shapeless(good), tampered(jwt), unsigned(jwt), signed_otherwise(jwt))
    made = {each.token: each for kind in kinds for each in kind}
    made.pop(good, None)
    return list(made.values())


def shapeless(good: str) -> Iterator[Forgery]:
    """Texts that are no JWT, or no longer."""
    header, payload, signature = good.split(".")
    yield Forgery("one word", "token")
    yield Forgery("three words", "a.b.c")
    yield Forgery("two dots", "..")
    yield Forgery("the word null", "null")
    yield Forgery("a JSON object", json.dumps({"access_token": good}, separators=(",", ":")))
    yield Forgery("base64 once more", base64.urlsafe_b64encode(good.encode()).decode())
    yield Forgery("without its signature", f"{header}.{payload}")
    yield Forgery("with an empty signature", f"{header}.{payload}.")
    yield Forgery("with an empty payload", f"{header}..{signature}")
    yield Forgery("with an empty header", f".{payload}.{signature}")
    yield Forgery("with a fourth part", f"{good}.{signature}")
    yield Forgery("with a dot before it", f".{good}")
    yield Forgery("cut in the middle", good[: len(good) // 2])
    yield Forgery("cut by its last four characters", good[:-4])
    yield Forgery("without its first character", good[1:])
    yield Forgery("reversed", good[::-1])
    yield Forgery("in capital letters", good.upper())
    yield Forgery("twice with a blank between", f"{good} {good}")
    yield Forgery("twice with a comma between", f"{good},{good}")
    yield Forgery("in parts of another order", f"{payload}.{header}.{signature}")
    yield Forgery("in quotation marks", f'"{good}"')


def tampered(jwt: Jwt) -> Iterator[Forgery]:
    """A part changed while the rest, the signature above all, stayed as it was."""
    for name, value in _OTHERS:
        yield Forgery(f"changed in its claim {name} to {value}", _with(jwt, payload={**jwt.payload, name: value}))
    for name in ("exp", "iat", "nbf"):
        moved = int(jwt.payload.get(name, time.time())) + (_YEAR if name == "exp" else -_YEAR)
        yield Forgery(f"changed in its time {name} by a year", _with(jwt, payload={**jwt.payload, name: moved}))
    for name in jwt.payload:
        rest = {key: value for key, value in jwt.payload.items() if key != name}
        yield Forgery(f"changed: without its claim {name}", _with(jwt, payload=rest))
    yield Forgery("changed: with one more claim", _with(jwt, payload={**jwt.payload, "admin": True}))
    yield Forgery("changed: with an empty payload object", _with(jwt, payload={}))
    yield Forgery("changed in its header (typ)", _with(jwt, header={**jwt.header, "typ": "at+jwt"}))
    yield Forgery("changed in its header (kid)", _with(jwt, header={**jwt.header, "kid": "another"}))
    for where, index in (("first", 0), ("middle", len(jwt.signature) // 2), ("last", -1)):
        flipped = _signed(jwt, _flipped(jwt.signature, index, 0x01))
        yield Forgery(f"changed in the {where} byte of its signature", flipped)
    yield Forgery("signed with as many zero bytes", _signed(jwt, bytes(len(jwt.signature))))
    yield Forgery("signed with half of its signature", _signed(jwt, jwt.signature[: len(jwt.signature) // 2]))
    yield Forgery("signed with its signature and a byte more", _signed(jwt, jwt.signature + b"\0"))


def unsigned(jwt: Jwt) -> Iterator[Forgery]:
    """The algorithm "none" in every spelling, with no signature, the old one, and a raised role."""
    for word in ("none", "None", "NONE", "nOnE", "none ", ""):
        header = encode({**jwt.header, "alg": word})
        unsigned = f"{header}.{encode(jwt.payload)}."
        yield Forgery(f"not signed (alg {word!r}, empty signature)", unsigned)
        yield Forgery(f"not signed (alg {word!r}, old signature)", unsigned + encode(jwt.signature))
    yield Forgery("not signed (alg null)", f"{encode({**jwt.header, 'alg': None})}.{encode(jwt.payload)}.")
    without = {key: value for key, value in jwt.header.items() if key != "alg"}
    yield Forgery("not signed (no alg)", f"{encode(without)}.{encode(jwt.payload)}.")
    raised = _escalated(jwt.payload)
    yield Forgery("not signed, and raised in its claims", f"{encode({**jwt.header, 'alg': 'none'})}.{encode(raised)}.")


def signed_otherwise(jwt: Jwt) -> Iterator[Forgery]:
    """Well-formed tokens signed with a key that is not the server's, or brought along in the header."""
    yield foreign(jwt)
    for algorithm in _DIGESTS:
        header = {**jwt.header, "alg": algorithm}
        yield Forgery(f"signed with another key ({algorithm})", sign(header, jwt.payload, "x" * 64))
    for word in ("RS256", "ES256", "EdDSA", "HS1", "hs512"):
        header = {**jwt.header, "alg": word}
        yield Forgery(f"signed with HMAC but named {word}", sign(header, jwt.payload, "x" * 64, "HS512"))
    for key in GUESSABLE:
        header = {**jwt.header, "alg": jwt.algorithm}
        yield Forgery(f"signed with the guessable key {key!r}", sign(header, jwt.payload, key))
    own = {"kty": "oct", "k": encode(b"x" * 64), "alg": jwt.algorithm, "use": "sig"}
    header = {**jwt.header, "alg": jwt.algorithm, "jwk": own}
    yield Forgery("signed with a key that its header brings along", sign(header, jwt.payload, "x" * 64))
    header = {**jwt.header, "alg": jwt.algorithm, "kid": "../../../../dev/null"}
    yield Forgery("signed with an empty key whose file its header names", sign(header, jwt.payload, ""))


def untimely(jwt: Jwt, key: str, now: float, apart: int = 60) -> Iterator[Forgery]:
    """Tokens signed with the server's own key whose time has run out, `apart` seconds ago or longer."""
    for label, ago in ((f"{apart} seconds", apart), ("an hour", 3600), ("a year", _YEAR)):
        end = int(now) - ago
        times = {"exp": end, "iat": end - 3600, "nbf": end - 3600}
        yield Forgery(f"expired since {label}", sign(jwt.header, {**jwt.payload, **times}, key))
    yield Forgery("expired since 1970", sign(jwt.header, {**jwt.payload, "exp": 0}, key))
    yield Forgery("expired before the epoch", sign(jwt.header, {**jwt.payload, "exp": -1}, key))


def misissued(jwt: Jwt, key: str, now: float) -> Iterator[Forgery]:
    """Tokens signed with the server's own key that were not issued for this use."""
    later = int(now) + 3600
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("issued for another audience", {"aud": "another-audience"}),
        ("issued for a list of other audiences", {"aud": ["another", "third"]}),
        ("issued for nobody (empty audience)", {"aud": ""}),
        ("not valid before an hour from now", {"nbf": later}),
        ("issued in the future", {"iat": later, "nbf": later}),
    )
    for flaw, change in changes:
        yield Forgery(flaw, sign(jwt.header, {**jwt.payload, **change}, key))
    for name in ("sub", "exp", "aud", "iat", "nbf"):
        rest = {claim: value for claim, value in jwt.payload.items() if claim != name}
        yield Forgery(f"without {name}", sign(jwt.header, rest, key))


def other_algorithms(jwt: Jwt, key: str) -> Iterator[Forgery]:
    """The server's own key, with another algorithm than the server's."""
    for algorithm in _DIGESTS.keys() - {jwt.algorithm}:
        header = {**jwt.header, "alg": algorithm}
        yield Forgery(f"signed with the right key but {algorithm}", sign(header, jwt.payload, key))


@st.composite
def bent(draw: st.DrawFn, jwt: Jwt) -> Forgery:
    """A token with one bit flipped, or one byte lost, doubled or put in, anywhere in its three parts."""
    name = draw(st.sampled_from(("header", "payload", "signature")), label="part")
    position = ("header", "payload", "signature").index(name)
    parts = str(jwt).split(".")
    raw = decode(name, parts[position])
    index = draw(st.integers(0, len(raw) - 1), label="byte")
    how = draw(st.sampled_from(("flip", "drop", "insert")), label="how")
    if how == "flip":
        raw = _flipped(raw, index, 1 << draw(st.integers(0, 7), label="bit"))
    elif how == "drop":
        raw = raw[:index] + raw[index + 1 :]
    else:
        raw = raw[:index] + bytes([draw(st.integers(0, 255), label="value")]) + raw[index:]
    parts[position] = encode(raw)
    return Forgery(f"changed in its {name} ({how} at byte {index})", ".".join(parts))


def _object(name: str, part: str) -> dict[str, Any]:
    try:
        found = json.loads(decode(name, part))
    except UnicodeDecodeError:
        raise ValueError(f"its {name} is not UTF-8") from None
    except json.JSONDecodeError:
        raise ValueError(f"its {name} is not JSON") from None
    if not isinstance(found, dict):
        raise ValueError(f"its {name} is not a JSON object")
    return found


def _with(jwt: Jwt, *, header: Mapping[str, Any] | None = None, payload: Mapping[str, Any] | None = None) -> str:
    """The token with another header or payload and the old signature."""
    parts = [
        part if changed is None else encode(changed)
        for part, changed in zip(jwt.signed.split("."), (header, payload), strict=True)
    ]
    return ".".join([*parts, encode(jwt.signature)])


def _signed(jwt: Jwt, signature: bytes) -> str:
    return f"{jwt.signed}.{encode(signature)}"


def _flipped(raw: bytes, index: int, mask: int) -> bytes:
    changed = bytearray(raw)
    changed[index] ^= mask
    return bytes(changed)


def _escalated(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Claims that say more than before: a later end, and the highest role where there is one."""
    later = int(payload.get("exp", time.time())) + _YEAR
    role = {"role": "admin"} if "role" in payload else {}
    return {**payload, **role, "exp": later}
