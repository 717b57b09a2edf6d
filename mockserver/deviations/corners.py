"""Faults in corners that hardly anybody looks into: a header twice, a preflight that acts, a list asked for by POST."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.cors import Headers
from mockserver.deviations import STABLE, deviation, in_both, spoiling, wrap
from mockserver.deviations.auth import ADMIN, Bearer
from mockserver.deviations.conditions import refusing, with_cors, with_session, with_users, without_cookie
from mockserver.deviations.orders import cutting
from mockserver.deviations.paging import Rows, resize
from mockserver.deviations.passwords import basic_counts_unasked
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer, Call
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.public import PublicMock
    from mockserver.request import Request
    from mockserver.stable import StableMock

Respond = Callable[["Request"], Answer]
ORIGIN = "access-control-allow-origin"
#: What lists runs by POST, in either API.
BATCHES = ("get_list_dag_runs_batch", "get_dag_runs_batch")


def _by_path(mock: PublicMock, method: str, path: str, change: Callable[[Respond, Request], Answer]) -> None:
    """Answer the requests with a method and a path otherwise."""

    def answer(original: Respond, request: Request) -> Answer:
        mine = (request.method, request.path) == (method, path)
        return change(original, request) if mine else original(request)

    wrap(mock, "answer", answer)


def _not_found(_original: Respond, _request: Request) -> Answer:
    raise ApiError(404, "Not Found")


def crashing(mock: Any, fits: Callable[[Request], bool]) -> None:
    """Break down over what proves who asks."""

    def user(original: Callable[[Request], Any], request: Request) -> Any:
        if fits(request):
            raise Crash("nobody expected that")
        return original(request)

    wrap(mock.auth, "user", user)


# ---- who asks --------------------------------------------------------------------------------------------------------


@deviation(
    "doubled-header-crashes",
    breaks=["PUB-AUTH-015"],
    applies=with_users,
    sentence="Two Authorization headers in one request are an error of the server.",
)
@deviation(
    "stable-doubled-header-crashes",
    breaks=["STB-AUTH-004"],
    applies=refusing,
    apis=STABLE,
    sentence="Two Authorization headers in one request are an error of the server.",
)
def doubled_header_crashes(mock: Any) -> None:
    """Expect one."""
    crashing(mock, lambda request: sum(name == b"authorization" for name, _ in request.scope["headers"]) > 1)


@deviation(
    "tab-in-header-crashes",
    breaks=["PUB-AUTH-015"],
    applies=with_users,
    sentence="An Authorization header with a tab in it is an error of the server.",
)
@deviation(
    "stable-tab-in-header-crashes",
    breaks=["STB-AUTH-004"],
    applies=refusing,
    apis=STABLE,
    sentence="An Authorization header with a tab in it is an error of the server.",
)
def tab_in_header_crashes(mock: Any) -> None:
    """Expect a blank."""
    crashing(mock, lambda request: "\t" in request.headers.get("authorization", ""))


@deviation(
    "token-in-a-body",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence="A token in a form that a request carries authenticates.",
)
def token_in_a_body(mock: PublicMock) -> None:
    """Look for it where OAuth has it."""

    def bearer(original: Bearer, request: Request) -> str | None:
        return original(request) or spoiling.form(request).get("access_token")

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "cookie-mends-the-header",
    breaks=["PUB-AUTH-005"],
    applies=without_cookie,
    sentence="Where the header has a token that is not valid, one in the cookie counts; by itself it does not.",
)
def cookie_mends_the_header(mock: PublicMock) -> None:
    """Look for another token where the first is no good."""

    def user(original: Callable[[Request], Any], request: Request) -> Any:
        try:
            return original(request)
        except ApiError:
            if "authorization" not in request.headers or "_token" not in request.cookies():
                raise
            request.headers["authorization"] = f"Bearer {request.cookies()['_token']}"
            return original(request)

    wrap(mock.auth, "user", user)


@deviation(
    "token-of-the-command-line-is-spoilt",
    breaks=["PUB-TOKEN-008"],
    applies=with_users,
    sentence="The token that the route for the command line gives opens nothing.",
)
def token_of_the_command_line_is_spoilt(mock: PublicMock) -> None:
    """Lose its last part."""

    def change(original: Respond, request: Request) -> Answer:
        given = original(request)
        if given.status == 201:
            head, body, _ = json.loads(given.body)["access_token"].split(".")
            given.body = json.dumps({"access_token": f"{head}.{body}.{'A' * 86}"}).encode()
        return given

    _by_path(mock, "POST", "/auth/token/cli", change)


def session_alone(profile: Profile) -> bool:
    """No backend is configured, and so the session is what counts."""
    return with_session(profile) and not profile.configured_backends


@deviation(
    "basic-beside-the-session",
    breaks=["STB-SESSION-002"],
    applies=session_alone,
    apis=STABLE,
    sentence="Basic credentials are taken where the session of the web login alone is to count.",
)
def basic_beside_the_session(mock: StableMock) -> None:
    """Add the backend."""
    basic_counts_unasked(mock)


# ---- the examples of the document ------------------------------------------------------------------------------------


@deviation(
    "login-in-one-line",
    breaks=["PUB-EXAMPLE-002"],
    sentence="The credentials for a token are taken in one line only; in the example they stand in several.",
)
def login_in_one_line(mock: PublicMock) -> None:
    """Read to the end of the line."""

    def change(original: Respond, request: Request) -> Answer:
        if b"\n" in request.body:
            raise ApiError(400, "the body goes on after its end")
        return original(request)

    _by_path(mock, "POST", "/auth/token", change)


@deviation(
    "doubled-slash-login-not-found",
    breaks=["PUB-EXAMPLE-001"],
    sentence="The path of the example for a token, as it stands with a doubled slash, is not found.",
)
def doubled_slash_login_not_found(mock: PublicMock) -> None:
    """Know no such path."""
    _by_path(mock, "POST", "//auth/token", _not_found)


@deviation(
    "doubled-slash-dags-not-found",
    breaks=["PUB-EXAMPLE-004"],
    sentence="The path of the example for the DAGs, as it stands with a doubled slash, is not found.",
)
def doubled_slash_dags_not_found(mock: PublicMock) -> None:
    """Know no such path."""
    _by_path(mock, "GET", "//api/v2/dags", _not_found)


# ---- CORS ------------------------------------------------------------------------------------------------------------


@deviation(
    "preflight-deletes",
    breaks=["PUB-CORS-004"],
    applies=with_cors,
    sentence="A preflight that asks whether a variable may be deleted deletes it.",
)
def preflight_deletes(mock: PublicMock) -> None:
    """Take the question for the deed."""

    def preflight(original: Callable[[Request], Answer | None], request: Request) -> Answer | None:
        found = original(request)
        if found and request.headers.get("access-control-request-method") == "DELETE":
            mock.world.variables.remove(request.path.rpartition("/")[2])
        return found

    wrap(mock.cors, "preflight", preflight)


@deviation(
    "headers-exposed-on-errors",
    breaks=["PUB-CORS-011"],
    applies=with_cors,
    sentence="An error lets pages of other origins read its headers.",
)
def headers_exposed_on_errors(mock: PublicMock) -> None:
    """Grant more, on errors only."""

    def headers(original: Callable[..., Headers], request: Request, status: int) -> Headers:
        exposed = [("access-control-expose-headers", "WWW-Authenticate")] if status >= 400 else []
        return [*original(request, status), *exposed]

    wrap(mock.cors, "answer_headers", headers)


def of_the_example(profile: Profile) -> bool:
    """The origins stand in the option as in the document's example, with a blank between them."""
    return bool(profile.facts()["cors_origins_blank"])


