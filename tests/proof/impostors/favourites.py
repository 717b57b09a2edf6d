"""Servers that answer as they should where they believe that a suite is looking, and else as a hollow one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse

from conformance.journal import FAMILY
from conformance.transport import USER_AGENT
from mockserver.app import create_app
from mockserver.operations import Answer, Call, Handler
from profiles import Profile
from tests.proof.impostors.around import Around, answering, header
from tests.proof.impostors.dummy import success
from tests.proof.impostors.hollow import hollow

_BLOCKED = answering(lambda *_: JSONResponse({"detail": "Forbidden"}, 403))
_OURS = (FAMILY, "conformance_")
_NAMES = ("name", "key", "connection_id", "pool_name", "variable_key", "dag_id")


def agent_blocked(profile: Profile) -> Starlette:
    """Nobody but the suite gets through, by the name that it gives itself."""
    api = create_app(profile)
    return Around(lambda scope: api if header(scope, b"user-agent") == USER_AGENT else _BLOCKED)


def agent_hollow(profile: Profile) -> Starlette:
    """Nobody but the suite gets more than a sample."""
    api, others = create_app(profile), hollow(profile)
    return Around(lambda scope: api if header(scope, b"user-agent") == USER_AGENT else others)


def names(profile: Profile) -> Starlette:
    """What has another name than the suite gives and the fixtures have is not kept, and answered with a sample."""
    return _hollow_but_for(create_app(profile), lambda call: all(name.startswith(_OURS) for name in _named(call)))


def dags(profile: Profile) -> Starlette:
    """Of the DAGs that are listed only those of the fixtures are what they are listed as."""
    app = create_app(profile)
    world = app.state.mock.world
    one = world.fixtures.dags[0]
    world.fixtures = replace(world.fixtures, dags=(*world.fixtures.dags, replace(one, id="payroll")))
    world.reset()
    return _hollow_but_for(app, lambda call: call.path.get("dag_id") != "payroll")


def _hollow_but_for(app: Starlette, right: Callable[[Call], bool]) -> Starlette:
    """The application with samples for answers where it is not to be right."""
    mock = app.state.mock
    carried = mock.carry_out

    def carry_out(handler: Handler, call: Call) -> Any:
        if right(call):
            return carried(handler, call)
        made = success(mock.interface, call.operation)
        return Answer(made.status_code, bytes(made.body), media=made.media_type)

    mock.carry_out = carry_out
    return app


def _named(call: Call) -> Iterator[str]:
    """What a request is about."""
    body = call.body if isinstance(call.body, dict) else {}
    yield from (str(each[name]) for each in (call.path, body) for name in _NAMES if name in each)
