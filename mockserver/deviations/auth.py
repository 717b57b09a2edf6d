"""Faults in who is let in: where a token is looked for, and which requests need none."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from mockserver.deviations import deviation, swapped, wrap
from mockserver.deviations.conditions import all_admins, with_users, without_cookie
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer, User

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Bearer = Callable[["Request"], str | None]
Find = Callable[["Request"], User]

ADMIN = User("admin", "admin", 1)


def admit(mock: PublicMock, fits: Callable[[Request], bool]) -> None:
    """Let requests in that carry no valid token but for which `fits` holds."""

    def user(original: Find, request: Request) -> User:
        try:
            return original(request)
        except ApiError:
            if fits(request):
                return ADMIN
            raise

    wrap(mock.auth, "user", user)


def _open(mock: PublicMock, *operations: str) -> None:
    """Let everybody use these operations."""

    def fits(request: Request) -> bool:
        found = mock.routes.find(request.method, mock.path(request))
        return getattr(getattr(found, "target", None), "id", None) in operations

    admit(mock, fits)


@deviation(
    "everything-open",
    breaks=["PUB-AUTH-002", "PUB-AUTH-003"],
    applies=with_users,
    sentence="No request needs a token, and no token is wrong.",
)
def everything_open(mock: PublicMock) -> None:
    """Let everybody in."""
    admit(mock, lambda _request: True)


@deviation(
    "one-read-open",
    breaks=["PUB-AUTH-002"],
    applies=with_users,
    sentence="The list of pools can be read without a token.",
)
def one_read_open(mock: PublicMock) -> None:
    """Forget the check on get_pools."""
    _open(mock, "get_pools")


@deviation(
    "one-write-open", breaks=["PUB-AUTH-002"], applies=with_users, sentence="A variable can be deleted without a token."
)
def one_write_open(mock: PublicMock) -> None:
    """Forget the check on delete_variable."""
    _open(mock, "delete_variable")


@deviation(
    "deep-read-open",
    breaks=["PUB-AUTH-002"],
    applies=with_users,
    sentence="The tries of one mapped task instance can be read without a token.",
)
def deep_read_open(mock: PublicMock) -> None:
    """Forget the check on an operation that nobody looks at."""
    _open(mock, "get_mapped_task_instance_tries")


@deviation(
    "token-in-query",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence="A token in the query string (access_token) authenticates.",
)
def token_in_query(mock: PublicMock) -> None:
    """Look for the token in the query string too."""

    def bearer(original: Bearer, request: Request) -> str | None:
        return original(request) or parse_qs(request.query).get("access_token", [None])[0]

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "token-under-other-scheme",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence='A token under the scheme "Token" authenticates.',
)
def token_under_other_scheme(mock: PublicMock) -> None:
    """Take two schemes."""

    def bearer(original: Bearer, request: Request) -> str | None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return token if scheme.lower() == "token" else original(request)

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "token-without-scheme",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence="A token that stands alone in the Authorization header authenticates.",
)
def token_without_scheme(mock: PublicMock) -> None:
    """Take the header as it is."""

    def bearer(original: Bearer, request: Request) -> str | None:
        header = request.headers.get("authorization", "")
        return header if header.count(".") == 2 and " " not in header else original(request)

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "token-in-other-header",
    breaks=["PUB-AUTH-004"],
    applies=with_users,
    sentence="A token in the header X-Auth-Token authenticates.",
)
def token_in_other_header(mock: PublicMock) -> None:
    """Look into another header too."""
    wrap(mock.auth, "bearer", lambda original, request: original(request) or request.headers.get("x-auth-token"))


@deviation(
    "cookie-authenticates",
    breaks=["PUB-AUTH-005"],
    applies=without_cookie,
    sentence="A token that is only in the cookie authenticates, where the version knows no cookie.",
)
def cookie_authenticates(mock: PublicMock) -> None:
    """Take the cookie."""
    mock.auth.takes_cookie = True


def _path_variant(mock: PublicMock, spoilt: Callable[[Request], bool], mended: Callable[[str], str]) -> None:
    """Serve a spelling of a path that should lead nowhere, and forget the token on it."""
    wrap(mock, "path", lambda original, request: mended(request.path) if spoilt(request) else original(request))
    admit(mock, spoilt)


@deviation(
    "open-on-doubled-slash",
    breaks=["PUB-AUTH-006"],
    applies=with_users,
    sentence="A path with a doubled slash is served, and needs no token.",
)
def open_on_doubled_slash(mock: PublicMock) -> None:
    """Collapse slashes after the check."""
    _path_variant(
        mock, lambda request: "//" in request.path, lambda path: "/" + "/".join(filter(None, path.split("/")))
    )


@deviation(
    "open-on-trailing-slash",
    breaks=["PUB-AUTH-006"],
    applies=with_users,
    sentence="A path with a slash at its end is served, and needs no token.",
)
def open_on_trailing_slash(mock: PublicMock) -> None:
    """Strip the slash after the check."""
    _path_variant(
        mock, lambda request: request.path.endswith("/") and len(request.path) > 1, lambda path: path.rstrip("/")
    )


@deviation(
    "open-on-other-case",
    breaks=["PUB-AUTH-006"],
    applies=with_users,
    sentence="A path under /API/V2 is served, and needs no token.",
)
def open_on_other_case(mock: PublicMock) -> None:
    """Lower the prefix after the check."""
    _path_variant(
        mock,
        lambda request: request.path.startswith("/API/"),
        lambda path: "/".join(part.lower() if number < 3 else part for number, part in enumerate(path.split("/"))),
    )


@deviation(
    "open-on-encoded-path",
    breaks=["PUB-AUTH-006"],
    applies=with_users,
    sentence="A path with percent-encoded letters needs no token.",
)
def open_on_encoded_path(mock: PublicMock) -> None:
    """Compare the raw path with the table of what is protected."""
    admit(mock, lambda request: b"%" in request.scope.get("raw_path", b""))


@deviation(
    "open-on-dot-segments",
    breaks=["PUB-AUTH-006"],
    applies=with_users,
    sentence="A path with dot segments is resolved, and needs no token.",
)
def open_on_dot_segments(mock: PublicMock) -> None:
    """Resolve the path after the check."""

    def mended(path: str) -> str:
        kept: list[str] = []
        for part in path.split("/"):
            if part == ".." and len(kept) > 1:
                kept.pop()
            elif part not in (".", ".."):
                kept.append(part)
        return "/".join(kept)

    _path_variant(mock, lambda request: "/." in request.path, mended)


@deviation(
    "refused-but-done",
    breaks=["PUB-AUTH-007"],
    applies=with_users,
    sentence="A request that is refused for its credentials is carried out all the same.",
)
def refused_but_done(mock: PublicMock) -> None:
    """Check after the deed."""

    def operate(original: Callable[..., Answer], operation: Any, match: Any, request: Request) -> Answer:
        try:
            return original(operation, match, request)
        except ApiError as refusal:
            if refusal.status == 401 and operation.method != "GET":
                do_anyway(mock, original, operation, match, request)
            raise

    wrap(mock, "operate", operate)


def do_anyway(mock: PublicMock, original: Callable[..., Answer], *request: Any) -> None:
    """Carry out an operation as an admin, whoever asked for it."""
    with swapped(mock.auth, user=lambda _request: ADMIN), swapped(mock, demand=lambda _user, _operation: None):
        try:
            original(*request)
        except (ApiError, Crash):
            return


@deviation(
    "challenge-missing",
    breaks=["PUB-AUTH-010"],
    applies=without_cookie,
    sentence="An answer 401 names no scheme, where the version does name it.",
)
def challenge_missing(mock: PublicMock) -> None:
    """Name nothing."""
    mock.auth.names_scheme = False


@deviation(
    "bad-token-lets-in",
    breaks=["PUB-AUTH-014"],
    applies=all_admins,
    sentence="A token that is not valid counts as none, where none is needed.",
)
def bad_token_lets_in(mock: PublicMock) -> None:
    """Treat every request alike."""
    admit(mock, lambda _request: True)


@deviation(
    "token-wanted-from-all-admins",
    breaks=["PUB-AUTH-014"],
    applies=all_admins,
    sentence="A token is wanted although everybody is an admin.",
)
def token_wanted_from_all_admins(mock: PublicMock) -> None:
    """Refuse what carries nothing."""

    def user(original: Find, request: Request) -> User:
        if mock.auth.bearer(request) is None:
            raise mock.auth.unauthenticated()
        return original(request)

    wrap(mock.auth, "user", user)


@deviation(
    "empty-token-lets-in",
    breaks=["PUB-AUTH-015", "PUB-AUTH-002"],
    applies=with_users,
    sentence='"Bearer" without a token is let in.',
)
def empty_token_lets_in(mock: PublicMock) -> None:
    """Compare an empty token with an empty one."""
    admit(mock, lambda request: request.headers.get("authorization", "").strip().lower() == "bearer")


@deviation(
    "odd-header-crashes",
    breaks=["PUB-AUTH-015"],
    sentence="An Authorization header with a character that is not ASCII is an error of the server.",
)
def odd_header_crashes(mock: PublicMock) -> None:
    """Read the header as ASCII."""

    def bearer(original: Bearer, request: Request) -> str | None:
        if not request.headers.get("authorization", "").isascii():
            raise Crash("a header that is not ASCII")
        return original(request)

    wrap(mock.auth, "bearer", bearer)


@deviation(
    "long-header-lets-in",
    breaks=["PUB-AUTH-015"],
    applies=with_users,
    sentence="An Authorization header of more than 4,000 characters is let in.",
)
def long_header_lets_in(mock: PublicMock) -> None:
    """Give up on long headers."""
    admit(mock, lambda request: len(request.headers.get("authorization", "")) > 4000)
