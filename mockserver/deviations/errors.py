"""Faults in the form of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mockserver.deviations import deviation, wrap
from mockserver.deviations.conditions import with_users
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Refusal = Callable[[ApiError], Answer]
Respond = Callable[["Request"], Answer]


def _status(mock: PublicMock, right: int, wrong: int, *, prefix: str = "") -> None:
    """Send another status; `prefix` limits it to refusals whose detail begins so."""

    def refusal(original: Refusal, error: ApiError) -> Answer:
        answer = original(error)
        if answer.status == right and str(error.detail).startswith(prefix):
            answer.status = wrong
        return answer

    wrap(mock, "refusal", refusal)


@deviation(
    "refusal-with-200",
    breaks=["PUB-AUTH-002", "PUB-AUTH-003"],
    applies=with_users,
    sentence="A refusal for missing credentials has the status 200.",
)
def refusal_with_200(mock: PublicMock) -> None:
    """Refuse politely."""
    _status(mock, 401, 200)
    _status(mock, 403, 200, prefix="Invalid JWT")


@deviation(
    "refusal-with-redirect",
    breaks=["PUB-AUTH-002"],
    applies=with_users,
    sentence="A request without a token is sent to the login page.",
)
def refusal_with_redirect(mock: PublicMock) -> None:
    """Treat programs like browsers."""

    def refusal(original: Refusal, error: ApiError) -> Answer:
        if (error.status, error.detail) == (401, "Not authenticated"):
            return Answer(302, b"", [("location", "/auth/login")])
        return original(error)

    wrap(mock, "refusal", refusal)


@deviation(
    "forbidden-with-404",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="What a role may not do is answered with 404.",
)
def forbidden_with_404(mock: PublicMock) -> None:
    """Hide it."""
    _status(mock, 403, 404, prefix="Forbidden")


@deviation(
    "forbidden-with-401",
    breaks=["PUB-AUTH-008"],
    applies=with_users,
    sentence="What a role may not do is answered with 401.",
)
def forbidden_with_401(mock: PublicMock) -> None:
    """Mix up who and what."""
    _status(mock, 403, 401, prefix="Forbidden")


@deviation(
    "wrong-credentials-with-200",
    breaks=["PUB-TOKEN-004"],
    applies=with_users,
    sentence="Wrong credentials are answered with 200, without a token.",
)
def wrong_credentials_with_200(mock: PublicMock) -> None:
    """Refuse politely."""
    _status(mock, 401, 200, prefix="Invalid credentials")


@deviation(
    "invalid-token-crashes",
    breaks=["PUB-AUTH-003"],
    applies=with_users,
    sentence="A token that is no JWT is an error of the server.",
)
def invalid_token_crashes(mock: PublicMock) -> None:
    """Break down on it."""

    def decode(original: Callable[[str], object], token: str) -> object:
        if token.count(".") != 2:
            raise Crash("a token that is none")
        return original(token)

    wrap(mock.auth.tokens, "decode", decode)


@deviation(
    "invalid-query-crashes", breaks=["PUB-PAGE-005"], sentence="A limit that is not valid is an error of the server."
)
def invalid_query_crashes(mock: PublicMock) -> None:
    """Break down on it."""

    def refusal(original: Refusal, error: ApiError) -> Answer:
        if (
            error.status == 422
            and isinstance(error.detail, list)
            and ["query", "limit"] in [one["loc"] for one in error.detail]
        ):
            return Answer(500, b"Internal Server Error", media="text/plain; charset=utf-8")
        return original(error)

    wrap(mock, "refusal", refusal)


def _on(mock: PublicMock, path: str, change: Callable[[Answer], None]) -> None:
    """Change successful answers to GET on a path."""

    def answer(original: Respond, request: Request) -> Answer:
        given = original(request)
        if request.method == "GET" and request.path == path and given.status == 200:
            change(given)
        return given

    wrap(mock, "answer", answer)


@deviation("dags-as-text", breaks=["PUB-EXAMPLE-005"], sentence="The list of DAGs is sent as text/plain.")
def dags_as_text(mock: PublicMock) -> None:
    """Name another media type."""

    def change(answer: Answer) -> None:
        answer.media = "text/plain; charset=utf-8"

    _on(mock, "/api/v2/dags", change)


@deviation(
    "dags-as-bare-list", breaks=["PUB-EXAMPLE-005"], sentence="The list of DAGs comes without the object around it."
)
def dags_as_bare_list(mock: PublicMock) -> None:
    """Send the array alone."""

    def change(answer: Answer) -> None:
        body: bytes = answer.body
        answer.body = body[body.index(b"[") : body.rindex(b"]") + 1]

    _on(mock, "/api/v2/dags", change)


@deviation(
    "token-refused-on-one-operation", breaks=["PUB-AUTH-001"], sentence="The list of connections refuses every token."
)
def token_refused_on_one_operation(mock: PublicMock) -> None:
    """Forget who is known."""

    def answer(original: Respond, request: Request) -> Answer:
        if request.path == "/api/v2/connections" and request.method == "GET":
            raise ApiError(401, "Not authenticated")
        return original(request)

    wrap(mock, "answer", answer)
