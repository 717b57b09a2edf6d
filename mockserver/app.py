"""The mock: its parts, put together from a profile, and the ASGI application that runs requests through them.

The order of the steps is measured on Airflow 3.3.2: preflight, route, JSON syntax, user, role, validation, handler.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

import mockserver.api.v2
from mockserver import admin, logbook, site
from mockserver.auth import routes as auth_routes
from mockserver.auth.gate import Gate
from mockserver.auth.permissions import Permissions
from mockserver.cors import Cors
from mockserver.deviations import apply
from mockserver.errors import ApiError, Crash, UniqueViolation, forbidden, invalid, problem
from mockserver.operations import HANDLERS, Answer, Call, Handler, User
from mockserver.paging import Pages
from mockserver.rendering import JSON, Renderer, to_json
from mockserver.request import Request
from mockserver.routing import Match, Routes, Wrong
from mockserver.traits import Follow, Traits
from mockserver.validation import Validator
from mockserver.world.clock import Clock
from mockserver.world.world import World
from profiles import Profile
from specs import contract, fixtures
from specs.contract import Operation

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = Sequence[tuple[str, str]]

_NOBODY = User("", "")
_MOMENT = timedelta(milliseconds=10)
_CRASHED = Answer(500, b"Internal Server Error", media="text/plain; charset=utf-8")


class Mock:
    """One mock deployment, as replaceable parts.

    `auth` says who makes a request, `permissions` what they may do, `cors` which headers another origin gets, `pages`
    how collections are cut, `handlers` (by operationId) what is done. `answer` is the way of a request through them.
    """

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        self.profile = profile
        self.follow = follow
        self.traits = traits = Traits.of(profile.airflow, follow)
        self.interface = contract.load().cut(profile.airflow, profile.auth_manager)
        self.clock: Clock = clock or Clock()
        self.world = World(profile.airflow, fixtures.load(world), self.clock)
        self.auth = Gate(profile, self.clock, traits)
        self.permissions = Permissions(profile, traits)
        self.cors = Cors(profile, traits)
        self.pages = Pages(profile, traits)
        self.validator = Validator(self.interface, traits, lambda: not self.pages.caps_lists)
        self.renderer = Renderer(self.interface)
        self.handlers: dict[str, Handler] = dict(_handlers())
        self.routes = self._routes()
        self.deviations: tuple[str, ...] = ()
        self.document: bytes | None = None
        self._settled: datetime | None = None

    def reset(self) -> None:
        """Begin again with the world as it was at the start; the clock stays as it is."""
        self.world.reset()
        self._settled = None

    def _routes(self) -> Routes:
        routes = Routes()
        operations = self.interface.operations.values()
        for one in operations:  # what the auth manager serves comes first, as it does in Airflow
            if one.path.startswith("/auth/"):
                form = auth_routes.FORM in one.body_media
                routes.add(one.method, one.path, auth_routes.token_for_form if form else one)
        for route in (*site.auth_paths(self.profile.auth_manager), *site.FIRST):
            routes.add(*route)
        for one in operations:
            if not one.path.startswith("/auth/"):
                routes.add(one.method, one.path, auth_routes.log_out if one.id == "logout" else one)
        for route in site.LAST:
            routes.add(*route)
        return routes

    def path(self, request: Request) -> str:
        """Give the path that counts; the document's example has a doubled slash, which Airflow takes at its word."""
        if self.traits.merges_slashes and "//" in request.path:
            return "/" + "/".join(filter(None, request.path.split("/")))
        return request.path

    def answer(self, request: Request) -> Answer:
        """Answer a request that is no preflight; ApiError for a refusal, Crash where Airflow breaks down."""
        found = self.routes.find(request.method, self.path(request))
        if found is None:
            raise ApiError(404, "Not Found")
        if isinstance(found, Wrong):
            raise ApiError(405, "Method Not Allowed", [("allow", found.allow)])
        if isinstance(found.target, Operation):
            return self.operate(found.target, found, request)
        answer: Answer = found.target(self, request)
        return answer

    def operate(self, operation: Operation, match: Match, request: Request) -> Answer:
        """Carry out an operation: everything that is checked comes before its handler."""
        body = self.validator.parse_body(operation, request)
        user = _NOBODY if operation.open else self.auth.user(request)
        late = operation.id in self.permissions.late
        if not operation.open:
            self._admit(operation, match, request, user, body, late=late)
        checked = self.validator.check(
            operation, match.path, request, body, twice=operation.id in self.permissions.twice
        )
        if late:
            self.demand(user, operation)
        call = Call(self, operation, user, checked.path, checked.query, checked.body, request.headers, request.query)
        result = self.handle(call)
        if checked.fails is not None:
            raise checked.fails
        return self.renderer.render(operation, result)

    def _admit(
        self, operation: Operation, match: Match, request: Request, user: User, body: Any, *, late: bool
    ) -> None:
        """Look at the role and write the event log, in the order of Airflow."""
        before = operation.id in self.permissions.logged_before
        if self._chokes(operation, request, body):
            raise Crash("the log of events wants an object")
        if before:
            self.log(operation, match, user, body)
        if not late:
            self.demand(user, operation)
        if not before and operation.id in self.permissions.logged:
            self.log(operation, match, user, body)

    def _chokes(self, operation: Operation, request: Request, body: Any) -> bool:
        """Tell whether the event log breaks down on a body that is JSON but no object (measured on 3.0.6)."""
        if not self.traits.log_chokes or isinstance(body, dict) or not request.body:
            return False
        if operation.body is None and request.body.lstrip().startswith(b"{"):
            return False  # an object that nobody asked for is only not looked at
        return request.media == JSON and operation.id in self.permissions.logged

    def log(self, operation: Operation, match: Match, user: User, body: Any) -> None:
        """Leave an event log of an attempt to use an operation, refused or not."""
        logbook.record(self.world, operation, user, match.path, body)

    def demand(self, user: User, operation: Operation) -> None:
        """Refuse a user whose role may not use the operation."""
        if not self.permissions.allows(user, operation):
            raise forbidden()

    def handle(self, call: Call) -> Any:
        """Run the handler of an operation; 501 for one that has none yet."""
        handler = self.handlers.get(call.operation.id)
        if handler is None:
            raise ApiError(501, f"The mock does not carry out {call.operation.id} yet")
        self._settle(reads=call.operation.method == "GET")
        return handler(call)

    def _settle(self, *, reads: bool) -> None:
        """Let happen what is due, unless nothing but reads went on since that was done a moment ago."""
        now = self.clock.now()
        if self._settled is None or not timedelta() <= now - self._settled < _MOMENT:
            self.world.settle()
            self._settled = now
        if not reads:
            self._settled = None

    def refusal(self, error: ApiError) -> Answer:
        """Give a refusal the form that the version has for it."""
        if isinstance(error, UniqueViolation) and self.traits.hides_statements:
            error.hide()
        headers = (
            [*self.auth.challenge(), *error.headers]
            if error.status == 401 and self.traits.names_scheme_always
            else [*error.headers]
        )
        return Answer(error.status, to_json(error.body), list(dict(headers).items()), JSON)

    def headers(self, request: Request, answer: Answer) -> Headers:
        """Give all headers of an answer but those of its body."""
        varies = [value for name, value in answer.headers if name == "vary"]
        if answer.body:
            varies.append("Accept-Encoding")
        if self.cors.varies(request):
            varies.insert(0 if self.traits.origin_varies_first else len(varies), "Origin")
        headers = [
            *(pair for pair in answer.headers if pair[0] != "vary"),
            *(self.auth.cookie_headers(request) if "cookie" in request.headers else ()),
            *self.cors.answer_headers(request, answer.status),
        ]
        if varies:
            headers.append(("vary", ", ".join(varies)))
        return headers


