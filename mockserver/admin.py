"""The mock's own control interface, under /_mock/; no part of Airflow's API, and open to loopback only.

    GET  /_mock/state                                    {"profile", "follow", "now", "deviations"}
    POST /_mock/clock/hold     {"at": "2026-01-01T00:00:00Z"} or nothing     time stands still, now or at that moment
    POST /_mock/clock/advance  {"seconds": 60}           time goes forward; runs that are due by then advance
    POST /_mock/clock/release                            time runs again, on from where it stands
    POST /_mock/reset                                    the world is again what it was at the start

A mock of Cloud Composer has two more, which answer with what they made:

    POST /_mock/service-account-key  {"account": NAME}   the key file of an account (mockserver.composer.keys)
    POST /_mock/users  {"username", "email", "firstname", "lastname", "role"}     a user, as its command line makes one

Each answers with the state. A request that cannot be understood gets 400 and {"detail": what is wrong}.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mockserver.errors import ApiError
from mockserver.operations import Answer
from mockserver.rendering import JSON, to_json
from mockserver.scalars import parse_date_time

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.request import Request

Act = Callable[["Mock", Mapping[str, Any]], None]


def open_on(mock: Mock) -> None:
    """Add the routes of the control interface to a mock."""
    mock.routes.add("GET", "/_mock/state", _state)
    for path, act in _ACTS.items():
        mock.routes.add("POST", f"/_mock/{path}", _acting(act))
    for method, path, visitor in mock.controls:
        mock.routes.add(method, path, visitor)
    mock.routes.add("GET", "/_mock/{rest}", _unknown)


def _unknown(_mock: Mock, _request: Request) -> Answer:
    raise ApiError(404, f"there are GET /_mock/state and POST /_mock/{', /_mock/'.join(_ACTS)}")


def _acting(act: Act) -> Callable[[Mock, Request], Answer]:
    def answer(mock: Mock, request: Request) -> Answer:
        act(mock, _body(request))
        return _state(mock, request)

    return answer


def _state(mock: Mock, _request: Request) -> Answer:
    state = {
        "profile": mock.profile.name,
        "follow": mock.follow,
        "now": mock.clock.now(),
        "deviations": list(mock.deviations),
    }
    return Answer(200, to_json(state), media=JSON)


def _body(request: Request) -> Mapping[str, Any]:
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise ApiError(400, "the body is no JSON") from None
    if not isinstance(body, dict):
        raise ApiError(400, "the body must be a JSON object")
    return body


def _hold(mock: Mock, body: Mapping[str, Any]) -> None:
    at = body.get("at")
    try:
        moment = None if at is None else parse_date_time(str(at))
    except ValueError as error:
        raise ApiError(400, f"at: {error}") from None
    if moment is not None and moment.tzinfo is None:
        raise ApiError(400, 'at: needs a time zone, like "2026-01-01T00:00:00Z"')
    mock.clock.hold(moment)


def _advance(mock: Mock, body: Mapping[str, Any]) -> None:
    seconds = body.get("seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise ApiError(400, "seconds: must be a number from 0")
    mock.clock.advance(seconds)


_ACTS: dict[str, Act] = {
    "clock/hold": _hold,
    "clock/advance": _advance,
    "clock/release": lambda mock, _body: mock.clock.release(),
    "reset": lambda mock, _body: mock.reset(),
}
