"""What comes near a token of a Kerberos ticket without being one that is good."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from conformance.auth.kerberos import SCHEME, negotiate
from conformance.strategies.headers import Attempt

#: The first message of NTLM, alone and in the negotiation of mechanisms (RFC 4178): what browsers fall back to.
_NTLM = b"NTLMSSP\0\x01\x00\x00\x00\x97\x82\x08\xe2" + bytes(16) + b"\x0a\x00\x63\x45\x00\x00\x00\x0f"
_NEGOTIATED = bytes.fromhex("06062b0601050502a03c303aa00e300c060a2b06010401823702020aa2280426") + _NTLM[:38]


#: A user name, which nobody has, and a password, as a Basic header has them.
_NOBODY = base64.b64encode(b"nobody of conformance:password").decode()


def decisive(token: bytes) -> Iterator[Attempt]:
    """A few that stand for all; `token` is a good one that was never sent."""
    yield _of("a token whose last byte is another", _changed(token, -1))
    yield _of("junk for a token", b"conformance" * 40)
    yield _of("a token of NTLM", _NTLM)


def flawed(token: bytes) -> Iterator[Attempt]:
    """Every kind: the good token cut, changed and wrapped; other mechanisms; and what is no token at all."""
    yield from decisive(token)
    yield _of("a token whose ticket has another bit", _changed(token, len(token) // 2))
    yield _of("a token whose first byte is another", _changed(token, 0))
    yield _of("a token without its last byte", token[:-1])
    yield _of("half of a token", token[: len(token) // 2])
    yield _of("the second half of a token", token[len(token) // 2 :])
    yield _of("a token from its end to its begin", token[::-1])
    yield _of("a token of NTLM in a negotiation", b"\x60" + bytes([len(_NEGOTIATED)]) + _NEGOTIATED)
    yield _of("a negotiation that offers nothing", bytes.fromhex("600806062b0601050502"))
    yield _of("one byte for a token", b"\0")
    yield _written("the scheme without a token", SCHEME)
    yield _written("no base64 for a token", f"{SCHEME} !!!")
    yield _written("a name and a password for a token", f"{SCHEME} {_NOBODY}")
    yield _written("a name and a password", f"Basic {_NOBODY}")
    yield _written("a bearer token", "Bearer conformance")


def _changed(token: bytes, at: int) -> bytes:
    octets = bytearray(token)
    octets[at] ^= 0x10
    return bytes(octets)


def _of(flaw: str, token: bytes) -> Attempt:
    return Attempt(flaw, negotiate(token))


def _written(flaw: str, value: str) -> Attempt:
    return Attempt(flaw, (("Authorization", value),))
