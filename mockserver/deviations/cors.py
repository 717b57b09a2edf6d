"""Faults in the cross-origin headers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.cors import Headers
from mockserver.deviations import deviation, wrap
from mockserver.deviations.conditions import with_cors, without_cors

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

ORIGIN = "access-control-allow-origin"
_PORTS = {"https": ":443", "http": ":80"}


def _allow(mock: PublicMock, near: Callable[[str, str], bool]) -> None:
    """Allow also origins that are near to one of the list."""

    def allows(original: Callable[[str], bool], origin: str) -> bool:
        return original(origin) or any(near(listed, origin) for listed in mock.cors.origins)

    wrap(mock.cors, "allows_origin", allows)


def _on_answers(mock: PublicMock, change: Callable[[Headers, Request, int], Headers]) -> None:
    """Change the headers of answers that are no preflights."""

    def headers(original: Callable[..., Headers], request: Request, status: int) -> Headers:
        return change(original(request, status), request, status)

    wrap(mock.cors, "answer_headers", headers)


def _on_preflights(mock: PublicMock, change: Callable[[Headers], Headers]) -> None:
    wrap(mock.cors, "preflight_headers", lambda original, *arguments: change(original(*arguments)))


def _without(headers: Headers, name: str) -> Headers:
    return [pair for pair in headers if pair[0] != name]


@deviation(
    "any-origin-reflected",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="Every origin is allowed by being repeated.",
)
def any_origin_reflected(mock: PublicMock) -> None:
    """Repeat the origin."""
    wrap(mock.cors, "allows_origin", lambda _original, _origin: True)


@deviation(
    "origin-wildcard",
    breaks=["PUB-CORS-002", "PUB-CORS-003"],
    applies=with_cors,
    sentence="Access-Control-Allow-Origin is * on every answer.",
)
def origin_wildcard(mock: PublicMock) -> None:
    """Allow all."""
    _on_answers(mock, lambda headers, _request, _status: [*_without(headers, ORIGIN), (ORIGIN, "*")])


@deviation(
    "origin-prefix-allowed",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="An origin that begins with a listed one is allowed.",
)
def origin_prefix_allowed(mock: PublicMock) -> None:
    """Compare the beginning."""
    _allow(mock, lambda listed, origin: origin.startswith(listed))


@deviation(
    "origin-suffix-allowed",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="An origin whose host ends with that of a listed one is allowed.",
)
def origin_suffix_allowed(mock: PublicMock) -> None:
    """Compare the end of the host."""
    _allow(mock, lambda listed, origin: origin.endswith(listed.partition("://")[2]))


@deviation(
    "origin-substring-allowed",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="A part of a listed origin is allowed.",
)
def origin_substring_allowed(mock: PublicMock) -> None:
    """Look for the origin within the option."""
    _allow(mock, lambda listed, origin: bool(origin) and origin in listed)


@deviation("origin-null-allowed", breaks=["PUB-CORS-003"], applies=with_cors, sentence="The origin null is allowed.")
def origin_null_allowed(mock: PublicMock) -> None:
    """Allow pages from files and sandboxes."""
    _allow(mock, lambda _listed, origin: origin == "null")


@deviation(
    "origin-scheme-ignored",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="A listed origin is allowed under any scheme.",
)
def origin_scheme_ignored(mock: PublicMock) -> None:
    """Compare hosts."""
    _allow(mock, lambda listed, origin: origin.partition("://")[2] == listed.partition("://")[2])


@deviation(
    "origin-port-ignored",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="A listed origin is allowed with any port.",
)
def origin_port_ignored(mock: PublicMock) -> None:
    """Take the port off."""
    _allow(mock, lambda listed, origin: origin.rpartition(":")[0] == listed and origin.rpartition(":")[2].isdigit())


@deviation(
    "origin-case-ignored",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="A listed origin is allowed in any case.",
)
def origin_case_ignored(mock: PublicMock) -> None:
    """Compare without case."""
    _allow(mock, lambda listed, origin: origin.lower() == listed.lower())


@deviation(
    "origin-slash-allowed",
    breaks=["PUB-CORS-003"],
    applies=with_cors,
    sentence="A listed origin is allowed with a slash at its end.",
)
def origin_slash_allowed(mock: PublicMock) -> None:
    """Strip a slash."""
    _allow(mock, lambda listed, origin: origin.rstrip("/") == listed)


@deviation(
    "last-origin-forgotten",
    breaks=["PUB-CORS-002"],
    applies=with_cors,
    sentence="The last of the listed origins is not allowed.",
)
def last_origin_forgotten(mock: PublicMock) -> None:
    """Leave one out."""
    mock.cors.origins = mock.cors.origins[:-1]


@deviation(
    "origins-joined",
    breaks=["PUB-CORS-002"],
    applies=with_cors,
    sentence="Access-Control-Allow-Origin holds the whole list.",
)
def origins_joined(mock: PublicMock) -> None:
    """Send the option as it is."""
    joined = ", ".join(mock.cors.origins)
    _on_answers(
        mock,
        lambda headers, _request, _status: [(name, joined if name == ORIGIN else value) for name, value in headers],
    )


@deviation(
    "no-origin-on-errors",
    breaks=["PUB-CORS-002"],
    applies=with_cors,
    sentence="Answers with an error carry no Access-Control-Allow-Origin.",
)
def no_origin_on_errors(mock: PublicMock) -> None:
    """Forget the header where it is seldom looked for."""
    _on_answers(mock, lambda headers, _request, status: _without(headers, ORIGIN) if status >= 400 else headers)


@deviation(
    "no-origin-on-refusals",
    breaks=["PUB-CORS-002"],
    applies=with_cors,
    sentence="An answer 401 carries no Access-Control-Allow-Origin.",
)
def no_origin_on_refusals(mock: PublicMock) -> None:
    """Refuse before the CORS layer."""
    _on_answers(mock, lambda headers, _request, status: _without(headers, ORIGIN) if status == 401 else headers)


@deviation(
    "no-origin-on-pools",
    breaks=["PUB-CORS-002"],
    applies=with_cors,
    sentence="Answers about pools carry no CORS headers.",
)
def no_origin_on_pools(mock: PublicMock) -> None:
    """Forget one resource."""
    _on_answers(mock, lambda headers, request, _status: [] if request.path.startswith("/api/v2/pools") else headers)


@deviation(
    "extra-method-allowed",
    breaks=["PUB-CORS-005"],
    applies=with_cors,
    sentence="A preflight names and allows PUT, which is not configured.",
)
def extra_method_allowed(mock: PublicMock) -> None:
    """Add a method."""
    mock.cors.methods = [*mock.cors.methods, *(name for name in ("PUT",) if name not in mock.cors.methods)]


@deviation(
    "last-method-forgotten",
    breaks=["PUB-CORS-004"],
    applies=with_cors,
    sentence="The last of the configured methods is neither named nor allowed.",
)
def last_method_forgotten(mock: PublicMock) -> None:
    """Leave one out."""
    mock.cors.methods = mock.cors.methods[:-1]


@deviation(
    "method-named-but-refused",
    breaks=["PUB-CORS-004"],
    applies=with_cors,
    sentence="A preflight for POST fails although POST is named.",
)
def method_named_but_refused(mock: PublicMock) -> None:
    """Refuse a method."""
    wrap(mock.cors, "allows_method", lambda original, method: method != "POST" and original(method))


@deviation(
    "methods-not-named", breaks=["PUB-CORS-004"], applies=with_cors, sentence="A preflight does not name the methods."
)
def methods_not_named(mock: PublicMock) -> None:
    """Leave the header out."""
    _on_preflights(mock, lambda headers: _without(headers, "access-control-allow-methods"))


@deviation(
    "header-forgotten",
    breaks=["PUB-CORS-006"],
    applies=with_cors,
    sentence="The first of the configured headers is neither named nor allowed.",
)
def header_forgotten(mock: PublicMock) -> None:
    """Leave one out."""
    gone = mock.cors.headers[0].lower() if mock.cors.headers else ""
    mock.cors.listed_headers = [name for name in mock.cors.listed_headers if name.lower() != gone]


@deviation(
    "any-header-allowed",
    breaks=["PUB-CORS-007"],
    applies=with_cors,
    sentence="A preflight allows whatever headers it asks for.",
)
def any_header_allowed(mock: PublicMock) -> None:
    """Repeat the question."""
    mock.cors.any_header = True


@deviation(
    "authorization-allowed",
    breaks=["PUB-CORS-007"],
    applies=with_cors,
    sentence="The header Authorization is allowed though it is not configured.",
)
def authorization_allowed(mock: PublicMock) -> None:
    """Be helpful."""
    mock.cors.listed_headers = sorted({*mock.cors.listed_headers, "Authorization"})


@deviation(
    "headers-wildcard",
    breaks=["PUB-CORS-007"],
    applies=with_cors,
    sentence="Access-Control-Allow-Headers is *, though the preflight refuses others.",
)
def headers_wildcard(mock: PublicMock) -> None:
    """Name all headers."""
    name = "access-control-allow-headers"
    _on_preflights(mock, lambda headers: [*_without(headers, name), (name, "*")])


@deviation(
    "cors-by-default",
    breaks=["PUB-CORS-008"],
    applies=without_cors,
    sentence="Without any option every origin is allowed.",
)
def cors_by_default(mock: PublicMock) -> None:
    """Add the headers unasked."""
    _on_answers(
        mock,
        lambda headers, request, _status: [
            *headers,
            *([(ORIGIN, request.headers["origin"])] if "origin" in request.headers else []),
        ],
    )


@deviation(
    "vary-missing",
    breaks=["PUB-CORS-010"],
    applies=with_cors,
    sentence="An answer that depends on the origin does not say so in Vary.",
)
def vary_missing(mock: PublicMock) -> None:
    """Say nothing."""
    wrap(mock.cors, "varies", lambda _original, _request: False)


@deviation(
    "preflight-wants-token",
    breaks=["PUB-CORS-002", "PUB-CORS-004"],
    applies=with_cors,
    sentence="A preflight without a token is refused, though browsers send none.",
)
def preflight_wants_token(mock: PublicMock) -> None:
    """Let only preflights with a token reach the policy."""

    def preflight(original: Callable[[Any], Any], request: Request) -> Any:
        return original(request) if "authorization" in request.headers else None

    wrap(mock.cors, "preflight", preflight)
