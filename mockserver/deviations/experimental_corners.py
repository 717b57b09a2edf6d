"""Faults of the experimental API with what hardly anybody sends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import wrap
from mockserver.deviations.experimental import experimental, refused
from mockserver.errors import ApiError, Crash, PlainError
from mockserver.operations import Answer, Call

if TYPE_CHECKING:
    from mockserver.request import Request


@experimental("pool-refused-with-422", "EXP-API-007", "What a new pool lacks is refused with 422, as another API does.")
def pool_refused_with_422(mock: Any) -> None:
    """Mix up the APIs."""

    def refuse(_call: Call, error: ApiError | Crash) -> Any:
        if isinstance(error, Crash):
            raise PlainError(422, "a pool has a name, slots and a description")

    refused(mock, "create_pool", refuse)


@experimental("allow-names-put", "EXP-API-005", "Who is refused for the method is told to use PUT, which no path has.")
def allow_names_put(mock: Any) -> None:
    """Name what nothing has."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        given = original(request)
        if given.status == 405:
            given.headers = [("allow", "GET, PUT")]
        return given

    wrap(mock, "answer", answer)


@experimental("unknown-pool-crashes", "EXP-API-008", "To ask for a pool that there is not is an error of the server.")
def unknown_pool_crashes(mock: Any) -> None:
    """Expect that it is there."""

    def crash(_call: Call, _error: ApiError | Crash) -> Any:
        raise Crash("no such pool")

    refused(mock, "get_pool", crash)
