"""The Flask application in which backends of one's own run: our sessions and our users behind flask-login."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask, Request, Response
from flask import request as current_request
from flask import session as current_session
from flask.json.provider import JSONProvider
from flask.sessions import SecureCookieSession, SessionInterface
from flask_login import LoginManager, current_user
from flask_login.utils import login_user

from mockserver.auth.desk import framework_page
from mockserver.auth.manager import AppBuilder, AuthManager, Manager, Member
from mockserver.auth.sessions import Session, Sessions
from mockserver.request import Request as Asked
from mockserver.stable import site

if TYPE_CHECKING:
    from mockserver.auth.accounts import Accounts
    from mockserver.auth.backends import Visit
    from mockserver.auth.ways import Ways
    from profiles import Profile

_PROTECTED = frozenset(["POST", "PUT", "PATCH", "DELETE"])


class OurSession(SecureCookieSession):
    """One of our sessions as Flask has them."""

    ours: Session


class OurSessions(SessionInterface):
    """Our sessions in the place of Flask's own."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    def open_session(self, app: Flask, request: Request) -> OurSession:  # noqa: ARG002 - it is Flask's
        """The session of a request."""
        found = self.sessions.of(
            Asked({**_SCOPE, "headers": [(b"cookie", request.headers.get("cookie", "").encode())]})
        )
        session = OurSession(found.values)
        session.ours = found
        return session

    def save_session(self, app: Flask, session: Any, response: Response) -> None:  # noqa: ARG002 - it is Flask's
        """Keep the session of a view, if there is anything in it or the version keeps all."""
        session.ours.values = dict(session)
        if session or not self.sessions.ways.lazy_cookies:
            response.headers.add(*self.sessions.save(session.ours))


_SCOPE: dict[str, Any] = {"method": "GET", "path": "/", "query_string": b""}


def make_app(profile: Profile, ways: Ways, accounts: Accounts, sessions: Sessions) -> Flask:
    """Make the application; its attribute `appbuilder` leads to the users."""
    app = Flask("airflow.www.app", static_folder=None, root_path="/")
    app.secret_key = secrets.token_bytes(32)
    app.config.update(AUTH_TYPE=Manager.auth_type, AUTH_ROLE_PUBLIC=profile.public_role, WTF_CSRF_ENABLED=True)
    app.session_interface = OurSessions(sessions)
    manager = Manager(accounts)
    app.auth_manager = AuthManager(manager)  # type: ignore[attr-defined]
    app.appbuilder = AppBuilder(app, manager)  # type: ignore[attr-defined]
    LoginManager(app).user_loader(manager.get_user_by_id)
    app.before_request(lambda: _csrf_fault(sessions))
    for code, shown in ((404, 404), (405, 405 if ways.tells_wrong_methods else 404), (500, 500)):
        app.register_error_handler(code, _page(shown))
    if ways.absolute_locations:
        app.response_class = Absolute
    if ways.spaced_json:
        app.json = Json(app)
    return app


def _page(status: int) -> Callable[[Any], tuple[bytes, int]]:
    answer = site.broken_page() if status == 500 else site.error_page(status)
    return lambda _error: (answer.body, status)


@contextmanager
def who_is_logged_in(visit: Visit) -> Iterator[None]:
    """Within a request, let flask-login know who is logged in by now, and note whom it knows in the end."""
    if visit.account is not None:
        login_user(Member(visit.account), force=True)
    yield
    visit.account = current_user.account if current_user.is_authenticated else None


def _csrf_fault(sessions: Sessions) -> tuple[bytes, int] | None:
    """Refuse a form that comes without the session's CSRF token, as Airflow does for every view."""
    if current_request.method not in _PROTECTED or current_request.endpoint is None:
        return None
    headers = current_request.headers
    token = current_request.form.get("csrf_token") or headers.get("X-CSRFToken") or headers.get("X-CSRF-Token")
    fault = sessions.csrf_fault(Session("", dict(current_session)), token)
    return (framework_page(sessions.ways, "Bad Request", fault, "400 Bad Request"), 400) if fault else None


class Absolute(Response):
    """An answer whose Location names scheme and host."""

    autocorrect_location_header = True


class Json(JSONProvider):
    """JSON as Airflow has Flask write it since 2.4."""

    def dumps(self, obj: Any, **options: Any) -> str:
        """JSON with blanks, and without a newline at its end."""
        return json.dumps(obj, **{"default": str, "sort_keys": True, **options})

    def loads(self, s: str | bytes, **options: Any) -> Any:
        """The value that JSON stands for."""
        return json.loads(s, **options)
