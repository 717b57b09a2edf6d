"""Tokens that Google gives out: access tokens, which only Google can read, and ID tokens, which it has signed.

They expire by the clock of the mock.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    from mockserver.world.clock import Clock
    from profiles.accounts import ServiceAccount

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
ISSUER = "https://accounts.google.com"
ALGORITHM = "RS256"
LIFETIME = 3599
"""Seconds that an access token is good for; an ID token one more."""
_MOST = 10_000


class Grant(NamedTuple):
    """What an access token stands for: the number of an account, and for what until when (seconds since 1970)."""

    unique_id: str
    scopes: frozenset[str]
    end: float


class Tokens:
    """Makes tokens, and tells for whom they are."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.grants: dict[str, Grant] = {}

    def access(self, account: ServiceAccount, scopes: Collection[str]) -> str:
        """A new access token."""
        token = f"ya29.c.{secrets.token_urlsafe(96)}"
        if len(self.grants) >= _MOST:
            self.grants = {text: grant for text, grant in self.grants.items() if grant.end > self._now()}
        self.grants[token] = Grant(account.unique_id, frozenset(scopes), self._now() + LIFETIME)
        return token

    def identity(self, account: ServiceAccount, audience: str, *, full: bool = True) -> str:
        """A new ID token for an audience; `full`: with the address of the account."""
        from jwt import api_jws

        now = int(self._now())
        email = {"email": account.email, "email_verified": True} if full else {}
        claims = {"iss": ISSUER, "aud": audience, "azp": account.unique_id, "sub": account.unique_id, **email}
        text = json.dumps({**claims, "iat": now, "exp": now + LIFETIME + 1})
        return api_jws.encode(text.encode(), _signing_key(), ALGORITHM, headers={"kid": "mock"})

    def revoke(self) -> None:
        """Make every access token worthless."""
        self.grants.clear()

    def holder(self, token: str, audience: str) -> str | None:
        """The number of the account that a token is good for, at the server of that URL; None if it is not good."""
        grant = self.grants.get(token)
        return self.holder_of_grant(grant) if grant else self.holder_of_identity(token, audience)

    def holder_of_grant(self, grant: Grant) -> str | None:
        """The account of an access token, if it has not expired and is for what the proxy wants."""
        return grant.unique_id if self._now() < grant.end and SCOPE in grant.scopes else None

    def holder_of_identity(self, token: str, audience: str) -> str | None:
        """The account of an ID token, if it was made here, has not expired and is for the server of that URL."""
        claims = self.claims(token)
        good = self._now() < claims.get("exp", 0) and str(claims.get("aud")).rstrip("/") == audience
        return str(claims["sub"]) if good else None

    def claims(self, token: str) -> dict[str, Any]:
        """What an ID token says that was made here; nothing for any other text."""
        from jwt import PyJWTError, api_jws

        try:
            found: dict[str, Any] = json.loads(api_jws.decode(token, _signing_key().public_key(), [ALGORITHM]))
        except PyJWTError:
            return {}
        return found

    def _now(self) -> float:
        return self.clock.now().timestamp()


@cache
def _signing_key() -> RSAPrivateKey:
    """Google's own key; see the keys of accounts."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
