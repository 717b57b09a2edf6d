"""The ASGI application: it reads requests, and sends what the mock of the profile's version answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from mockserver import admin
from mockserver.deviations import apply
from mockserver.mock import Headers, Mock
from mockserver.operations import Answer
from mockserver.request import Request
from mockserver.traits import Follow
from mockserver.world.clock import Clock
from profiles import Profile

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_FAMILIES = {1: "mockserver.classic:ClassicMock", 2: "mockserver.stable:StableMock", 3: "mockserver.public:PublicMock"}
_PLATFORMS = {"composer": "mockserver.composer:ComposerMock"}
"""The mock of each major version, and of each platform; its module is read when it is wanted."""


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
        if request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers:
            request.body = await _read(receive)
        try:
            answer, headers = self.mock.respond(request)
        except Exception as error:
            await _send(send, *self.mock.broken(request, error))
            raise  # the server closes the connection then, as it does with the real one
        await _send(send, answer, headers)


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
    family_name = _PLATFORMS.get(profile.platform, _FAMILIES[profile.airflow.major])
    module, _, name = family_name.partition(":")
    family: Callable[..., Mock] = getattr(import_module(module), name)
    mock = family(profile, world=world, follow=follow, clock=clock)
    apply(mock, deviations)
    if control:
        admin.open_on(mock)
    return App(mock)
