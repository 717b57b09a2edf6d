"""The experimental API as a part of a mock: Airflow 1.10 always has it, Airflow 2 where it is enabled.

The order of the steps is measured on 1.10.15, 2.2.5 and 2.11.2: route, user, JSON of the body, handler.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import mockserver.api.experimental
from mockserver.api.experimental import HANDLERS
from mockserver.errors import PlainError
from mockserver.experimental import pages
from mockserver.mock import Headers, Mock, gather
from mockserver.operations import Answer, Call, Handler, User
from mockserver.rendering import JSON
from mockserver.routing import Routes
from mockserver.traits import ExperimentalTraits
from specs import contract

if TYPE_CHECKING:
    from mockserver.auth.guard import Guard
    from mockserver.request import Request
    from specs.contract import Operation

PREFIX = "/api/experimental"
_GUIDE = "upgrading-to-2.html#migration-guide-from-experimental-api-to-stable-api-v1"
_NOBODY = User("", "")
View = Callable[[Any, "Request"], Answer]


class Experimental:
    """The experimental API over the world of a mock; `guard` says who is let in, `handlers` do what is asked for."""

    def __init__(self, mock: Mock, guard: Guard) -> None:
        self.mock = mock
        self.guard = guard
        self.interface = contract.load("experimental").cut(mock.profile.airflow)
        self.traits = ExperimentalTraits.of(mock.profile.airflow, mock.follow)
        gather(mockserver.api.experimental)
        self.handlers: dict[str, Handler] = dict(HANDLERS)
        self.views: set[View] = set()

    def open_on(self, routes: Routes) -> None:
        """Add the operations to a table of routes."""
        for one in self.interface.operations.values():
            view = self._view(one)
            self.views.add(view)
            routes.add(one.method, one.path, view)

    def _view(self, operation: Operation) -> View:
        return lambda _, request: self.serve(operation, request)

    def serve(self, operation: Operation, request: Request) -> Answer:
        """Answer a request for an operation; Crash where Airflow breaks down."""
        verdict = self.guard.judge(request)
        admitted = verdict.status == 200
        answer = self.operate(operation, request) if admitted else verdict.page or pages.refusal(verdict.status)
        answer.headers = [*answer.headers, *verdict.headers]
        return answer

    def operate(self, operation: Operation, request: Request) -> Answer:
        """Carry out an operation."""
        try:
            body = None if operation.body is None else json.loads(request.body)
        except ValueError:
            return pages.bad_request(self.traits)
        path = request.match.path if request.match else {}
        query = dict(reversed(parse_qsl(request.query, keep_blank_values=True)))
        call = Call(self.mock, operation, _NOBODY, path, query, body, request.headers, request.query)
        try:
            return self.render(self.mock.carry_out(self.handlers[operation.id], call))
        except PlainError as refusal:
            return self.refuse(refusal)

    def refuse(self, refusal: PlainError) -> Answer:
        """Give a refusal its form."""
        return Answer(refusal.status, self.dumps(refusal.body), list(refusal.headers), JSON)

    def render(self, result: Any) -> Answer:
        """Make an answer of what a handler returned."""
        return result if isinstance(result, Answer) else Answer(200, self.dumps(result), media=JSON)

    def dumps(self, value: Any) -> bytes:
        """JSON as the version writes it: sorted by key, in ASCII."""
        if self.traits.spaced_json:
            return json.dumps(value, sort_keys=True).encode()
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode() + b"\n"

    def serves(self, request: Request) -> bool:
        """Whether a request is for one of the operations."""
        return request.match is not None and request.match.target in self.views

    def headers(self, request: Request) -> Headers:
        """The headers that every answer of an operation has."""
        if not self.traits.deprecated or not self.serves(request):
            return []
        guide = f"https://airflow.apache.org/docs/apache-airflow/{self.mock.release}/{_GUIDE}"
        return [("deprecation", "true"), ("link", f'<{guide}>; rel="deprecation"; type="text/html"')]
