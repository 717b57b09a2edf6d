"""The header Authorization as the versions of werkzeug read it that come with Airflow 2.

Measured on 2.2.5 (werkzeug 1), 2.3.4 to 2.10.5 (werkzeug 2) and 2.11.2 (werkzeug 3).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import parse_http_list

from mockserver.errors import Crash

if TYPE_CHECKING:
    from mockserver.auth.ways import Parser
    from mockserver.request import Request

_DIGEST = ("username", "realm", "nonce", "uri", "response")


class Credentials(NamedTuple):
    """A name and a password, neither empty."""

    username: str
    password: str


def read(request: Request, parser: Parser) -> Credentials | None:
    """The credentials that a request carries, or None; Crash where Airflow breaks down over them."""
    value = joined(request, b"authorization")
    if not value:
        return None
    found = {"strict": strict, "first": _first, "second": _second, "third": _third}[parser](value)
    return Credentials(*found) if found and all(found) else None


def joined(request: Request, name: bytes) -> str:
    """All values of a header in one, as WSGI has them."""
    return ",".join(value.decode("latin-1") for key, value in request.scope["headers"] if key.lower() == name)


def strict(value: str) -> tuple[str, str] | None:
    """Basic Base64(username:password), to the letter."""
    scheme, _, encoded = value.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(" ").encode("ascii"), validate=True).decode()
    except (binascii.Error, UnicodeError):
        return None
    return _split(text)


def _first(value: str) -> tuple[str, str] | None:
    """Read as werkzeug 1: what is no UTF-8 breaks it."""
    scheme, rest = _words(value)
    if scheme == "basic":
        decoded = _decoded(rest)
        if decoded is None or b":" not in decoded:
            return None
        try:
            return _split(decoded.decode())
        except UnicodeError:
            raise Crash("credentials that are no UTF-8") from None
    return _digest(scheme, rest)


def _second(value: str) -> tuple[str, str] | None:
    """Read as werkzeug 2."""
    scheme, rest = _words(value)
    if scheme != "basic":
        return _digest(scheme, rest)
    decoded = _decoded(rest) if rest.isascii() else None
    try:
        return None if decoded is None else _split(decoded.decode())
    except UnicodeError:
        return None


def _third(value: str) -> tuple[str, str] | None:
    """Read as werkzeug 3: any scheme may have a name and a password as parameters, and bytes beyond ASCII break it."""
    scheme, _, rest = value.partition(" ")
    rest = rest.strip()
    if scheme.lower() != "basic":
        return _named(_parameters(rest)) if "=" in rest.rstrip("=") else None
    if not rest.isascii():
        raise Crash("a header beyond ASCII")
    try:
        return _split(base64.b64decode(rest).decode())
    except (binascii.Error, UnicodeError):
        return None


def _words(value: str) -> tuple[str, str]:
    """The scheme in lower case and the rest, apart at any blanks."""
    parts = value.split(None, 1)
    return (parts[0].lower(), parts[1]) if len(parts) == 2 else ("", "")


def _decoded(rest: str) -> bytes | None:
    """Base64, whatever else stands between its characters; None if the padding is missing."""
    try:
        return base64.b64decode(rest.encode("latin-1"))
    except binascii.Error:
        return None


def _split(text: str) -> tuple[str, str]:
    username, _, password = text.partition(":")
    return username, password


def _digest(scheme: str, rest: str) -> tuple[str, str] | None:
    """A password among the parameters of a digest that has all that a digest needs (measured: it is taken)."""
    parameters = _parameters(rest) if scheme == "digest" else {}
    return _named(parameters) if all(name in parameters for name in _DIGEST) else None


def _named(parameters: Mapping[str, str]) -> tuple[str, str]:
    return parameters.get("username", ""), parameters.get("password", "")


def _parameters(rest: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in parse_http_list(rest))
    return {name.strip(): _unquoted(value.strip()) for name, _, value in pairs}


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
