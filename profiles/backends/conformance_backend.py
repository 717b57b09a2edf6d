"""A backend of one's own for Airflow 2, written as "Roll your own API authentication" says.

Who sends ``X-Conformance-User: NAME`` and ``X-Conformance-Key: PASSWORD`` is that user of Airflow. The same file runs
under Airflow 2.2 to 2.11 and under the mock server: put its folder on PYTHONPATH, and its name into [api] auth_backends
(before 2.3: auth_backend). It is for tests; a key that is a password in clear text is no way to protect anything.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, current_app, request
from flask_login import login_user

USER_HEADER = "X-Conformance-User"
KEY_HEADER = "X-Conformance-Key"
PING = "/conformance/ping"

# A client gets a session from create_client_session, so there is nothing to add to its requests.
CLIENT_AUTH: tuple[str, str] | Any | None = None


def init_app(app: Any) -> None:
    """Add a view that anybody may see, which shows that this module is in use."""
    app.add_url_rule(PING, "conformance_ping", _ping)


def requires_authentication(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Let `fn` answer requests of users who prove who they are, and answer 401 to all others."""

    @wraps(fn)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        user = _user()
        if user is None:
            return Response("Unauthorized", 401, {"WWW-Authenticate": "Conformance"})
        login_user(user, remember=False)
        return fn(*args, **kwargs)

    return decorated


def create_client_session() -> Any:
    """A requests session that sends the name and key of CONFORMANCE_USER and CONFORMANCE_KEY in the environment."""
    import requests

    session = requests.Session()
    session.headers[USER_HEADER] = os.environ.get("CONFORMANCE_USER", "")
    session.headers[KEY_HEADER] = os.environ.get("CONFORMANCE_KEY", "")
    return session


def _user() -> Any:
    """The active user whose name and password were sent, else None."""
    name, key = request.headers.get(USER_HEADER), request.headers.get(KEY_HEADER)
    app: Any = current_app
    return app.appbuilder.sm.auth_user_db(name, key) if name and key else None


def _ping() -> Response:
    return Response("pong\n", mimetype="text/plain")
