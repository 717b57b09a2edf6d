"""Backends of one's own: the very modules that run under a real Airflow 2, under Flask ("Roll your own API
authentication").

A module's `init_app` gets a Flask application and may add views to it. Its `requires_authentication` gets Flask's
Response and decides by the answer: only the status 200 lets in, and who is logged in then is who flask-login says
(measured on 2.2.5 and 2.11.2).
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from flask import Flask, Response
from werkzeug.exceptions import HTTPException

from mockserver.auth.backends import Aborted, Backend, Verdict, Visit
from mockserver.auth.flasks import make_app, who_is_logged_in
from mockserver.auth.standin import StandIn
from mockserver.auth.wsgi import BODY_HEADERS, environ, run
from mockserver.errors import Crash, SetupError
from mockserver.operations import Answer

if TYPE_CHECKING:
    from mockserver.auth.accounts import Accounts
    from mockserver.auth.sessions import Sessions
    from mockserver.auth.ways import Ways
    from mockserver.request import Request
    from profiles import Profile

_LOG = logging.getLogger("mockserver")


class Plugins:
    """The backends of one's own of a deployment, and the views that they add."""

    def __init__(self, profile: Profile, ways: Ways, accounts: Accounts, sessions: Sessions) -> None:
        self.profile = profile
        self._ways = ways
        self.stand_in = StandIn(profile, ways)
        self.app: Flask = make_app(profile, ways, accounts, sessions)
        self._builder = self.app.__dict__.pop("appbuilder")  # Airflow has it only after every init_app

    def backend(self, name: str) -> Backend:
        """Load a module and let it begin; SetupError when it cannot."""
        with self._imports():
            module = self._load(name)
            self._begin(module)
        return lambda visit: self._judge(module, visit)

    def view(self, request: Request) -> Answer | None:
        """What a view answers that a module has added; None if there is none for the path."""
        try:
            self.app.url_map.bind("").match(request.path, request.method)
        except HTTPException as refusal:
            if refusal.code == 404:
                return None
        with self._running():
            return run(self.app.wsgi_app, environ(request))

    # ---- loading -------------------------------------------------------------------------------------------------

    def _load(self, name: str) -> ModuleType:
        importlib.invalidate_caches()
        sys.modules.pop(name, None)  # every deployment has its own
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name and (name == error.name or name.startswith(f"{error.name}.")):
                raise SetupError(self._where(name)) from None
            raise SetupError(self._missing(name, error)) from None
        except ImportError as error:
            raise SetupError(self._missing(name, error)) from None
        except Exception as error:
            raise SetupError(f"the backend {name} cannot be loaded: {type(error).__name__}: {error}") from error

    def _begin(self, module: ModuleType) -> None:
        begin = getattr(module, "init_app", None)
        if not callable(begin):
            raise SetupError(
                f"the backend {module.__name__} has no function init_app(app); Airflow does not start then"
            )
        try:
            with self.app.app_context():
                begin(self.app)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            raise SetupError(f"init_app of the backend {module.__name__} does not work: {text}") from error

    def _where(self, name: str) -> str:
        folders = ", ".join(map(str, self.profile.pythonpath)) or "none"
        return (
            f"there is no module {name}, which the profile names as an authentication backend; "
            f"name its folder in pythonpath (now: {folders}) or install it"
        )

    def _missing(self, name: str, error: ImportError) -> str:
        own = (error.name or "").partition(".")[0] in ("airflow", "flask_appbuilder")
        offer = f"; of these packages the mock has {', '.join(self.stand_in.names)}" if own else "; install it"
        return f"the backend {name} cannot be loaded: {error}{offer}"

    # ---- running -------------------------------------------------------------------------------------------------

    @contextmanager
    def _imports(self) -> Iterator[None]:
        """Look in the folders of the profile first, and offer what stands in for Airflow."""
        before, sys.path = sys.path, [*map(str, self.profile.pythonpath), *sys.path]
        try:
            with self.stand_in.offered():
                yield
        finally:
            sys.path = before

    @contextmanager
    def _running(self) -> Iterator[None]:
        self.app.appbuilder = self._builder  # type: ignore[attr-defined]
        with self._imports():
            yield

    def _judge(self, module: ModuleType, visit: Visit) -> Verdict:
        """Ask a backend, and note who is logged in after that; Crash for what Airflow does not catch."""
        with self._running(), self.app.request_context(environ(visit.request)), who_is_logged_in(visit):
            try:
                answer: Any = _decorated(module)()
                status, headers = answer.status_code, answer.headers
            except HTTPException as refusal:
                raise _aborted(refusal, visit) from None
            except Exception as error:
                _LOG.exception("the backend %s", module.__name__)
                raise Crash(f"the backend {module.__name__}: {type(error).__name__}: {error}") from error
        sent = [pair for pair in self._lowered(visit, headers) if pair[0] not in BODY_HEADERS]
        return Verdict(status, sent, Answer(status, answer.get_data(), media=answer.content_type))

    def _lowered(self, visit: Visit, headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for name, value in headers:
            moved = name.lower() == "location" and self._ways.absolute_locations
            yield name.lower(), urljoin(visit.request.origin, value) if moved else value


def _aborted(refusal: HTTPException, visit: Visit) -> Exception:
    """What comes of Flask's abort: a page of its own, but for a 500."""
    given = environ(visit.request)
    return Crash("abort(500)") if refusal.code == 500 else Aborted(run(refusal.get_response(given), given))


def _decorated(module: ModuleType) -> Callable[[], Any]:
    decorated: Callable[[], Any] = module.requires_authentication(Response)
    return decorated
