"""A mock deployment: what both families of Airflow's APIs have in common.

    Mock                            profile, world, clock; carries out the handler of an operation
    ├── mockserver.public           Airflow 3: the public API /api/v2
    ├── mockserver.stable           Airflow 2: the stable API /api/v1, and the experimental API where it is enabled
    │   └── mockserver.composer     the same in Cloud Composer, behind a proxy of Google's
    └── mockserver.classic          Airflow 1.10: the experimental API

A family puts its parts together and answers: `respond` is the way of a request through them.
"""

from __future__ import annotations

import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from mockserver.api.filters import Filters
from mockserver.errors import ApiError
from mockserver.traits import RELEASES, Follow
from mockserver.world.clock import Clock
from mockserver.world.world import World
from specs import fixtures

if TYPE_CHECKING:
    from mockserver.operations import Answer, Call, Handler
    from mockserver.paging import Pages
    from mockserver.request import Request
    from mockserver.routing import Routes
    from profiles import Profile

Headers = Sequence[tuple[str, str]]
Visitor = Callable[["Mock", "Request"], "Answer"]

_MOMENT = timedelta(milliseconds=10)


class Mock(ABC):
    """One mock deployment, as replaceable parts.

    `auth` says who makes a request, `permissions` what they may do, `cors` which headers another origin gets, `pages`
    how collections are cut, `filters` what is chosen from them, `handlers` (by operationId) what is done.
    """

    auth: Any  # each family has its own
    permissions: Any
    cors: Any
    pages: Pages
    routes: Routes
    traits: Any
    experimental: Any = None  # the part that is the experimental API, where there is one
    handlers: dict[str, Handler]
    controls: Sequence[tuple[str, str, Visitor]] = ()  # what the family adds to the control interface

    def __init__(
        self, profile: Profile, *, world: Path | None = None, follow: Follow = "airflow", clock: Clock | None = None
    ) -> None:
        self.profile = profile
        self.follow = follow
        self.interface = profile.interface
        self.clock: Clock = clock or Clock()
        seed = fixtures.load(world) if world else fixtures.published(profile.airflow)
        self.world = World(profile.airflow, seed, self.clock, users=profile.users)
        self.release = release_of(profile)
        self.filters = Filters()
        self.deviations: tuple[str, ...] = ()
        self.document: bytes | None = None
        self._settled: datetime | None = None

    def reset(self) -> None:
        """Begin again with the world as it was at the start; the clock stays as it is."""
        self.world.reset()
        self._settled = None

    @abstractmethod
    def respond(self, request: Request) -> tuple[Answer, Headers]:
        """Answer a request: the answer and its headers but those of the body. What it raises breaks the server."""

    @abstractmethod
    def answer(self, request: Request) -> Answer:
        """Answer a request; ApiError for a refusal, Crash where Airflow breaks down."""

    @abstractmethod
    def refusal(self, error: ApiError) -> Answer:
        """Give a refusal the form that the family has for it."""

    @abstractmethod
    def headers(self, request: Request, answer: Answer) -> Headers:
        """Give all headers of an answer but those of its body."""

    @abstractmethod
    def broken(self, request: Request, error: Exception) -> tuple[Answer, Headers]:
        """Give the answer to a request that broke the server; the connection is closed after it."""

    def handle(self, call: Call) -> Any:
        """Run the handler of an operation; 501 for one that has none yet."""
        handler = self.handlers.get(call.operation.id)
        if handler is None:
            raise ApiError(501, f"The mock does not carry out {call.operation.id} yet")
        return self.carry_out(handler, call)

    def carry_out(self, handler: Handler, call: Call) -> Any:
        """Let happen what is due, and run a handler."""
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


def release_of(profile: Profile) -> str:
    """The full version of a deployment: the newest patch where the profile names none."""
    return RELEASES[str(profile.airflow)] if profile.patch is None else f"{profile.airflow}.{profile.patch}"


def gather(package: ModuleType) -> None:
    """Import every module of a package, so that its handlers are registered."""
    for module in pkgutil.iter_modules(package.__path__):
        import_module(f"{package.__name__}.{module.name}")
