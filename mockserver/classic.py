"""A mock of Airflow 1.10: the experimental API, and hardly anything of the web interface that stands beside it.

Measured on 1.10.15 with the interface that it has by default ([webserver] rbac = False).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from mockserver.auth.backends import Aborted
from mockserver.auth.guard import Guard
from mockserver.errors import ApiError, Crash
from mockserver.experimental import Experimental, pages
from mockserver.mock import Headers, Mock
from mockserver.operations import Answer
from mockserver.rendering import JSON
from mockserver.routing import Match, Routes
from mockserver.stable.site import broken_page, page, redirect
from mockserver.traits import ExperimentalTraits, Follow

if TYPE_CHECKING:
    from mockserver.request import Request
    from mockserver.world.clock import Clock
    from profiles import Profile


class ClassicMock(Mock):
    """One deployment of Airflow 1.10."""

    traits: ExperimentalTraits

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        super().__init__(profile, world=world, follow=follow, clock=clock)
        self.experimental = Experimental(self, Guard(profile, self.world, documents=follow == "documents"))
        self.traits = self.experimental.traits
        self.handlers = self.experimental.handlers
        self.routes = Routes()
        self.experimental.open_on(self.routes)
        self.routes.add("GET", "/health", health)
        self.routes.add("GET", "/", lambda _, request: redirect(f"{request.origin}/admin/"))

    def respond(self, request: Request) -> tuple[Answer, Headers]:
        """Answer a request."""
        try:
            answer = self.answer(request)
        except ApiError as error:
            answer = self.refusal(error)
        except (Crash, RecursionError):
            answer = broken_page() if self.traits.crashes else pages.bad_request(self.traits)
        return answer, self.headers(request, answer)

    def answer(self, request: Request) -> Answer:
        """Answer a request; ApiError for a refusal, Crash where Airflow breaks down."""
        request.path = f"/{request.path.lstrip('/')}"
        allowed = self.routes.methods(request.path)
        if not allowed:
            return Answer(404, page("Airflow 404 = lots of circles"), media=pages.HTML)
        if request.method == "OPTIONS":
            return Answer(200, b"", [("allow", ", ".join(allowed))], pages.HTML)
        found = self.routes.find("GET" if request.method == "HEAD" else request.method, request.path)
        if not isinstance(found, Match):
            return pages.wrong_method(self.traits, ", ".join(allowed))
        request.match = found
        answer: Answer = found.target(self, request)
        return answer

    def refusal(self, error: ApiError) -> Answer:
        """Give a refusal the form of the API's, unless it has one of its own."""
        if isinstance(error, Aborted):
            return error.answer
        return Answer(error.status, self.experimental.dumps(error.body), list(error.headers), JSON)

    def headers(self, request: Request, answer: Answer) -> Headers:
        """Give all headers of an answer but those of its body: no others."""
        del request
        return list(answer.headers)

    def broken(self, request: Request, error: Exception) -> tuple[Answer, Headers]:
        """Answer a request on which the mock itself failed."""
        del request, error
        return broken_page(), []


def health(mock: ClassicMock, _request: Request) -> Answer:
    """Tell what is well, indented by four."""
    beat = mock.clock.now().isoformat()
    told = {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"latest_scheduler_heartbeat": beat, "status": "healthy"},
    }
    return Answer(200, json.dumps(told, indent=4).encode(), media=JSON)
