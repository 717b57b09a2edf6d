"""What the guard of a profile says to requests, without a server and without the API behind it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

import profiles
from mockserver.auth.backends import Verdict
from mockserver.auth.chain import Chain
from mockserver.auth.guard import Guard
from mockserver.errors import Crash
from mockserver.request import Request
from mockserver.world.clock import Clock
from mockserver.world.world import World
from specs import fixtures

BROKEN = Verdict(500)


def request(*authorization: str, cookie: str | None = None) -> Request:
    """A request with that many headers Authorization."""
    headers = [(b"authorization", value.encode("latin-1")) for value in authorization]
    headers += [] if cookie is None else [(b"cookie", cookie.encode())]
    return Request({"method": "GET", "path": "/api/experimental/test", "query_string": b"", "headers": headers})


def guard(profile: str, *settings: str, documents: bool = False) -> Guard:
    """The guard of a profile with settings."""
    loaded = profiles.load(profile, settings)
    world = World(loaded.airflow, fixtures.load(None), Clock(), users=loaded.users)
    chain = Chain(loaded, world, documents=documents) if loaded.airflow.major == 2 else None
    return Guard(loaded, world, chain=chain, documents=documents)


def judge(asked: Guard, *authorization: str, cookie: str | None = None) -> Verdict:
    """The verdict on a request with those headers; BROKEN where Airflow breaks down."""
    try:
        return asked.judge(request(*authorization, cookie=cookie))
    except Crash:
        return BROKEN


def basic(name: str, password: str, scheme: str = "Basic") -> str:
    """A header with a name and a password."""
    return f"{scheme} {b64encode(f'{name}:{password}'.encode()).decode()}"


def statuses(asked: Guard, headers: Sequence[str]) -> dict[str, int]:
    """Of each header the status."""
    return {header: judge(asked, header).status for header in headers}
