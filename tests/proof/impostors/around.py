"""Applications that are one function, and what goes around a mock."""

from __future__ import annotations

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from profiles import Profile

#: What makes the application that plays the API of a profile.
Maker = Callable[[Profile], Starlette]
Choose = Callable[[Scope], ASGIApp]


class Around(Starlette):
    """An application that gives every request to the one that is chosen for it."""

    def __init__(self, choose: Choose) -> None:
        super().__init__()
        self._choose = choose

    def build_middleware_stack(self) -> ASGIApp:
        """Put the choice in the place of Starlette's layers."""
        return self._run

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._choose(scope)(scope, receive, send)


def answering(answer: Callable[[Request, bytes], Response]) -> Around:
    """An application that answers a request, given with its body."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        await answer(request, await request.body())(scope, receive, send)

    return Around(lambda _: app)


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name; empty where there is none."""
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == name), "")
