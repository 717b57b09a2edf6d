"""JSON Web Tokens: made, checked and revoked as Airflow 3 does it (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.errors import ApiError

if TYPE_CHECKING:
    from mockserver.traits import Traits
    from mockserver.world.clock import Clock
    from profiles import Profile

ALGORITHM = "HS512"
_REQUIRED = ["exp", "iat", "nbf"]
_MOST_KNOWN = 1024


class Tokens:
    """Makes and checks the tokens of one deployment.

    `verify` gives the claims of a valid token. A checked token is remembered, so that the next request with it costs
    no signature; its end of life and its revocation are looked at each time. Times are those of the world's clock.
    """

    def __init__(self, profile: Profile, clock: Clock, traits: Traits) -> None:
        self._clock = clock
        self.secret = profile.option("api_auth", "jwt_secret") or secrets.token_urlsafe(64)
        self.audience = profile.option("api_auth", "jwt_audience") or "apache-airflow"
        self.issuer = profile.option("api_auth", "jwt_issuer") or None
        self.leeway = profile.number("api_auth", "jwt_leeway")
        self.lifetime = profile.number("api_auth", "jwt_expiration_time")
        self.cli_lifetime = profile.number("api_auth", "jwt_cli_expiration_time")
        self._ids = traits.token_ids
        self.required = [*_REQUIRED]
        self._known: dict[str, tuple[Mapping[str, Any], float]] = {}
        self._revoked: set[str] = set()

    def mint(self, claims: Mapping[str, Any], lifetime: int | None = None) -> str:
        """Sign a token with `claims` that is good for `lifetime` seconds (default: jwt_expiration_time)."""
        now = int(self._clock.now().timestamp())
        payload = {**claims, **self._general_claims(), "nbf": now, "exp": now + (lifetime or self.lifetime), "iat": now}
        return self.sign(payload)

    def sign(self, payload: Mapping[str, Any]) -> str:
        """Sign a payload as it stands."""
        from jwt import api_jws  # heavy where cryptography is installed, and not needed before the first token

        headers = {"kid": "not-used"} if self._ids else None
        text = json.dumps(payload, separators=(",", ":"))
        return api_jws.encode(text.encode(), self.secret, ALGORITHM, headers=headers)

    def _general_claims(self) -> dict[str, Any]:
        if not self._ids:
            return {"iss": self.issuer or [], "aud": self.audience}  # an empty list as issuer: measured on 3.0.6
        issuer = {"iss": self.issuer} if self.issuer else {}
        return {"jti": uuid.uuid4().hex, **issuer, "aud": self.audience}

    def verify(self, token: str) -> Mapping[str, Any]:
        """Check a token and give its claims; ApiError 401 when it has expired, 403 when it is not valid."""
        now = self._clock.now().timestamp()
        known = self._known.get(token)
        if known is None:
            fresh = self.decode(token)
            self.check_times(fresh, now)
            known = (fresh, float(fresh["exp"] + self.leeway))
            self._remember(token, known)
        claims, end = known
        if now >= end:
            raise expired()
        if self.is_revoked(token, claims):
            raise invalid_token()
        return claims

    def decode(self, token: str) -> dict[str, Any]:
        """Check signature, audience and issuer and give the claims."""
        import jwt

        times_are_ours: Any = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, "require": self.required}
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options=times_are_ours,
            )
        except jwt.InvalidTokenError:
            raise invalid_token() from None
        return claims

    def check_times(self, claims: Mapping[str, Any], now: float) -> None:
        """Refuse a token that is not valid yet, or whose times are no numbers."""
        if not all(isinstance(claims[name], int | float) for name in _REQUIRED):
            raise invalid_token()
        if claims["nbf"] > now + self.leeway or claims["iat"] > now + self.leeway:
            raise invalid_token()

    def forget(self) -> None:
        """Forget which tokens were checked."""
        self._known.clear()

    def _remember(self, token: str, known: tuple[Mapping[str, Any], float]) -> None:
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[token] = known

    def revoke(self, token: str) -> None:
        """End the life of a token, if it is one of ours."""
        try:
            claims = self.decode(token)
        except ApiError:
            return
        self._revoked.add(claims.get("jti") or token)

    def is_revoked(self, token: str, claims: Mapping[str, Any]) -> bool:
        """Tell whether a token was revoked."""
        return bool(self._revoked) and (claims.get("jti") or token) in self._revoked


def expired() -> ApiError:
    """401 for a token whose time has run out."""
    return ApiError(401, "Token Expired")


def invalid_token() -> ApiError:
    """403 for a token that is not valid, for whatever reason but its age."""
    return ApiError(403, "Invalid JWT token")
