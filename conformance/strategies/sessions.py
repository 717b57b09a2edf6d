"""Sessions that nobody was given: a good one with one thing wrong, and ones that somebody else made up.

A session of Airflow 2 is a cookie: from 2.3 on a name that the server looks up, and its signature, with a dot between
(measured on 2.6.3 and 2.11.2: `uuid.signature`); before that, and where the server is set up so, Flask's own, which
holds everything itself and is signed too. Both are signed with the server's secret key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from hypothesis import strategies as st

from conformance.strategies.headers import Attempt

#: The key that Airflow was shipped with before 2.0.
SHIPPED = "temporary_key"
#: Keys that somebody might have left in a configuration.
GUESSABLE = (
    SHIPPED,
    "",
    "secret",
    "secret_key",
    "airflow",
    "changeme",
    "a25mQ1FHTUh3MnFRSk5KMEIyVVU2YmN0VGlPRXFQ",
)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
#: Five minutes past the year 2025 began: when a made-up cookie says that it was signed.
_SIGNED_AT = 1735689900


class Cookie(NamedTuple):
    """A session cookie: its name, and its value, which is secret."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f"Cookie({self.name!r})"


def read(header: str) -> Cookie:
    """The first cookie of a Cookie header; ValueError when there is none."""
    name, found, value = header.partition(";")[0].strip().partition("=")
    if not found or not value:
        raise ValueError("the header has no cookie")
    return Cookie(name, value)


def carried(flaw: str, name: str, value: str) -> Attempt:
    """A request with this cookie."""
    return Attempt(flaw, (("Cookie", f"{name}={value}"),))


def decisive(cookie: Cookie) -> list[Attempt]:
    """The few that stand for all: made up, changed in its name, changed in its signature, signed by somebody else."""
    return [made_up(cookie.name), *(carried(flaw, cookie.name, value) for flaw, value in _decisive(cookie.value))]


def forgeries(cookie: Cookie) -> Iterator[Attempt]:
    """Every flaw that can be made without the server's key."""
    yield made_up(cookie.name)
    seen = {cookie.value}
    for flaw, value in (*_shapes(cookie.value), *_signed_otherwise(cookie.value), *_in_itself()):
        if value not in seen:
            seen.add(value)
            yield carried(flaw, cookie.name, value)
    for name in (cookie.name.upper(), f"{cookie.name}2", f"_{cookie.name}", f"{cookie.name}_id", "sessionid"):
        yield carried(f"the session in a cookie called {name}", name, cookie.value)


def made_up(name: str = "session") -> Attempt:
    """A session with a name and a signature that look right."""
    signature = _text(hashlib.sha1(b"conformance", usedforsecurity=False).digest())
    return carried("a made-up session", name, f"{uuid.UUID(int=0)}.{signature}")


def bent(cookie: Cookie) -> st.SearchStrategy[Attempt]:
    """The session with one character put in, lost, or exchanged for one that says something else."""
    return _bent(cookie).filter(lambda attempt: not _same(attempt.headers[0][1].partition("=")[2], cookie.value))


@st.composite
def _bent(draw: st.DrawFn, cookie: Cookie) -> Attempt:
    index = draw(st.integers(0, len(cookie.value) - 1), label="place")
    how = draw(st.sampled_from(("exchanged", "lost", "put in")), label="how")
    new = draw(st.sampled_from(_LETTERS), label="letter")
    middle = {"exchanged": new, "lost": "", "put in": new + cookie.value[index]}[how]
    value = cookie.value[:index] + middle + cookie.value[index + 1 :]
    return carried(f"a session changed at {index} (character {how})", cookie.name, value)


def _same(one: str, other: str) -> bool:
    """Whether two values say the same: the last letter of a signature has bits that say nothing."""
    head, _, tail = one.rpartition(".")
    before, _, after = other.rpartition(".")
    return head == before and _bytes(tail) == _bytes(after)


def _decisive(value: str) -> Iterator[tuple[str, str]]:
    head, _, signature = value.rpartition(".")
    yield "a session of another name under the signature of a good one", f"{_exchanged(head)}.{signature}"
    yield "a session with a changed signature", f"{head}.{_exchanged(signature)}"
    yield "a session signed with another key", f"{head}.{_flask_session(head, 'a-key-that-the-server-does-not-have')}"


