"""Another major version of Airflow than the profile says."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

import profiles
from mockserver.app import create_app
from profiles import Profile
from tests.proof.impostors.around import Around, Maker


def other(name: str, *settings: str) -> Maker:
    """What another profile describes."""
    return lambda _: create_app(profiles.load(name, settings))


def moved(name: str, here: str, there: str) -> Maker:
    """What another profile describes, which has its API `there`, with that API `here`: as a careless gateway does."""

    def make(_: Profile) -> Around:
        api = create_app(profiles.load(name))
        return Around(lambda scope: _at(api, scope["raw_path"].decode("latin-1").replace(here, there, 1)))

    return make


def _at(api: ASGIApp, path: str) -> ASGIApp:
    """The API, asked for another path."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await api({**scope, "path": path, "raw_path": path.encode("latin-1")}, receive, send)

    return app
