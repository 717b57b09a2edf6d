"""A mock of Airflow 2: the stable API, the web server's login, and what else the server has that clients meet.

The order of the steps is measured on 2.2.5, 2.6.3 and 2.11.2: route, body, query, path, user, permission, handler.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mockserver.api.v1
from mockserver.api.v1 import HANDLERS, audit
from mockserver.api.v1.problems import PROBLEM, Problem, bad_request, permission_denied, unknown_route, wrong_method
from mockserver.auth import web
from mockserver.auth.backends import Aborted
from mockserver.auth.chain import Chain
from mockserver.auth.grants import Grants
from mockserver.auth.guard import Guard
from mockserver.auth.visitor import Visitor
from mockserver.errors import ApiError, Crash, TooLarge
from mockserver.experimental import PREFIX, Experimental
from mockserver.mock import Headers, Mock, gather
from mockserver.operations import Answer, Call, Handler
from mockserver.routing import Kind, Match, Routes, Wrong
from mockserver.stable import documented, site
from mockserver.stable.cors import StableCors
from mockserver.stable.paging import StablePages
from mockserver.stable.rendering import StableRenderer, to_json
from mockserver.stable.validation import Validator
from mockserver.stable.wire import Wire
from mockserver.traits import Follow, StableTraits
from specs import contract
from specs.contract import Operation

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.world.clock import Clock
    from profiles import Profile

_REFERENCE = "https://airflow.apache.org/docs/apache-airflow/{release}/stable-rest-api-ref.html"
_ROBOTS = ("x-robots-tag", "noindex, nofollow")
_NOT_TO_BE_KEPT = ("cache-control", "no-store")
_VARIES = ("vary", "Cookie")
_NOBODY = Visitor("", "")


class StableMock(Mock):
    """One deployment of Airflow 2."""

    auth: Chain
    permissions: Grants
    cors: StableCors
    pages: StablePages
    traits: StableTraits

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        super().__init__(profile, world=world, follow=follow, clock=clock)
        self.interface = contract.load("stable-v1").cut(profile.airflow)
        self.traits = traits = StableTraits.of(profile.airflow, follow)
        self.reference = _REFERENCE.format(release=self.release)
        self.auth = Chain(profile, self.world, documents=follow == "documents")
        self.permissions = Grants(self.world)
        self.cors = StableCors(profile, traits)
        self.pages = StablePages(profile, traits)
        self.validator = Validator(self.interface, traits)
        self.renderer = StableRenderer(self.interface, Wire(profile.airflow, follows=traits.follows))
        gather(mockserver.api.v1)
        self.handlers: dict[str, Handler] = dict(HANDLERS)
        self._pages: set[object] = set()
        if profile.experimental:
            guard = Guard(profile, self.world, chain=self.auth, documents=follow == "documents")
            self.experimental = Experimental(self, guard)
        problems = self.experimental is not None and self.experimental.traits.problems
        self._tells_problems = (site.API, *([PREFIX] if problems else ()))  # where a wrong path is one
        self._slashes = re.compile("/+" if traits.merges_first else "//")
        self.routes = self._routes()

    def _routes(self) -> Routes:
        routes = Routes()
        for one in self.interface.operations.values():
            routes.add(
                one.method,
                one.path,
                one,
                kinds={parameter.name: _kind(parameter.schema) for parameter in one.parameters},
            )
        for method, path, visitor in site.ROUTES:
            routes.add(method, path, visitor)
        for method, path, page, _ in web.routes(self.auth.ways):
            routes.add(method, path, page)
            self._pages.add(page)
        if self.experimental:
            self.experimental.open_on(routes)
            self._pages |= self.experimental.views
        return routes

    # ---- the way of a request ------------------------------------------------------------------------------------

    def respond(self, request: Request) -> tuple[Answer, Headers]:
        """Answer a request."""
        try:
            answer = self.answer(request)
        except ApiError as error:
            answer = self.refusal(error)
        except (Crash, RecursionError) as error:
            answer = self._failure(request, error)
        return answer, self.headers(request, answer)

    def _failure(self, request: Request, error: Exception) -> Answer:
        """Break down, or where the documents are followed refuse what Airflow breaks down over."""
        if not self.traits.crashes:
            return self.refusal(bad_request(str(error)))
        answer = site.broken_page()
        if self.experimental and self.experimental.serves(request):
            answer.headers = web.cookies(self, request)
        return answer

    def answer(self, request: Request) -> Answer:
        """Answer a request; ApiError for a refusal, Crash where Airflow breaks down."""
        found = self.find(request)
        if isinstance(found, Answer):
            return found
        request.match = found
        if request.method == "OPTIONS":
            methods = ", ".join(self.routes.methods(request.path))
            return self._options(request, Answer(200, b"", [("allow", methods)], site.HTML))
        if isinstance(found.target, Operation):
            return self.operate(found.target, found, request)
        answer: Answer = found.target(self, request)
        return answer

    def find(self, request: Request) -> Match | Answer:
        """Find what a request is for, or what is answered to a path that is nothing's.

        Slashes at the beginning count as one, two elsewhere lead to the path with one.
        """
        request.path = f"/{request.path.lstrip('/')}"
        method = {"HEAD": "GET", "OPTIONS": "*"}.get(request.method, request.method)
        found = self.routes.find(method, request.path)
        if isinstance(found, Match):
            return found
        merged = self._slashes.sub("/", request.path)
        if self.traits.merges_first and merged != request.path and self.routes.methods(merged):
            return self._elsewhere(request, merged)
        if found is None:
            found = self.routes.find(method, merged)
            if isinstance(found, Match):
                return self._elsewhere(request, merged)
        if found is None and isinstance(self.routes.find(method, f"{merged}/"), Match):
            return self._elsewhere(request, f"{merged}/")
        return self._lost(request, self._near(merged))

    def _options(self, request: Request, answer: Answer) -> Answer:
        """The methods of a page come with the session's cookie in versions where every page sets one."""
        page = request.match is not None and request.match.target in self._pages
        return self._page(request, answer) if page and not self.traits.names_cookie else answer

    def _near(self, path: str) -> Match | Wrong | None:
        """Find the route that would have other methods."""
        near = self.routes.find("*", path)
        return self.routes.find("*", f"{path}/") if near is None and self.traits.merges_first else near

    def _elsewhere(self, request: Request, path: str) -> Answer:
        query = f"?{request.query}" if request.query else ""
        answer = site.redirect(f"{request.origin}{path}{query}", 308)
        return self._page(request, answer)

    def _lost(self, request: Request, near: Match | Wrong | None) -> Answer:
        """Refuse a path that there is not, or a method; `near` is the route that would have other methods."""
        view = self.auth.plugins.view(request) if self.auth.plugins else None
        if view is not None:
            return view
        if request.path.startswith(self._tells_problems):
            return self._page(request, self.refusal(wrong_method() if near else unknown_route()))
        answer = site.error_page(405 if near and self.auth.ways.tells_wrong_methods else 404)
        return answer if isinstance(near, Match) and near.target not in self._pages else self._page(request, answer)

    def _page(self, request: Request, answer: Answer) -> Answer:
        """Add the headers of what looks at the session."""
        varies = [_VARIES] if self.traits.names_cookie else []
        answer.headers = [*answer.headers, *web.cookies(self, request), *varies]
        return answer

    def operate(self, operation: Operation, match: Match, request: Request) -> Answer:
        """Carry out an operation: everything that is checked comes before its handler."""
        checked = self.validator.check(operation, match.path, request)
        user = _NOBODY if operation.open else self.auth.user(request)
        if not operation.open:
            self.demand(user, operation, checked.path)
        if self._chokes(operation, request):
            return site.bad_request_page()
        call = Call(self, operation, user, checked.path, checked.query, checked.body, request.headers, request.query)
        if operation.paged:
            self.pages.admit(call)
        if checked.fails is not None:
            raise self._failure_of(call, checked.fails)
        audit.record(call)
        answer = self.renderer.render(operation, self.handle(call))
        return answer if self.traits.follows else documented.answer(answer)

    def _failure_of(self, call: Call, failure: Exception) -> Exception:
        """Why a request fails in the end: a number too large for the database finds nothing, and bodies and orders are
        looked at before it is asked."""
        if isinstance(failure, TooLarge):
            try:
                self.handle(call)
            except ApiError as refusal:
                return refusal if refusal.status == 400 else failure
        return failure

    def demand(self, user: Visitor, operation: Operation, path: Any) -> None:
        """Refuse a user whose roles do not grant what the operation needs."""
        if not self.permissions.allows(user, operation, path):
            raise permission_denied()

    def _chokes(self, operation: Operation, request: Request) -> bool:
        """Tell whether the event log breaks down on a body that nobody asked for (measured on 2.11.2)."""
        if not self.traits.reads_logged_bodies or operation.method == "GET" or operation.body is not None:
            return False
        if request.media != "application/json":
            return False
        try:
            json.loads(request.body)
        except (ValueError, RecursionError):
            return True
        return False

    # ---- the form of answers -------------------------------------------------------------------------------------

    def refusal(self, error: ApiError) -> Answer:
        """Give a refusal the form of a problem, unless it has one of its own."""
        if isinstance(error, Aborted):
            return error.answer
        if not self.traits.follows:
            error = documented.refusal(error)
        told = error.told(self.reference) if isinstance(error, Problem) else error.body
        if not self.traits.follows:
            told = documented.members(told)
        return Answer(error.status, to_json(told), list(error.headers), PROBLEM)

    def headers(self, request: Request, answer: Answer) -> Headers:
        """Give all headers of an answer but those of its body."""
        names = {name for name, _ in answer.headers}
        page = request.match is not None and request.match.target in self._pages and self.traits.names_cookie
        inside = request.match is not None and request.path.startswith(site.API)
        return [
            *answer.headers,
            *request.proof,
            *(self.experimental.headers(request) if self.experimental else ()),
            *([_NOT_TO_BE_KEPT] if self.traits.forbids_caching and "cache-control" not in names else ()),
            _ROBOTS,
            *([_VARIES] if page else ()),
            *(self.cors.answer_headers(request, answer.status) if inside else ()),
        ]

    def broken(self, request: Request, error: Exception) -> tuple[Answer, Headers]:
        """Answer a request on which the mock itself failed."""
        del error
        answer = site.broken_page()
        return answer, self.headers(request, answer)

    def place(self, request: Request, path: str) -> str:
        """Give the Location of a path on this server."""
        return f"{request.origin}{path}" if self.auth.ways.absolute_locations else path


def _kind(schema: dict[str, Any]) -> Kind:
    """How the server reads a path parameter of a schema."""
    if schema.get("type") == "integer":
        return "digits"
    return "slashes" if schema.get("format") == "path" else "text"
