"""The routes of the auth managers: tokens for credentials, login and logout (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, quote_plus, urlsplit

from mockserver.auth.gate import COOKIE
from mockserver.errors import ApiError, Crash, problem
from mockserver.operations import Answer, Call, operation
from mockserver.rendering import JSON, to_json
from mockserver.schemas import Findings

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.public import PublicMock
    from mockserver.request import Request

FORM = "application/x-www-form-urlencoded"
_ONLY_ALL_ADMINS = "This method is only allowed if ``[core] simple_auth_manager_all_admins`` is True"
_HELP = "https://errors.pydantic.dev/2.14/v"


@operation("create_token")
def create_token(call: Call) -> Any:
    """Give a token for credentials that the contract has checked."""
    return grant(call.mock, call.body)


@operation("create_token_cli")
def create_token_cli(call: Call) -> Any:
    """Give a token for the command line, with a shorter life."""
    return grant(call.mock, call.body, call.mock.auth.tokens.cli_lifetime)


@operation("create_token_all_admins")
def create_token_all_admins(call: Call) -> Any:
    """Give a token to anybody, where everybody is an admin."""
    _demand_all_admins(call.mock)
    return grant(call.mock, {})


@operation("login_all_admins")
def login_all_admins(call: Call) -> Any:
    """Put a token into the cookie of anybody, where everybody is an admin, and go on to `next`."""
    _demand_all_admins(call.mock)
    wanted = _next(call.raw_query)
    token = grant(call.mock, {})["access_token"]
    place = wanted if wanted and _is_safe(wanted, call.headers) else "/"
    return _redirect(place, f"{COOKIE}={token}; HttpOnly; Path=/; SameSite=lax")


@operation("login")
def login(call: Call) -> Any:
    """Send the browser to the login page of the auth manager."""
    page, wanted = call.mock.auth.manager.login_page, _next(call.raw_query)
    if not wanted:
        return _redirect(page)
    if not _is_safe(wanted, call.headers):
        raise ApiError(400, "Invalid or unsafe next URL")
    return _redirect(f"{page}?next={quote_plus(wanted) if call.mock.traits.quotes_next else wanted}")


def log_out(mock: PublicMock, request: Request) -> Answer:
    """End the tokens that a request carries; it needs none, and one that is not valid does not matter."""
    mock.auth.end(request)
    if mock.profile.auth_manager == "fab":
        return _redirect("/auth/logout")
    return _redirect(mock.auth.manager.login_page, _forget() if mock.traits.clears_cookie else None)


@operation("auth_logout")
def forget_cookie(call: Call) -> Any:
    """FAB's own logout page: it forgets the cookie."""
    return _redirect(call.mock.auth.manager.login_page, _forget())


def grant(mock: Mock, credentials: Mapping[str, Any], lifetime: int | None = None) -> dict[str, str]:
    """Log in and make the answer with the token; ApiError when the credentials are not right."""
    manager = mock.auth.manager
    return {"access_token": mock.auth.tokens.mint(manager.claims(manager.log_in(credentials)), lifetime)}


def token_for_form(mock: PublicMock, request: Request) -> Answer:
    """Give a token for JSON or a form, as SimpleAuthManager reads them since it takes forms: with faults of its own."""
    credentials = _credentials(mock, request)
    findings = Findings()
    checked = mock.validator.check_value(mock.interface.operations["create_token"].body or {}, credentials, findings)
    if findings:
        raise ApiError(422, _told(findings) if mock.traits.strays else list(findings))
    return Answer(201, to_json(grant(mock, checked)), media=JSON)


def _credentials(mock: PublicMock, request: Request) -> Any:
    media = request.media or JSON
    if media == FORM:
        form = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: form.get(name, [None])[0] for name in ("username", "password")}
    if media != JSON:
        raise ApiError(415, f"Only {JSON} or {FORM} is supported")
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        if not mock.traits.crashes:
            text = "Input should be a valid dictionary or object to extract fields from"
            raise ApiError(422, [problem("model_attributes_type", ("body",), text, None)])
        raise Crash("credentials that are no object", inside=True)
    return body


def _told(findings: Findings) -> str:
    """The errors as one text."""
    count = f"{len(findings)} validation error{'s' * (len(findings) != 1)} for LoginBody"
    return "\n".join(
        [
            count,
            *(
                f"{one['loc'][-1]}\n  {one['msg']} [type={one['type']}, input_value={one['input']!r}, "
                f"input_type={type(one['input']).__name__}]\n    For further information visit {_HELP}/{one['type']}"
                for one in findings
            ),
        ]
    )


def _demand_all_admins(mock: Mock) -> None:
    if not mock.auth.manager.all_admins:
        raise ApiError(403, _ONLY_ALL_ADMINS)


def _next(query: str) -> str | None:
    return parse_qs(query).get("next", [None])[0]


def _is_safe(place: str, headers: Mapping[str, str]) -> bool:
    parts = urlsplit(place.replace("\\", "/"))
    return parts.scheme in ("", "http", "https") and parts.netloc in ("", headers.get("host", ""))


def _forget() -> str:
    return f'{COOKIE}=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=0; Path=/; SameSite=lax'


def _redirect(place: str, cookie: str | None = None) -> Answer:
    """Send the browser to a place, which no header can carry but in ASCII."""
    place = quote(place, safe=":/%#?=@[]!$&'()*+,;")
    return Answer(307, b"", [("location", place), *([("set-cookie", cookie)] if cookie else [])])
