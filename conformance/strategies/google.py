"""Tokens that are none of Google's, or not for the target: good ones with one thing wrong, each with the flaw in words.

A JWT that an account has signed itself counts in places at Google, for who it names and until when; those here are
expired, for somebody else, or signed by somebody else.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from conformance.strategies.headers import Attempt, bearer
from conformance.strategies.tokens import Forgery, encode, forgeries, read, sign

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

#: Nobody that anything in Google's cloud is for.
ELSEWHERE = "https://conformance.example"
ISSUER = "accounts.google.com"
_HOUR = 3600


class Account(NamedTuple):
    """A service account, as its key file tells of it. `key` is its private key, as PEM."""

    email: str
    number: str
    key_id: str
    key: str

    def __repr__(self) -> str:
        return f"Account({self.email!r})"

    @property
    def username(self) -> str:
        """The name of a user who is preregistered for it (composer, "... using a service account")."""
        return f"{ISSUER}:{self.number}"


def account(file: Path) -> Account:
    """The account of a key file. ValueError for a file that is none, OSError."""
    found = json.loads(file.read_text(encoding="utf-8"))
    try:
        return Account(*(str(found[name]) for name in ("client_email", "client_id", "private_key_id", "private_key")))
    except (KeyError, TypeError):
        raise ValueError("it is no key of a service account") from None


def nobody() -> Account:
    """An account that Google does not have, with a key of its own."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = _another().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Account("conformance@conformance.example", "9" * 21, "conformance", key)


def decisive(token: str) -> Iterator[Attempt]:
    """A few that stand for all; `token` is a good access token."""
    yield bearer("a token that nobody gave", made_up())
    yield bearer("a token whose last character is another", changed(token, -1))


def spoiled(token: str) -> Iterator[Attempt]:
    """A good access token that something has happened to."""
    yield from decisive(token)
    for flaw, value in (
        ("a token without its last character", token[:-1]),
        ("a token without its first character", token[1:]),
        ("the first half of a token", token[: len(token) // 2]),
        ("a token with one character more", f"{token}x"),
        ("a token whose first character is another", changed(token, 0)),
        ("a token whose middle character is another", changed(token, len(token) // 2)),
        ("a token with its case swapped", token.swapcase()),
        ("a token twice", token * 2),
        ("the beginning of Google's tokens", token[:5]),
    ):
        yield bearer(flaw, value)


def made_up() -> str:
    """A text of the form of Google's access tokens."""
    return f"ya29.c.{secrets.token_urlsafe(96)}"


def changed(token: str, at: int) -> str:
    """The token with another letter at one place."""
    letters = list(token)
    letters[at] = "A" if letters[at] != "A" else "B"
    return "".join(letters)


def forged(identity: str) -> Iterator[Attempt]:
    """An ID token changed, unsigned and signed with other keys; those of the account's own are `self_signed`."""
    for each in forgeries(read(identity)):
        yield bearer(f"an ID token that is {each.flaw}", each.token)


def self_signed(one: Account, audience: str) -> Iterator[Forgery]:
    """JWTs that say they are the account's, for who is called `audience`; none of them may count."""
    header, now = {"alg": "RS256", "typ": "JWT", "kid": one.key_id}, int(time.time())
    good = {"iss": one.email, "sub": one.email, "aud": audience, "iat": now, "exp": now + _HOUR}
    past = {**good, "iat": now - 2 * _HOUR, "exp": now - _HOUR}
    yield Forgery("signed with another key", signed(header, good, _another()))
    yield Forgery("not signed (alg none)", f"{encode({**header, 'alg': 'none'})}.{encode(good)}.")
    yield Forgery("signed with HMAC and the public key", sign({**header, "alg": "HS256"}, good, _public(one)))
    yield Forgery("signed by the account, and expired since an hour", signed(header, past, _private(one)))
    yield Forgery("signed by the account, for somebody else", signed(header, {**good, "aud": ELSEWHERE}, _private(one)))


def signed(header: Mapping[str, Any], payload: Mapping[str, Any], key: RSAPrivateKey) -> str:
    """A JWT with a signature of RS256."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    text = f"{encode(header)}.{encode(payload)}"
    return f"{text}.{encode(key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def _private(one: Account) -> RSAPrivateKey:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    found = serialization.load_pem_private_key(one.key.encode(), None)
    if not isinstance(found, RSAPrivateKey):
        raise ValueError("the key of a service account is to be one of RSA")
    return found


def _public(one: Account) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return _private(one).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@cache
def _another() -> RSAPrivateKey:
    """A key that nobody else has; making one is slow."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
