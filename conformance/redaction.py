"""Keeps secrets out of everything that is reported, logged or raised.

What is hidden: every secret that was made known (passwords, tokens, the signing secret), also in the forms that a
request, a URL, JSON, Python or a shell gives it; every text that looks like a JWT, a token of Kerberos or of Google, or
a private key; the values of Authorization and Cookie headers; the password in a body. What is not hidden: names.
Airflow calls harmless things `key` or `token`.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote, quote_plus

from conformance.exchange import ACCESS_TOKEN, TICKET, Exchange, Headers, Request, Response

HIDDEN = "***"

#: What a target gives out as a secret has at least so many characters.
_SHORTEST = 8
#: A JWT or an access token of Google's, as it is or in base64; a private key in PEM.
_LOOKS = re.compile(
    r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*|ZXlK[A-Za-z0-9+/_-]{40,}=*"
    rf"|{ACCESS_TOKEN.pattern}|eWEyO[A-Za-z0-9+/_-]{{40,}}=*"
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----.*?-----END (?:[A-Z]+ )*PRIVATE KEY-----",
    re.DOTALL,
)
_COOKIE = re.compile(r'((?:^|;\s*)[^=;]+=)(?!""|;|$)[^;]+')
_SET_COOKIE = re.compile(r'^([^=;]+=)(?!""|;|$)[^;]+')
_REPLY = re.compile(r"(?i)(\bnegotiate\s+)\S+")
_PASSWORD = re.compile(rb'("password"\s*:\s*")((?:[^"\\]|\\.)+)(")')
_FORM_PASSWORD = re.compile(rb"((?:^|&)password=)[^&\s]+")


class Redactor:
    """Replaces secrets. Safe to use from many threads."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets: set[str] = set()
        self._forms: dict[str, None] = {}
        self._pattern: re.Pattern[str] | None = None
        self._lock = threading.Lock()
        self.add(*secrets)

    def add(self, *secrets: str, username: str | None = None) -> None:
        """Hide these from now on; with the name of the user, also what a Basic header makes of the two."""
        with self._lock:
            for secret in filter(None, secrets):
                if _LOOKS.fullmatch(secret):
                    continue  # hidden for its looks; a pattern of many tokens would take long to build
                basic = (f"{username}:{secret}",) if username else ()
                for form in (*_forms(secret), *(_base64(each) for each in basic)):
                    self._forms[form] = None
            ordered = sorted(self._forms, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def learn(self, secret: str) -> None:
        """Hide what a target has given out; nothing that is so short that it could make every text unreadable."""
        if len(secret) >= _SHORTEST:
            self.add(secret)

    def text(self, text: str) -> str:
        """The text without secrets."""
        if self._pattern:
            text = self._pattern.sub(HIDDEN, text)
        return TICKET.sub(HIDDEN, _LOOKS.sub(HIDDEN, text))

    def octets(self, octets: bytes) -> bytes:
        """Bytes, such as a body, without secrets."""
        text = self.text(octets.decode("utf-8", "surrogateescape"))
        octets = text.encode("utf-8", "surrogateescape")
        octets = _PASSWORD.sub(rb"\1***\3", octets)
        return _FORM_PASSWORD.sub(rb"\1***", octets)

    def value(self, value: Any) -> Any:
        """JSON types without secrets, keys included."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.value(key): self.value(item) for key, item in value.items()}
        return [self.value(item) for item in value] if isinstance(value, list | tuple) else value

    def headers(self, headers: Headers) -> Headers:
        """Headers without secrets: of Authorization the scheme is left, of cookies the names."""
        return tuple((name, _header(name, self.text(value))) for name, value in headers)

    def request(self, request: Request) -> Request:
        """The request without secrets."""
        body = self.octets(request.body) if request.body is not None else None
        return replace(request, target=self.text(request.target), headers=self.headers(request.headers), body=body)

    def exchange(self, exchange: Exchange) -> Exchange:
        """The exchange without secrets."""
        response = exchange.response and self._response(exchange.response)
        error = exchange.error and self.text(exchange.error)
        return replace(exchange, request=self.request(exchange.request), response=response, error=error)

    def _response(self, response: Response) -> Response:
        return replace(
            response,
            reason=self.text(response.reason),
            headers=self.headers(response.headers),
            body=self.octets(response.body),
        )


#: What this process hides: a traceback belongs to no target.
SECRETS = Redactor()


def redact(text: str) -> str:
    """The text without any secret that this process knows."""
    return SECRETS.text(text)


def _header(name: str, value: str) -> str:
    match name.lower():
        case "set-cookie":
            return _SET_COOKIE.sub(rf"\1{HIDDEN}", value)
        case "cookie":
            return _COOKIE.sub(rf"\1{HIDDEN}", value)
        case "authorization" | "proxy-authorization" if _is_basic(value):
            return f"{value[:5]} {HIDDEN}"
        case "www-authenticate":
            return _REPLY.sub(rf"\1{HIDDEN}", value)
    return value


def _is_basic(value: str) -> bool:
    """Whether it is a user name and password, and not just the junk of a check."""
    scheme, _, rest = value.strip().partition(" ")
    try:
        return scheme.lower() == "basic" and b":" in base64.b64decode(rest)
    except (binascii.Error, ValueError):
        return False


def _forms(secret: str) -> Iterable[str]:
    """The secret as it may stand in a text: plain, in a URL, in JSON, in Python, in HTML, for a shell, in base64."""
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield escape(secret)
    yield secret.replace("'", "'\"'\"'")
    yield re.sub(r'([\\"`$!])', r"\\\1", secret)
    if len(secret) > 5:  # of a shorter one too little is left to be sure
        yield _base64(secret)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode().rstrip("=")
