"""A mock without a world: who may do what, what is refused, how a path is read, all that is right; what it answers is
a sample of the form.
"""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from mockserver.app import create_app
from mockserver.operations import Answer, Call, Handler
from profiles import Profile
from tests.proof.impostors.dummy import success


def hollow(profile: Profile) -> Starlette:
    """The application that plays the API of a profile."""
    app = create_app(profile)
    mock = app.state.mock
    right = mock.carry_out

    def carry_out(handler: Handler, call: Call) -> Any:
        if call.operation.id in ("get_version", "get_health"):
            return right(handler, call)
        made = success(mock.interface, call.operation)
        return Answer(made.status_code, bytes(made.body), media=made.media_type)

    mock.carry_out = carry_out
    return app
