"""Faults in how a token is checked, and in where it is looked for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from mockserver.deviations import deviation, wrap
from mockserver.deviations.conditions import revoking, simple_with_users, with_users
from mockserver.deviations.likeness import same_fingerprint
from mockserver.errors import ApiError

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Decode = Callable[[str], dict[str, Any]]


def _decode_with(mock: PublicMock, **changes: Any) -> None:
    """Decode tokens that are refused once more, with other options of the JWT library."""

    def decode(original: Decode, token: str) -> dict[str, Any]:
        import jwt

        try:
            return original(token)
        except ApiError as refusal:
            tokens = mock.auth.tokens
            options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False, **changes.get("options", {})}
            algorithms = changes.get("algorithms", ["HS512"])
            try:
                return dict(jwt.decode(token, tokens.secret, algorithms, options=options, audience=tokens.audience))  # type: ignore[arg-type]
            except jwt.InvalidTokenError:
                raise refusal from None

    wrap(mock.auth.tokens, "decode", decode)


@deviation("signature-not-checked", breaks=["PUB-AUTH-003"], sentence="The signature of a token is not looked at.")
def signature_not_checked(mock: PublicMock) -> None:
    """Decode without the signature."""
    _decode_with(mock, options={"verify_signature": False, "verify_aud": True})


@deviation("alg-none-accepted", breaks=["PUB-AUTH-003"], sentence='A token with "alg": none needs no signature.')
def alg_none_accepted(mock: PublicMock) -> None:
    """Believe the header of the token."""

    def decode(original: Decode, token: str) -> dict[str, Any]:
        parts = token.split(".")
        try:
            unsigned = len(parts) == 3 and str(_json(parts[0]).get("alg")).lower() == "none"
        except ValueError:
            unsigned = False
        return _json(parts[1]) if unsigned else original(token)

    wrap(mock.auth.tokens, "decode", decode)


def _json(part: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return value


@deviation(
    "signature-half-checked",
    breaks=["PUB-AUTH-003"],
    sentence="Only the first ten characters of a signature are compared.",
)
def signature_half_checked(mock: PublicMock) -> None:
    """Compare the beginning of the signature only."""

    def decode(original: Decode, token: str) -> dict[str, Any]:
        head, _, signature = token.rpartition(".")
        right = _sign(mock, head)
        return original(f"{head}.{right}") if signature[:10] == right[:10] else original(token)

    wrap(mock.auth.tokens, "decode", decode)


@deviation(
    "signature-by-a-fingerprint",
    breaks=["PUB-AUTH-003"],
    sentence="Of a signature a few letters at the beginning, in the middle and at the end are compared.",
)
def signature_by_a_fingerprint(mock: PublicMock) -> None:
    """Compare what a log would show of it."""

    def decode(original: Decode, token: str) -> dict[str, Any]:
        head, _, signature = token.rpartition(".")
        right = _sign(mock, head)
        return original(f"{head}.{right}") if same_fingerprint(right, signature) else original(token)

    wrap(mock.auth.tokens, "decode", decode)


@deviation(
    "signature-checked-of-admins",
    breaks=["PUB-AUTH-003"],
    applies=simple_with_users,
    sentence="The signature of a token is looked at only where its subject is an admin.",
)
def signature_checked_of_admins(mock: PublicMock) -> None:
    """Believe who cannot do much, whatever role the token claims."""
    lesser = {user.username for user in mock.profile.users if user.role != "admin"}

    def decode(original: Decode, token: str) -> dict[str, Any]:
        head, _, _ = token.rpartition(".")
        try:
            subject = _json(head.partition(".")[2]).get("sub")
        except (ValueError, AttributeError):
            subject = None
        return original(f"{head}.{_sign(mock, head)}" if subject in lesser else token)

    wrap(mock.auth.tokens, "decode", decode)


def _sign(mock: PublicMock, head: str) -> str:
    digest = hmac.new(mock.auth.tokens.secret.encode(), head.encode(), hashlib.sha512).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@deviation(
    "other-hmac-accepted",
    breaks=["PUB-AUTH-003"],
    sentence="Tokens signed with the right key but another algorithm (HS256, HS384) are taken.",
)
def other_hmac_accepted(mock: PublicMock) -> None:
    """Take every HMAC."""
    _decode_with(mock, algorithms=["HS256", "HS384", "HS512"])


@deviation("expired-accepted", breaks=["PUB-AUTH-011"], sentence="The expiry of a token is not looked at.")
def expired_accepted(mock: PublicMock) -> None:
    """Wait for ever."""
    mock.auth.tokens.leeway = 10**9


@deviation("expired-accepted-for-an-hour", breaks=["PUB-AUTH-011"], sentence="A token is taken for an hour too long.")
def expired_accepted_for_an_hour(mock: PublicMock) -> None:
    """Give an hour's leeway."""
    mock.auth.tokens.leeway += 3600


