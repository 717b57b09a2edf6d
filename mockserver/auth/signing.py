"""Texts that nobody else can have made: the id of a session in its cookie, and the CSRF token of a form."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets


class Signer:
    """Signs with a key of its own; `salt` keeps apart what is signed for different purposes."""

    def __init__(self, salt: str) -> None:
        self._key = secrets.token_bytes(32) + salt.encode()

    def sign(self, text: str) -> str:
        """The text, a dot, and the signature."""
        return f"{text}.{_shown(self._signature(text))}"

    def verify(self, signed: str) -> str | None:
        """The text that was signed, or None; the last bits of the signature do not count, as Base64 ignores them."""
        text, _, signature = signed.rpartition(".")
        given = _read(signature)
        return text if given is not None and hmac.compare_digest(given, self._signature(text)) else None

    def _signature(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode("utf-8", "surrogateescape"), hashlib.sha1)


class Tokens:
    """CSRF tokens: they hold the secret of a session and the time of their making, signed."""

    def __init__(self) -> None:
        self._signer = Signer("csrf")

    def make(self, secret: str, seconds: int) -> str:
        """A token for the secret of a session."""
        moment = seconds.to_bytes(5, "big").lstrip(b"\0")
        return self._signer.sign(f"{_shown(json.dumps(secret).encode())}.{_shown(moment)}")

    def read(self, token: str) -> str | None:
        """The secret in a token, or None if it was not made here."""
        text = self._signer.verify(token)
        payload = _read(text.partition(".")[0]) if text else None
        return None if payload is None else str(json.loads(payload))


def _shown(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _read(text: str) -> bytes | None:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