def _handlers() -> dict[str, Handler]:
    for module in pkgutil.iter_modules(mockserver.api.v2.__path__):
        import_module(f"mockserver.api.v2.{module.name}")
    return HANDLERS


class App(Starlette):
    """The ASGI application; `state.mock` is the mock that answers."""

    def __init__(self, mock: Mock) -> None:
        super().__init__()
        self.state.mock = mock
        self.mock = mock

    def build_middleware_stack(self) -> Callable[..., Awaitable[None]]:
        """Put our own way of a request in the place of Starlette's layers."""
        return self._run

    async def _run(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.router(scope, receive, send)
            return
        request = Request(scope)
        try:
            answer, headers = await self._answer(request, receive)
        except Exception as error:
            inside = isinstance(error, Crash) and error.inside
            await _send(send, _CRASHED, self.mock.headers(request, _CRASHED) if inside else [])
            raise  # the server closes the connection then, as it does with the real one
        await _send(send, answer, headers)

    async def _answer(self, request: Request, receive: Receive) -> tuple[Answer, Headers]:
        mock = self.mock
        answer = mock.cors.preflight(request)
        if answer is not None:
            return answer, answer.headers
        headers = request.headers
        if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            request.body = await _read(receive)
        try:
            answer = mock.answer(request)
        except ApiError as error:
            answer = mock.refusal(error)
        except (Crash, RecursionError):
            if mock.traits.crashes:
                raise
            answer = mock.refusal(invalid(problem("value_error", ("body",), "Value error, not understood", None)))
        return answer, mock.headers(request, answer)


async def _read(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            return b"".join(pieces)


async def _send(send: Send, answer: Answer, headers: Headers) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    if answer.status != 204:
        raw.append((b"content-length", b"%d" % len(answer.body)))
    if answer.media is not None:
        raw.append((b"content-type", answer.media.encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": answer.body})


def create_app(
    profile: Profile,
    *,
    world: Path | None = None,
    follow: Follow = "airflow",
    deviations: Iterable[str] = (),
    clock: Clock | None = None,
    control: bool = False,
) -> Starlette:
    """Make the mock that `profile` describes; `app.state.mock` is its `Mock`.

    `world` is a YAML file that seeds it (default: the world of the fixture bundle), `deviations` are names of faults to
    build in, `control` opens /_mock/ (see `mockserver.admin`). SetupError when it cannot be made so, FixtureError for a
    world that cannot be used.
    """
    mock = Mock(profile, world=world, follow=follow, clock=clock)
    apply(mock, deviations)
    if control:
        admin.open_on(mock)
    return App(mock)
