"""A mock whose store forgets: each write is answered as it should be, and nothing of it is there afterwards."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette

from mockserver.app import create_app
from mockserver.operations import Call, Handler
from profiles import Profile


def forgetful(profile: Profile) -> Starlette:
    """The application that plays the API of a profile."""
    app = create_app(profile)
    mock = app.state.mock
    right = mock.carry_out

    def carry_out(handler: Handler, call: Call) -> Any:
        try:
            return right(handler, call)
        finally:
            if call.operation.method != "GET":
                mock.reset()

    mock.carry_out = carry_out
    return app