@deviation(
    "expired-accepted-on-reads",
    breaks=["PUB-AUTH-011"],
    sentence="An expired token is refused for writes and taken for reads.",
)
def expired_accepted_on_reads(mock: PublicMock) -> None:
    """Give leeway to GET."""

    def user(original: Callable[..., Any], request: Any) -> Any:
        leeway = mock.auth.tokens.leeway
        mock.auth.tokens.leeway = 10**9 if request.method == "GET" else leeway
        mock.auth.tokens.forget()
        try:
            return original(request)
        finally:
            mock.auth.tokens.leeway = leeway

    wrap(mock.auth, "user", user)


@deviation("audience-not-checked", breaks=["PUB-AUTH-012"], sentence="A token made for another audience is taken.")
def audience_not_checked(mock: PublicMock) -> None:
    """Leave the audience out."""
    _decode_with(mock, options={"verify_aud": False})


@deviation("not-before-ignored", breaks=["PUB-AUTH-012"], sentence="A token that is not valid yet is taken.")
def not_before_ignored(mock: PublicMock) -> None:
    """Skip the check of the beginning."""
    wrap(mock.auth.tokens, "check_times", lambda _original, _claims, _now: None)


@deviation("endless-token-accepted", breaks=["PUB-AUTH-012"], sentence="A token without an expiry is taken, for ever.")
def endless_token_accepted(mock: PublicMock) -> None:
    """Put an expiry where none is."""
    _decode_with(mock, options={"require": []})

    def decode(original: Decode, token: str) -> dict[str, Any]:
        claims = original(token)
        return {"exp": 2**40, "nbf": 0, "iat": 0, **claims}

    wrap(mock.auth.tokens, "decode", decode)


@deviation(
    "logout-does-nothing",
    breaks=["PUB-AUTH-013"],
    applies=revoking,
    sentence="A token stays valid after its user has logged out.",
)
def logout_does_nothing(mock: PublicMock) -> None:
    """Revoke nothing."""
    mock.auth.revokes = False


@deviation(
    "logout-ends-every-session",
    breaks=["PUB-AUTH-013"],
    applies=revoking,
    sentence="Logging out ends all tokens of the user, not the one alone.",
)
def logout_ends_every_session(mock: PublicMock) -> None:
    """Remember the subject in place of the token."""
    ended: set[str] = set()

    def revoke(_original: Callable[..., None], token: str) -> None:
        ended.add(str(mock.auth.tokens.decode(token).get("sub")))

    def is_revoked(_original: Callable[..., bool], _token: str, claims: Mapping[str, Any]) -> bool:
        return str(claims.get("sub")) in ended

    wrap(mock.auth.tokens, "revoke", revoke)
    wrap(mock.auth.tokens, "is_revoked", is_revoked)


@deviation(
    "revoked-token-reads",
    breaks=["PUB-AUTH-013"],
    applies=revoking,
    sentence="A token whose user has logged out is refused for writes and taken for reads.",
)
def revoked_token_reads(mock: PublicMock) -> None:
    """Look at revocations only when something is to change."""
    reading = [False]

    def user(original: Callable[..., Any], request: Any) -> Any:
        reading[0] = request.method == "GET"
        return original(request)

    def is_revoked(original: Callable[..., bool], token: str, claims: Mapping[str, Any]) -> bool:
        return not reading[0] and original(token, claims)

    wrap(mock.auth, "user", user)
    wrap(mock.auth.tokens, "is_revoked", is_revoked)


# ---- where it is looked for ------------------------------------------------------------------------------------------


def _looking(mock: PublicMock, look: Callable[[Request], str | None]) -> None:
    """Look for a token in another place where the header has none."""

    def bearer(original: Callable[[Request], str | None], request: Request) -> str | None:
        found = original(request)
        return look(request) if found is None else found

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "log-by-token-in-query",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence="The log of a task is given for a token in the query string, so that a link can lead to it.",
)
def log_by_token_in_query(mock: PublicMock) -> None:
    """Take the token out of the link."""

    def look(request: Request) -> str | None:
        found = mock.routes.find(request.method, mock.path(request))
        name = getattr(getattr(found, "target", None), "id", None)
        return parse_qs(request.query).get("access_token", [None])[0] if name == "get_log" else None

    _looking(mock, look)


@deviation(
    "token-in-other-cookie",
    breaks=["PUB-AUTH-005"],
    applies=with_users,
    sentence="A token in a cookie of the name access_token authenticates.",
)
def token_in_other_cookie(mock: PublicMock) -> None:
    """Take a cookie that is not that of the user interface."""
    _looking(mock, lambda request: request.cookies().get("access_token"))
