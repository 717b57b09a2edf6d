"""What faults of single answers share: one operation's requests and answers, spoilt on their way."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, quote, urlencode

from mockserver.auth.routes import FORM
from mockserver.deviations import wrap
from mockserver.errors import ApiError
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.request import Request

Respond = Callable[["Request"], Answer]


def form(request: Request) -> dict[str, str]:
    """The members of the form that a request carries, the first of each name; empty where it carries none."""
    text = request.body.decode("latin-1") if request.media == FORM else ""
    return {name: values[0] for name, values in parse_qs(text).items()}


def of(mock: Mock, operation: str, spoil: Callable[[Respond, Request], Answer]) -> None:
    """Put `spoil` around what answers the requests of one operation."""

    def answer(original: Respond, request: Request) -> Answer:
        found = mock.interface.find(request.method, quote(request.path))
        return spoil(original, request) if found and found.id == operation else original(request)

    wrap(mock, "answer", answer)


def answers(mock: Mock, operation: str, status: int, change: Callable[[Any], Any]) -> None:
    """Change the JSON of an operation's answers with one status; what `change` returns counts, if it is not None."""

    def spoil(original: Respond, request: Request) -> Answer:
        given = original(request)
        if given.status == status:
            value = json.loads(given.body)
            changed = change(value)
            given.body = json.dumps(value if changed is None else changed).encode()
        return given

    of(mock, operation, spoil)


def contents(mock: Mock, operation: str, media: str, change: Callable[[bytes], bytes]) -> None:
    """Change the body of an operation's successes of one media type."""

    def spoil(original: Respond, request: Request) -> Answer:
        given = original(request)
        if (given.status, given.media) == (200, media):
            given.body = change(given.body)
        return given

    of(mock, operation, spoil)


def refusals(mock: Mock, operation: str, status: int, change: Callable[[Answer], None]) -> None:
    """Change an operation's refusals with one status."""

    def spoil(original: Respond, request: Request) -> Answer:
        try:
            return original(request)
        except ApiError as error:
            given = mock.refusal(error)
            if given.status == status:
                change(given)
            return given

    of(mock, operation, spoil)


def queries(mock: Mock, operation: str, change: Callable[[dict[str, str]], None]) -> None:
    """Change what an operation is asked for in the query."""

    def spoil(original: Respond, request: Request) -> Answer:
        pairs = dict(parse_qsl(request.query, keep_blank_values=True))
        change(pairs)
        request.query = urlencode(pairs)
        return original(request)

    of(mock, operation, spoil)


def bodies(mock: Mock, operation: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the object that an operation is sent."""

    def spoil(original: Respond, request: Request) -> Answer:
        try:
            value = json.loads(request.body)
        except ValueError:
            return original(request)
        if isinstance(value, dict):
            change(value)
            request.body = json.dumps(value).encode()
        return original(request)

    of(mock, operation, spoil)
