"""What a client signs with the key of a service account, to be given a token: a JWT (RFC 7523).

What google-auth sends was measured with 2.62.2; the texts of refusals are those that Google's token endpoint has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.composer.google import Google
    from mockserver.world.clock import Clock
    from profiles.accounts import ServiceAccount

AUDIENCE = "https://oauth2.googleapis.com/token"
"""google-auth names it whatever the key file has as token_uri."""
ALGORITHM = "RS256"
LONGEST = 3600
LEEWAY = 60

Claims = Mapping[str, Any]


class Refused(Exception):  # noqa: N818 - it is what happens to a request
    """A request for a token that is refused: 400 with `error` and `description` (RFC 6749, 5.2)."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error, description)
        self.error = error
        self.description = description


class Assertions:
    """Tells whose an assertion is.

    Times are held against the time that clients have: who signs reads a clock that nobody moves with the mock's.
    """

    def __init__(self, google: Google, clock: Clock) -> None:
        self.google = google
        self.clock = clock

    def check(self, text: str) -> tuple[ServiceAccount, Claims]:
        """The account that an assertion is from, and what it claims; Refused if it is not good."""
        account = self.issuer(text)
        claims = self.verified(text, account)
        self.check_audience(claims)
        self.check_times(claims)
        if claims.get("sub", account.email) != account.email:
            raise Refused("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method.")
        return account, claims

    def issuer(self, text: str) -> ServiceAccount:
        """The account that an assertion says it is from."""
        from jwt import PyJWTError, api_jws

        try:
            claims = json.loads(api_jws.decode_complete(text, options={"verify_signature": False})["payload"])
        except (PyJWTError, ValueError, RecursionError):
            raise Refused("invalid_grant", "Bad Request") from None
        account = self.google.addressed(claims.get("iss")) if isinstance(claims, dict) else None
        if account is None:
            raise Refused("invalid_grant", "Invalid grant: account not found")
        return account

    def verified(self, text: str, account: ServiceAccount) -> Claims:
        """The claims, if the account's own key has signed them."""
        from jwt import PyJWTError, api_jws

        key = self.google.key(account)
        try:
            found = api_jws.decode_complete(text, key.public, [ALGORITHM])
        except PyJWTError:
            raise Refused("invalid_grant", "Invalid JWT Signature.") from None
        if found["header"].get("kid", key.id) != key.id:
            raise Refused("invalid_grant", "Invalid JWT Signature.")
        claims: Claims = json.loads(found["payload"])
        return claims

    def check_audience(self, claims: Claims) -> None:
        """Refuse what is meant for somebody else."""
        if claims.get("aud") != AUDIENCE:
            text = f"Invalid JWT: Failed audience check. The right audience is {AUDIENCE}"
            raise Refused("invalid_grant", text)

    def check_times(self, claims: Claims) -> None:
        """Refuse what has expired, is not signed yet, or would be good for more than an hour."""
        now, begin, end = self.clock.real().timestamp(), _number(claims.get("iat")), _number(claims.get("exp"))
        good = begin is not None and end is not None and begin - LEEWAY <= now < end and end - begin <= LONGEST
        if not good:
            text = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
            raise Refused("invalid_grant", f"{text} Check your iat and exp values in the JWT claim.")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value)
    except OverflowError:
        return None
