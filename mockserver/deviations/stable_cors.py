"""Faults of Airflow 2 in the cross-origin headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.api.v1.problems import unauthenticated
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import with_cors, without_cors

if TYPE_CHECKING:
    from mockserver.operations import Answer
    from mockserver.request import Request
    from mockserver.stable import StableMock
    from mockserver.stable.cors import Headers

ORIGIN = "access-control-allow-origin"
METHODS = "access-control-allow-methods"
HEADERS = "access-control-allow-headers"


def _headers(mock: StableMock, change: Callable[[Headers, Request, int], Headers]) -> None:
    """Change the headers of answers."""

    def around(original: Callable[..., Headers], request: Request, status: int) -> Headers:
        return change(original(request, status), request, status)

    wrap(mock.cors, "answer_headers", around)


def _without(headers: Headers, name: str) -> Headers:
    return [pair for pair in headers if pair[0] != name]


def _with(headers: Headers, name: str, value: str) -> Headers:
    return [*_without(headers, name), (name, value)]


def _edited(headers: Headers, name: str, edit: Callable[[list[str]], list[str]]) -> Headers:
    """Change the list that a header holds."""
    return [
        (key, ", ".join(edit([each.strip() for each in value.split(",")])) if key == name else value)
        for key, value in headers
    ]


@deviation(
    "stable-second-origin-forgotten",
    breaks=["STB-CORS-002", "STB-CORS-009"],
    applies=with_cors,
    apis=STABLE,
    sentence="Of the origins that are listed only the first is allowed.",
)
def second_origin_forgotten(mock: StableMock) -> None:
    """Read one."""
    del mock.cors.origins[1:]


@deviation(
    "stable-origins-are-one",
    breaks=["STB-CORS-009", "STB-CORS-002"],
    applies=with_cors,
    apis=STABLE,
    sentence="The line of origins is taken for a single one, blanks and all.",
)
def origins_are_one(mock: StableMock) -> None:
    """Do not split."""
    mock.cors.origins[:] = [" ".join(mock.cors.origins)]


@deviation(
    "stable-cors-on-success-only",
    breaks=["STB-CORS-002"],
    applies=with_cors,
    apis=STABLE,
    sentence="An error has no cross-origin headers.",
)
def cors_on_success_only(mock: StableMock) -> None:
    """Forget errors."""
    _headers(mock, lambda headers, _request, status: headers if status < 400 else [])


@deviation(
    "stable-refusals-without-origin",
    breaks=["STB-CORS-002"],
    applies=with_cors,
    apis=STABLE,
    sentence="The answer to a request without valid proof allows no origin.",
)
def refusals_without_origin(mock: StableMock) -> None:
    """Refuse before the headers are added."""
    _headers(mock, lambda headers, _request, status: _without(headers, ORIGIN) if status in (401, 403) else headers)


@deviation(
    "stable-one-list-without-origin",
    breaks=["STB-CORS-002"],
    applies=with_cors,
    apis=STABLE,
    sentence="The list of import errors allows no origin, everything else does.",
)
def one_list_without_origin(mock: StableMock) -> None:
    """Forget one operation."""
    _headers(
        mock,
        lambda headers, request, _status: _without(headers, ORIGIN) if "importErrors" in request.path else headers,
    )


@deviation(
    "stable-origin-in-any-case",
    breaks=["STB-CORS-003"],
    applies=with_cors,
    apis=STABLE,
    sentence="A listed origin is allowed however its letters are cased.",
)
def origin_in_any_case(mock: StableMock) -> None:
    """Compare in lower case."""
    wrap(mock.cors, "allows_origin", lambda original, origin: original(origin.lower()))


@deviation(
    "stable-origin-extended",
    breaks=["STB-CORS-003"],
    applies=with_cors,
    apis=STABLE,
    sentence="An origin that begins with a listed one is allowed.",
)
def origin_extended(mock: StableMock) -> None:
    """Compare the beginning."""
    wrap(mock.cors, "allows_origin", lambda _original, origin: origin.startswith(tuple(mock.cors.origins)))


@deviation(
    "stable-stranger-allowed-on-errors",
    breaks=["STB-CORS-003"],
    applies=with_cors,
    apis=STABLE,
    sentence="An answer 404 allows whatever origin asks.",
)
def stranger_allowed_on_errors(mock: StableMock) -> None:
    """Repeat the origin."""
    _headers(
        mock,
        lambda headers, request, status: (
            _with(headers, ORIGIN, request.headers.get("origin", "*")) if status == 404 else headers
        ),
    )


@deviation(
    "stable-one-method-missing",
    breaks=["STB-CORS-004"],
    applies=with_cors,
    apis=STABLE,
    sentence="The last of the listed methods is not named.",
)
def one_method_missing(mock: StableMock) -> None:
    """Cut the list."""
    _headers(mock, lambda headers, _request, _status: _edited(headers, METHODS, lambda names: names[:-1]))


@deviation(
    "stable-method-that-the-path-has",
    breaks=["STB-CORS-005"],
    applies=with_cors,
    apis=STABLE,
    sentence="A preflight names PATCH, too, which is not listed.",
)
def method_that_the_path_has(mock: StableMock) -> None:
    """Add one on preflights."""
    _headers(
        mock,
        lambda headers, request, _status: (
            _edited(headers, METHODS, lambda names: [*names, "PATCH"]) if request.method == "OPTIONS" else headers
        ),
    )


@deviation(
    "stable-one-header-missing",
    breaks=["STB-CORS-006"],
    applies=with_cors,
    apis=STABLE,
    sentence="The first of the listed headers is not named.",
)
def one_header_missing(mock: StableMock) -> None:
    """Cut the list."""
    _headers(mock, lambda headers, _request, _status: _edited(headers, HEADERS, lambda names: names[1:]))


@deviation(
    "stable-authorization-header-added",
    breaks=["STB-CORS-007"],
    applies=with_cors,
    apis=STABLE,
    sentence="authorization is named among the allowed headers, though it is not listed.",
)
def authorization_header_added(mock: StableMock) -> None:
    """Be helpful."""
    _headers(
        mock, lambda headers, _request, _status: _edited(headers, HEADERS, lambda names: [*names, "authorization"])
    )


@deviation(
    "stable-cors-without-options",
    breaks=["STB-CORS-008"],
    applies=without_cors,
    apis=STABLE,
    sentence="Without any option every origin is repeated.",
)
def cors_without_options(mock: StableMock) -> None:
    """Allow by default."""
    _headers(mock, lambda headers, request, _status: _with(headers, ORIGIN, request.headers.get("origin", "*")))


@deviation(
    "stable-credentials-allowed",
    breaks=["STB-CORS-011"],
    applies=with_cors,
    apis=STABLE,
    sentence="Access-Control-Allow-Credentials is added, which no option asks for.",
)
def credentials_allowed(mock: StableMock) -> None:
    """Let cookies come along."""
    _headers(mock, lambda headers, _request, _status: [*headers, ("access-control-allow-credentials", "true")])


@deviation(
    "stable-preflight-needs-login",
    breaks=["STB-CORS-012", "STB-CORS-002"],
    applies=with_cors,
    apis=STABLE,
    sentence="A preflight without credentials is refused with 401.",
)
def preflight_needs_login(mock: StableMock) -> None:
    """Ask who calls."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Any:
        found = original(request)
        if request.method == "OPTIONS" and request.path.startswith("/api/v1/"):
            raise unauthenticated([])
        return found

    wrap(mock, "answer", answer)
