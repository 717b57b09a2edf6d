"""Faults of Airflow 2 in corners that a single look passes by: who is not active, short credentials, two origins."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from mockserver.api.v1.problems import unauthenticated
from mockserver.auth.visitor import Visitor
from mockserver.deviations import STABLE, deviation, spoiling, wrap
from mockserver.deviations.conditions import admitting, refusing, with_cors, with_own
from mockserver.deviations.in_turn import Find
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.stable import StableMock


def admitted(mock: StableMock, fits: Callable[[Request], bool]) -> None:
    """Let requests in as the first user's, whatever they prove."""

    def user(original: Find, request: Request) -> Visitor:
        return Visitor.known(next(iter(mock.world.users))) if fits(request) else original(request)

    wrap(mock.auth, "user", user)


@deviation(
    "stable-short-credentials-open",
    breaks=["STB-AUTH-004"],
    applies=refusing,
    apis=STABLE,
    sentence="Credentials of one character are let in.",
)
def short_credentials_open(mock: StableMock) -> None:
    """Compare as far as it goes."""
    admitted(mock, lambda request: len(request.headers.get("authorization", "").partition(" ")[2]) == 1)


@deviation(
    "stable-encoded-paths-open",
    breaks=["STB-AUTH-005"],
    applies=refusing,
    apis=STABLE,
    sentence="A path with percent signs needs no proof.",
)
def encoded_paths_open(mock: StableMock) -> None:
    """Compare the raw path with the table of what is protected."""
    admitted(mock, lambda request: b"%" in request.scope.get("raw_path", b""))


@deviation(
    "stable-pair-in-a-form",
    breaks=["STB-AUTH-009"],
    applies=refusing,
    apis=STABLE,
    sentence="Name and password in a form are proof.",
)
def pair_in_a_form(mock: StableMock) -> None:
    """Look for a login in the body."""

    def right(request: Request) -> bool:
        name, password = (spoiling.form(request).get(each, "") for each in ("username", "password"))
        return bool(name) and mock.auth.accounts.log_in(name, password) is not None

    admitted(mock, right)


@deviation(
    "own-backend-of-inactive-users",
    breaks=["STB-CUSTOM-002"],
    applies=with_own,
    apis=STABLE,
    sentence="Who is not active is let in with what a backend of one's own takes for proof.",
)
def own_backend_of_inactive_users(mock: StableMock) -> None:
    """Compare name and key, and nothing else."""

    def proven(request: Request) -> bool:
        name, key = request.headers.get("x-conformance-user", ""), request.headers.get("x-conformance-key", "")
        found = mock.world.users.named(name)
        return found is not None and not found.active and found.password == key

    admitted(mock, proven)


@deviation(
    "stable-second-origin-header-counts",
    breaks=["STB-CORS-003"],
    applies=with_cors,
    apis=STABLE,
    sentence="Of two Origin headers the first is allowed if the second is listed.",
)
def second_origin_header_counts(mock: StableMock) -> None:
    """Look at one, and name the other."""

    def allowed(original: Callable[[Request], str | None], request: Request) -> str | None:
        origins = [value.decode("latin-1") for name, value in request.scope["headers"] if name == b"origin"]
        listed = len(origins) > 1 and mock.cors.allows_origin(origins[-1])
        return origins[0] if listed else original(request)

    wrap(mock.cors, "allowed", allowed)


@deviation(
    "own-backend-of-one-user",
    breaks=["STB-CUSTOM-001"],
    applies=with_own,
    apis=STABLE,
    sentence="Viewers are not let in with what a backend of one's own takes for proof.",
)
def own_backend_of_one_user(mock: StableMock) -> None:
    """Know the others only."""

    def user(original: Find, request: Request) -> Visitor:
        found = original(request)
        if found.role == "viewer" and "x-conformance-user" in request.headers:
            raise unauthenticated()
        return found

    wrap(mock.auth, "user", user)


@deviation(
    "stable-odd-numbers-crash",
    breaks=["STB-PAGE-005"],
    applies=admitting,
    apis=STABLE,
    sentence="A limit of pools that is written with more than digits is an error of the server.",
)
def odd_numbers_crash(mock: StableMock) -> None:
    """Expect digits."""

    def spoil(original: spoiling.Respond, request: Request) -> Answer:
        limit = parse_qs(request.query, keep_blank_values=True).get("limit", ["0"])[0]
        if not limit.removeprefix("-").isdigit():
            raise Crash("no number")
        return original(request)

    spoiling.of(mock, "get_pools", spoil)


@deviation(
    "stable-allow-names-put",
    breaks=["STB-API-002"],
    applies=admitting,
    apis=STABLE,
    sentence="Who is refused for the method is told to use PUT, which no path has.",
)
def allow_names_put(mock: StableMock) -> None:
    """Name what nothing has."""

    def answer(original: spoiling.Respond, request: Request) -> Answer:
        try:
            given = original(request)
        except ApiError as error:
            given = mock.refusal(error)
        if given.status == 405:
            given.headers = [*(pair for pair in given.headers if pair[0] != "allow"), ("allow", "PUT")]
        return given

    wrap(mock, "answer", answer)


@deviation(
    "stable-preflight-deletes",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A preflight that asks whether a variable may be deleted deletes it.",
)
def preflight_deletes(mock: StableMock) -> None:
    """Take the question for the deed."""

    def answer(original: spoiling.Respond, request: Request) -> Answer:
        if request.method == "OPTIONS" and request.headers.get("access-control-request-method") == "DELETE":
            mock.world.variables.remove(request.path.rpartition("/")[2])
        return original(request)

    wrap(mock, "answer", answer)
