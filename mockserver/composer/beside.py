"""Google on the port of the mock: its token endpoint, the metadata server of a machine, and keys on request.

POST /_google/token                 a token for what was signed with a key (the token_uri of the key files)
GET  /, /computeMetadata/v1/...     with Metadata-Flavor: Google, see `metadata`
POST /_mock/service-account-key     {"account": EMAIL, ROLE or USERNAME}: a key file; the control interface has it
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from mockserver.composer import metadata
from mockserver.composer.assertions import Claims, Refused
from mockserver.composer.google import TOKEN_PATH
from mockserver.composer.keys import Unknown, account
from mockserver.composer.tokens import LIFETIME
from mockserver.errors import ApiError
from mockserver.operations import Answer
from mockserver.rendering import JSON

if TYPE_CHECKING:
    from mockserver.composer import ComposerMock
    from mockserver.composer.google import Google
    from mockserver.mock import Mock
    from mockserver.request import Request
    from profiles.accounts import ServiceAccount

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def answer(google: Google, request: Request) -> Answer | None:
    """Google's answer to a request; None for one that is not for Google."""
    if request.path == TOKEN_PATH:
        return token(google, request)
    return metadata.answer(google, request) if metadata.is_for_it(request) else None


def token(google: Google, request: Request) -> Answer:
    """Give out a token."""
    try:
        if request.method != "POST":
            raise Refused("invalid_request", "Only POST requests are supported.")
        return _json(200, given(google, _form(request)))
    except Refused as refused:
        return _json(400, {"error": refused.error, "error_description": refused.description})


def given(google: Google, form: Mapping[str, str]) -> dict[str, Any]:
    """What is given for a form; Refused if it is not good."""
    if form.get("grant_type") != GRANT_TYPE:
        raise Refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
    if not form.get("assertion"):
        raise Refused("invalid_request", "Missing required parameter: assertion")
    return granted(google, *google.assertions.check(form["assertion"]))


def granted(google: Google, one: ServiceAccount, claims: Claims) -> dict[str, Any]:
    """An access token for scopes, or an ID token for an audience."""
    scopes, audience = str(claims.get("scope") or "").split(), claims.get("target_audience")
    if scopes:
        return {"access_token": google.tokens.access(one, scopes), "expires_in": LIFETIME, "token_type": "Bearer"}
    if audience:
        return {"id_token": google.tokens.identity(one, str(audience))}
    raise Refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")


def service_account_key(mock: Mock, request: Request) -> Answer:
    """The key file of an account."""
    ours = cast("ComposerMock", mock)
    try:
        body = json.loads(request.body or b"{}")
        one = account(ours.profile, str(body["account"]) if body.get("account") else None)
    except (ValueError, AttributeError):
        raise ApiError(400, "the body must be a JSON object") from None
    except Unknown as unknown:
        raise ApiError(404, str(unknown)) from None
    return Answer(200, ours.google.key_file(one, request.origin).encode(), media=JSON)


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode("latin-1")))


def _json(status: int, value: Any) -> Answer:
    return Answer(status, json.dumps(value).encode(), [("cache-control", "no-store")], JSON)
