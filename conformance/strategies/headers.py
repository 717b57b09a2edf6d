"""Ways to send a token, or what looks like one, that must not open the API."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import NamedTuple

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
NOTHING = Attempt("no credentials")

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
    yield from elsewhere("token", token, f"Bearer {token}", username)


def elsewhere(what: str, bare: str, value: str, username: str) -> Iterator[Attempt]:
    """Good credentials in other headers and in the query, bare and as the Authorization header has them (`value`)."""
    for name in _HEADERS:
        yield Attempt(f"the {what} in the header {name}", ((name, value),))
        if bare != value:
            yield Attempt(f"the bare {what} in the header {name}", ((name, bare),))
    for name in _IDENTITIES:
        yield Attempt(f"the user's name in the header {name}", ((name, username),))
    for name in _QUERIES:
        yield Attempt(f"the {what} in the query as {name}", query=((name, bare),))
    for name in ("authorization", "Authorization"):
        yield Attempt(f"the {what} in the query as {name}", query=((name, value),))


def in_cookies(token: str) -> Iterator[Attempt]:
    """A valid token in a cookie and nowhere else."""
    for name in COOKIES:
        yield Attempt(f"the token in the cookie {name}", (("Cookie", f"{name}={token}"),))
    yield Attempt("the token in the cookie _token, as a bearer", (("Cookie", f"_token=Bearer%20{token}"),))


def malformed(good: str, scheme: str = "Bearer") -> Iterator[Attempt]:
    """Authorization headers that no parser should make valid credentials of; `good` are valid ones of the scheme.

    What is left out: a scheme in another case and more than one blank after it, which a server may take either way.
    """
    yield from empty(scheme)
    for flaw, value in (
        ("the scheme twice", f"{scheme} {scheme} {good}"),
        ("the credentials twice under one scheme", f"{scheme} {good} {good}"),
        ("two credentials in one header", f"{scheme} {good}, {scheme} {good}"),
        ("a comma for credentials", f"{scheme} ,"),
        ("an equals sign after the scheme", f"{scheme}={good}"),
        ("a parameter for credentials", f'{scheme} token="{good}"'),
        ("the credentials in quotation marks", f'{scheme} "{good}"'),
        ("the credentials in angle brackets", f"{scheme} <{good}>"),
        ("the credentials percent-encoded", f"{scheme} {''.join(f'%{byte:02X}' for byte in good.encode())}"),
        ("a word after the credentials", f"{scheme} {good} x"),
        ("characters of Latin-1", f"{scheme} \xe9\xe8\xff"),
        ("UTF-8 for credentials", f"{scheme} " + "j\u1e83\u0167.\u00e9.\u2603".encode().decode("latin-1")),
        ("UTF-8 within the credentials", f"{scheme} {good[: len(good) // 2]}\xe2\x98\x83{good[len(good) // 2 :]}"),
        ("an encoded NUL after the credentials", f"{scheme} {good}%00"),
        ("dots only", f"{scheme} ..."),
        ("a path", f"{scheme} ../../../../etc/passwd"),
        ("a format string", f"{scheme} %s%n{{0}}${{jndi:x}}"),
        ("a quotation mark and SQL", f"{scheme} ' OR '1'='1"),
    ):
        yield Attempt(flaw, (("Authorization", value),))
    yield Attempt(
        "two headers, neither of them good", (("Authorization", f"{scheme} a"), ("Authorization", f"{scheme} b"))
    )
    yield Attempt("two headers, empty and bad", (("Authorization", ""), ("authorization", f"{scheme} b")))
    for flaw, long in (
        ("very long credentials", "a" * VERY_LONG),
        ("very long credentials with three parts", f"{'a' * 5000}.{'b' * 6000}.{'c' * 5000}"),
        ("many parts", ".".join("abc" for _ in range(2000))),
    ):
        yield Attempt(flaw, (("Authorization", f"{scheme} {long}"),))


def empty(scheme: str = "Bearer") -> Iterator[Attempt]:
    """Authorization headers with no credentials in them."""
    other = "Basic" if scheme == "Bearer" else "Bearer"
    for flaw, value in (
        ("an empty header", ""),
        ("a scheme without credentials", scheme),
        ("a scheme and a blank", f"{scheme} "),
        ("a scheme and two blanks", f"{scheme}  "),
        ("a scheme of another name without credentials", other),
        ("a comma", ","),
    ):
        yield Attempt(flaw, (("Authorization", value),))


def controls(good: str, scheme: str = "Bearer") -> Iterator[Attempt]:
    """Control characters, which HTTP forbids in a header: the connection may be closed for them as well."""
    for char in ("\0", "\x01", "\x08", "\x0b", "\x1b", "\x7f"):
        name = f"U+{ord(char):04X}"
        yield Attempt(f"{name} for credentials", (("Authorization", f"{scheme} {char}"),))
        yield Attempt(
            f"{name} within the credentials",
            (("Authorization", f"{scheme} {good[: len(good) // 2]}{char}{good[len(good) // 2 :]}"),),
        )


def doubled(good: str, scheme: str = "Bearer") -> Iterator[Attempt]:
    """Two headers of which one is good: HTTP does not say which counts, so either way is right, an error is not."""
    right, wrong = ("Authorization", f"{scheme} {good}"), ("Authorization", f"{scheme} bad")
    yield Attempt("a good header and a bad one", (right, wrong))
    yield Attempt("a bad header and a good one", (wrong, right))
    yield Attempt("the good header twice", (right, right))


def noise() -> st.SearchStrategy[Attempt]:
    """Authorization headers of visible characters, of ASCII or of Latin-1, that happen to be no token."""
    plain = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=200)
    latin = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60)
    visible = st.one_of(plain, latin)
    schemes = st.sampled_from(("Bearer ", "bearer ", "Bearer", "", "Basic ", "Token ", "Bearer\t"))
    values = st.tuples(schemes, visible).map("".join)
    return values.map(lambda value: Attempt(f"the header {value!r}", (("Authorization", value),)))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
