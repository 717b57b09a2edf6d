"""Ways to send a token, or what looks like one, that must not open the API."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from hypothesis import strategies as st

Headers = tuple[tuple[str, str], ...]

#: Bytes of a header that is "very long": more than the 16 KB that servers commonly take for a single one.
VERY_LONG = 16 * 1024


class Attempt(NamedTuple):
    """What is sent instead of a proper Authorization header, and why it must not count."""

    flaw: str
    headers: Headers = ()
    query: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"a request with {self.flaw}"


def bearer(flaw: str, value: str) -> Attempt:
    """The value as a bearer token."""
    return Attempt(flaw, (("Authorization", f"Bearer {value}"),))


#: Nothing that proves who asks.
NOTHING = Attempt("no token")

_SCHEMES = ("Basic", "Token", "JWT", "Digest", "OAuth", "Negotiate", "ApiKey", "Key", "Bear", "Bearers", "Bearer:")
_HEADERS = (
    "X-Authorization", "X-Access-Token", "X-Auth-Token", "X-API-Key", "X-Token", "X-JWT", "X-Airflow-Token", "Api-Key",
    "Access-Token", "Token", "Bearer", "Authentication", "Authorization-Token", "Proxy-Authorization",
    "X-Forwarded-Authorization", "X-Original-Authorization", "X-Forwarded-Access-Token", "X-Amz-Security-Token",
    "X-Goog-IAP-JWT-Assertion", "Sec-WebSocket-Protocol", "WWW-Authenticate", "Set-Cookie",
)  # fmt: skip
_IDENTITIES = ("X-Forwarded-User", "X-Remote-User", "Remote-User", "REMOTE_USER", "X-User", "X-WEBAUTH-USER", "From")
_QUERIES = ("access_token", "token", "jwt", "auth_token", "api_key", "apikey", "key", "_token", "bearer", "id_token")
#: The first is the one that Airflow's own user interface uses.
COOKIES = ("_token", "access_token", "token", "jwt", "session", "Authorization", "authorization", "bearer", "id_token")


def misplaced(token: str, username: str, password: str | None = None) -> Iterator[Attempt]:
    """A valid token everywhere but in the Authorization header with the scheme Bearer; and the user name alone."""
    for scheme in _SCHEMES:
        yield Attempt(f"the token under the scheme {scheme}", (("Authorization", f"{scheme} {token}"),))
    yield Attempt("the token without a scheme", (("Authorization", token),))
    yield Attempt("the token run into the scheme", (("Authorization", f"Bearer{token}"),))
    for label, pair in (("user name", f"{username}:{token}"), ("token as the user name", f"{token}:")):
        yield Attempt(f"the token in a Basic header ({label})", (("Authorization", f"Basic {_base64(pair)}"),))
    if password is not None:
        pair = _base64(f"{username}:{password}")
        yield Attempt("user name and password in a Basic header", (("Authorization", f"Basic {pair}"),))
    for name in _HEADERS:
        yield Attempt(f"the token in the header {name}", ((name, f"Bearer {token}"),))
        yield Attempt(f"the bare token in the header {name}", ((name, token),))
    for name in _IDENTITIES:
        yield Attempt(f"the user's name in the header {name}", ((name, username),))
    for name in _QUERIES:
        yield Attempt(f"the token in the query as {name}", query=((name, token),))
    for name in ("authorization", "Authorization"):
        yield Attempt(f"the token in the query as {name}", query=((name, f"Bearer {token}"),))


def in_cookies(token: str) -> Iterator[Attempt]:
    """A valid token in a cookie and nowhere else."""
    for name in COOKIES:
        yield Attempt(f"the token in the cookie {name}", (("Cookie", f"{name}={token}"),))
    yield Attempt("the token in the cookie _token, as a bearer", (("Cookie", f"_token=Bearer%20{token}"),))


def malformed(token: str) -> Iterator[Attempt]:
    """Authorization headers that no parser should make a valid token of; `token` is a valid one.

    What is left out: a scheme in another case and more than one blank after it, which a server may take either way.
    """
    yield from empty()
    for flaw, value in (
        ("the scheme twice", f"Bearer Bearer {token}"),
        ("two tokens under one scheme", f"Bearer {token} {token}"),
        ("two credentials in one header", f"Bearer {token}, Bearer {token}"),
        ("a comma for a token", "Bearer ,"),
        ("an equals sign after the scheme", f"Bearer={token}"),
        ("a parameter for a token", f'Bearer token="{token}"'),
        ("the token in quotation marks", f'Bearer "{token}"'),
        ("the token in angle brackets", f"Bearer <{token}>"),
        ("the token percent-encoded", f"Bearer {quote(token, safe='').replace('.', '%2E')}"),
        ("a word after the token", f"Bearer {token} x"),
        ("characters of Latin-1", "Bearer \xe9\xe8\xff"),
        ("UTF-8 for a token", "Bearer " + "j\u1e83\u0167.\u00e9.\u2603".encode().decode("latin-1")),
        ("UTF-8 within a token", f"Bearer {token[:20]}\xe2\x98\x83{token[20:]}"),
        ("an encoded NUL after the token", f"Bearer {token}%00"),
        ("dots only", "Bearer ..."),
        ("a path", "Bearer ../../../../etc/passwd"),
        ("a format string", "Bearer %s%n{0}${jndi:x}"),
        ("a quotation mark and SQL", "Bearer ' OR '1'='1"),
    ):
        yield Attempt(flaw, (("Authorization", value),))
    yield Attempt("two headers, neither of them good", (("Authorization", "Bearer a"), ("Authorization", "Bearer b")))
    yield Attempt("two headers, empty and bad", (("Authorization", ""), ("authorization", "Bearer b")))
    yield bearer("a very long token", "a" * VERY_LONG)
    yield bearer("a very long token with three parts", f"{'a' * 5000}.{'b' * 6000}.{'c' * 5000}")
    yield bearer("many parts", ".".join("abc" for _ in range(2000)))


def empty() -> Iterator[Attempt]:
    """Authorization headers with no token in them."""
    for flaw, value in (
        ("an empty header", ""),
        ("a scheme without a token", "Bearer"),
        ("a scheme and a blank", "Bearer "),
        ("a scheme and two blanks", "Bearer  "),
        ("a scheme of another name without a token", "Basic"),
        ("a comma", ","),
    ):
        yield Attempt(flaw, (("Authorization", value),))


def controls(token: str) -> Iterator[Attempt]:
    """Control characters, which HTTP forbids in a header: the connection may be closed for them as well."""
    for char in ("\0", "\x01", "\x08", "\x0b", "\x1b", "\x7f"):
        name = f"U+{ord(char):04X}"
        yield Attempt(f"{name} for a token", (("Authorization", f"Bearer {char}"),))
        yield Attempt(f"{name} within the token", (("Authorization", f"Bearer {token[:20]}{char}{token[20:]}"),))


def doubled(token: str) -> Iterator[Attempt]:
    """Two headers of which one is good: HTTP does not say which counts, so either way is right, an error is not."""
    good, bad = ("Authorization", f"Bearer {token}"), ("Authorization", "Bearer bad")
    yield Attempt("a good header and a bad one", (good, bad))
    yield Attempt("a bad header and a good one", (bad, good))
    yield Attempt("the good header twice", (good, good))


def noise() -> st.SearchStrategy[Attempt]:
    """Authorization headers of visible characters of Latin-1, that happen to be no token."""
    visible = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
    schemes = st.sampled_from(("Bearer ", "bearer ", "Bearer", "", "Basic ", "Token ", "Bearer\t"))
    values = st.tuples(schemes, visible).map("".join)
    return values.map(lambda value: Attempt(f"the header {value!r}", (("Authorization", value),)))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