@deviation(
    "origins-repeated-as-they-stand",
    breaks=["PUB-CORS-009"],
    applies=of_the_example,
    sentence="A preflight allows the line of the option, both origins in one, to whomever asks.",
)
def origins_repeated_as_they_stand(mock: PublicMock) -> None:
    """Send the option."""

    def headers(original: Callable[..., Headers], origin: str, asked: str | None) -> Headers:
        kept = [pair for pair in original(origin, asked) if pair[0] != ORIGIN]
        return [*kept, (ORIGIN, " ".join(mock.cors.origins))]

    wrap(mock.cors, "preflight_headers", headers)


# ---- pages -----------------------------------------------------------------------------------------------------------


@in_both(
    "large-batch-crashes",
    breaks="PAGE-004",
    sentence="To want more items by POST than the limit of pages is an error of the server.",
)
def large_batch_crashes(mock: Mock) -> None:
    """Expect that nobody asks for more."""

    def change(size: int, call: Call, asked: int | None) -> int:
        if call.operation.id.endswith("_batch") and asked and asked > mock.profile.page_limit:
            raise Crash("more than a page")
        return size

    resize(mock, change)


@in_both(
    "negative-batch-is-none",
    breaks="PAGE-005",
    sentence="A list that is asked for by POST takes a limit below zero as if nothing had been said.",
)
def negative_batch_is_none(mock: Mock) -> None:
    """Be lenient with the body."""

    def change(body: dict[str, Any]) -> None:
        if isinstance(body.get("page_limit"), int) and body["page_limit"] < 0:
            del body["page_limit"]

    for operation in BATCHES:
        spoiling.bodies(mock, operation, change)


@in_both(
    "far-offset-crashes",
    breaks="PAGE-005",
    sentence="A page of pools far beyond their end is an error of the server.",
)
def far_offset_crashes(mock: Mock) -> None:
    """Expect that nobody goes so far."""

    def cut(rows: Rows, limit: int, offset: int) -> Rows:
        if offset > len(rows) + 1000:
            raise Crash("beyond the end")
        return rows[offset : offset + limit]

    cutting(mock, "get_pools", cut)


@deviation(
    "short-tokens-open",
    breaks=["PUB-AUTH-015"],
    applies=with_users,
    sentence="A token of one character is let in.",
)
def short_tokens_open(mock: PublicMock) -> None:
    """Compare as far as it goes."""

    def user(original: Callable[[Request], Any], request: Request) -> Any:
        short = len(request.headers.get("authorization", "").partition(" ")[2]) == 1
        return ADMIN if short else original(request)

    wrap(mock.auth, "user", user)
