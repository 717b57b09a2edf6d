"""A mock of Airflow 3: the public API, and what the server has beside it.

The order of the steps is measured on Airflow 3.3.2: preflight, route, JSON syntax, user, role, validation, handler.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import mockserver.api.v2
from mockserver import logbook, rules, site
from mockserver.auth import routes as auth_routes
from mockserver.auth.gate import Gate
from mockserver.auth.permissions import Permissions
from mockserver.cors import Cors
from mockserver.documented import Documented
from mockserver.errors import ApiError, Crash, UniqueViolation, database_error, forbidden, invalid, problem
from mockserver.mock import Headers, Mock, gather
from mockserver.operations import HANDLERS, Answer, Call, Handler, User
from mockserver.paging import Pages
from mockserver.rendering import JSON, Renderer, to_json
from mockserver.routing import Match, Routes, Wrong
from mockserver.traits import Follow, Traits
from mockserver.validation import Checked, Validator
from specs.contract import Operation

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.world.clock import Clock
    from profiles import Profile

_NO_ACTIONS: dict[str, list[Any]] = {"actions": []}
_NOBODY = User("", "")
_CRASHED = Answer(500, b"Internal Server Error", media="text/plain; charset=utf-8")


class PublicMock(Mock):
    """One deployment of Airflow 3."""

    auth: Gate
    permissions: Permissions
    cors: Cors
    traits: Traits

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        super().__init__(profile, world=world, follow=follow, clock=clock)
        self.traits = traits = Traits.of(profile.airflow, follow)
        self.auth = Gate(profile, self.clock, traits)
        self.permissions = Permissions(profile, traits)
        self.cors = Cors(profile, traits)
        self.pages = Pages(profile, traits)
        self.validator = Validator(self.interface, traits, lambda: not self.pages.caps_lists, rules.of(profile.airflow))
        self.renderer = Renderer(self.interface, exact=not traits.strays)
        self.documented = Documented(self.interface)
        gather(mockserver.api.v2)
        self.handlers: dict[str, Handler] = dict(HANDLERS)
        self.routes = self._routes()

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
        """Give the path that counts: where the documents are followed, their example may begin it with two slashes.

        Those within may be of a name.
        """
        return f"/{request.path.lstrip('/')}" if self.traits.merges_slashes else request.path

    def respond(self, request: Request) -> tuple[Answer, Headers]:
        """Answer a request, a preflight before all else; Crash where Airflow breaks down."""
        answer = self.cors.preflight(request)
        if answer is not None:
            return answer, answer.headers
        try:
            answer = self.answer(request)
        except ApiError as error:
            answer = self.refusal(error)
        except (Crash, RecursionError):
            if self.traits.crashes:
                raise
            answer = self.refusal(_not_understood())
        return answer, self.headers(request, answer)

    def broken(self, request: Request, error: Exception) -> tuple[Answer, Headers]:
        """Answer with a plain text, and with headers where it broke within the part under /auth."""
        inside = isinstance(error, Crash) and error.inside
        return _CRASHED, self.headers(request, _CRASHED) if inside else []

    def answer(self, request: Request) -> Answer:
        """Answer a request that is no preflight; ApiError for a refusal, Crash where Airflow breaks down."""
        found = self.routes.find(request.method, self.path(request))
        if found is None:
            raise ApiError(404, "Not Found")
        if isinstance(found, Wrong):
            raise ApiError(405, "Method Not Allowed", [("allow", found.allow)])
        if self.traits.strays:
            return self._done(found, request)
        operation = found.target
        if not isinstance(operation, Operation):
            operation = self.interface.find(request.method, quote(self.path(request)))
        return self._done(found, request) if operation is None else self._as_documented(operation, found, request)

    def _done(self, found: Match, request: Request) -> Answer:
        if isinstance(found.target, Operation):
            return self.operate(found.target, found, request)
        answer: Answer = found.target(self, request)
        return answer

    def _as_documented(self, operation: Operation, found: Match, request: Request) -> Answer:
        """Answer for an operation with nothing that is not documented for it."""
        try:
            return self.documented.answer(operation, self._done(found, request))
        except ApiError as error:
            return self.documented.refused(operation, error)
        except (Crash, RecursionError):
            return self.documented.refused(operation, _not_understood())

    def operate(self, operation: Operation, match: Match, request: Request) -> Answer:
        """Carry out an operation: everything that is checked comes before its handler."""
        body = self.validator.parse_body(operation, request)
        user = _NOBODY if operation.open else self.auth.user(request)
        late = operation.id in self.permissions.late
        if not operation.open:
            self._admit(operation, match, request, user, body, late=late)
        first = HANDLERS.first.get(operation.id)
        checked = self.validator.check(
            operation,
            match.path,
            request,
            body,
            twice=operation.id in self.permissions.twice,
            first=first and (lambda checked: first(self._call(operation, user, checked, request))),
        )
        if late and checked.body != _NO_ACTIONS:
            self.demand(user, operation)
        call = self._call(operation, user, checked, request)
        result = self.handle(call)
        if checked.fails is not None:
            raise checked.fails
        return self.renderer.render(operation, result)

    def _call(self, operation: Operation, user: User, checked: Checked, request: Request) -> Call:
        return Call(self, operation, user, checked.path, checked.query, checked.body, request.headers, request.query)

    def _admit(
        self, operation: Operation, match: Match, request: Request, user: User, body: Any, *, late: bool
    ) -> None:
        """Look at the role and write the event log, in the order of Airflow."""
        before = operation.id in self.permissions.logged_before
        if self._chokes(operation, request, body):
            raise Crash("the log of events wants an object")
        if before:
            self.log(operation, match, user, request, body)
        if not late:
            self.demand(user, operation)
        if not before and operation.id in self.permissions.logged:
            self.log(operation, match, user, request, body)

    def _chokes(self, operation: Operation, request: Request, body: Any) -> bool:
        """Tell whether the event log breaks down on a body that is JSON but no object (measured on 3.0.6)."""
        if not self.traits.log_chokes or isinstance(body, dict) or not request.body:
            return False
        if operation.body is None and request.body.lstrip().startswith(b"{"):
            return False  # an object that nobody asked for is only not looked at
        return request.media == JSON and operation.id in self.permissions.logged

    def log(self, operation: Operation, match: Match, user: User, request: Request, body: Any) -> None:
        """Leave an event log of an attempt to use an operation, refused or not."""
        if self.traits.crashes and not logbook.fits(match.path, body):
            raise database_error() if self.traits.tells_database_errors else Crash("no text for a column")
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        logbook.record(self.world, operation, user, match.path, query, body)

    def demand(self, user: User, operation: Operation) -> None:
        """Refuse a user whose role may not use the operation."""
        if not self.permissions.allows(user, operation):
            raise forbidden()

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


def _not_understood() -> ApiError:
    """Where the documents are followed: the refusal of what Airflow breaks down over."""
    return invalid(problem("value_error", ("body",), "Value error, not understood", None))