def _shapes(value: str) -> Iterator[tuple[str, str]]:
    """Texts that are no session, or no longer."""
    head, _, signature = value.rpartition(".")
    yield from _decisive(value)
    yield "a session without its signature", head
    yield "a session with an empty signature", f"{head}."
    yield "a signature without its session", f".{signature}"
    yield "a signature only", signature
    yield "a session that is a dot", "."
    yield "an empty session", ""
    yield "a session that is one word", "admin"
    yield "a session that is a number", "1"
    yield "a session that is null", "null"
    yield "a session in capitals", value.upper()
    yield "a session without its first character", value[1:]
    yield "a session without its last four characters", value[:-4]
    yield "a session with a character more", f"{value}x"
    yield "a session with a character before it", f"x{value}"
    yield "a session twice", value * 2
    yield "a session twice with a dot between", f"{value}.{value}"
    yield "a session reversed", value[::-1]
    yield "a session cut in the middle", value[: len(value) // 2]
    yield "a session in base64", _text(value.encode())
    yield "a session with another separator", f"{head}:{signature}"
    yield "a session that is a star", "*"
    yield "a session that is a path", f"../{head}.{signature}"
    yield "a session that is SQL", "' OR '1'='1"
    yield "a session that is very long", "x" * 3000
    for where, index in (("first", 0), ("middle", len(signature) // 2), ("last but one", -2)):
        yield f"a session changed in the {where} letter of its signature", f"{head}.{_exchanged(signature, index)}"
    for where, index in (("first", 0), ("middle", len(head) // 2), ("last", -1)):
        yield f"a session changed in the {where} letter of its name", f"{_exchanged(head, index)}.{signature}"
    raw = _bytes(signature)
    yield "a session with a signature of zero bytes", f"{head}.{_text(bytes(len(raw)))}"
    yield "a session with half of its signature", f"{head}.{_text(raw[: len(raw) // 2])}"


def _signed_otherwise(value: str) -> Iterator[tuple[str, str]]:
    """The name of a good session, signed with keys and in ways that are not the server's."""
    head = value.rpartition(".")[0]
    for key in GUESSABLE:
        yield f"a session signed with the guessable key {key!r}", f"{head}.{_flask_session(head, key)}"
    for name in ("sha1", "sha256"):
        digest = hashlib.new(name, head.encode(), usedforsecurity=False).digest()
        yield f"a session with its own {name} for a signature", f"{head}.{_text(digest)}"


def _in_itself() -> Iterator[tuple[str, str]]:
    """Flask's own cookies that say who is logged in, signed with guessable keys, and not signed."""
    for label, content in (
        ("user 1", {"_fresh": True, "_user_id": "1", "user_id": "1"}),
        ("user admin", {"_fresh": True, "_user_id": "admin", "user_id": "admin"}),
    ):
        for key in GUESSABLE:
            yield f"a session that says {label}, signed with the guessable key {key!r}", flask_cookie(content, key)
        yield f"a session that says {label}, not signed", f"{_json(content)}.{_moment()}."


def as_shipped() -> Iterator[Attempt]:
    """The sessions of the first users of an Airflow 1.10 whose key nobody has changed, as they would be given now."""
    for user in ("1", "2"):
        content = {"_fresh": True, "_user_id": user, "user_id": user}
        value = flask_cookie(content, SHIPPED, int(time.time()))
        yield carried(f"a session that says user {user}, signed as shipped", "session", value)


def flask_cookie(content: Mapping[str, Any], key: str, moment: int = _SIGNED_AT) -> str:
    """A session of Flask's own kind, with its content, as the key signs it (itsdangerous, URLSafeTimedSerializer)."""
    signed = f"{_json(content)}.{_moment(moment)}"
    return f"{signed}.{_signature(signed, key, b'cookie-session')}"


def _flask_session(name: str, key: str) -> str:
    """The signature of a name as Flask-Session makes it."""
    return _signature(name, key, b"flask-session")


def _signature(signed: str, key: str, salt: bytes) -> str:
    derived = hmac.new(key.encode(), salt, hashlib.sha1).digest()
    return _text(hmac.new(derived, signed.encode(), hashlib.sha1).digest())


def _json(content: Mapping[str, Any]) -> str:
    return _text(json.dumps(content, separators=(",", ":")).encode())


def _moment(moment: int = _SIGNED_AT) -> str:
    return _text(moment.to_bytes(4, "big"))


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    """The bytes of base64url without padding; of any other text those of the text itself."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return text.encode()


def _exchanged(text: str, index: int = 0) -> str:
    """The text with one letter exchanged for another that it is not, and that says something else."""
    if not text:
        return "x"
    place = index % len(text)
    old = text[place]
    new = _LETTERS[(_LETTERS.index(old) ^ 32)] if old in _LETTERS else "x"
    return text[:place] + new + text[place + 1 :]
