"""The backend module that is shipped, in a Flask application with users of its own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import flask
import flask_login
import pytest
from flask.testing import FlaskClient

import profiles

FOLDER = Path(profiles.__file__).parent / "backends"
USERS = {("ann", "a-key"): "ann"}


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(FOLDER)
    yield importlib.import_module("conformance_backend")
    del sys.modules["conformance_backend"]


@pytest.fixture
def client(backend: Any) -> FlaskClient:
    class User(flask_login.UserMixin):  # type: ignore[misc]  # it has no types
        def __init__(self, name: str) -> None:
            self.id = name

    def auth_user_db(name: str, password: str) -> User | None:
        return User(USERS[name, password]) if (name, password) in USERS else None

    app: Any = flask.Flask("airflow")
    app.secret_key = "x"
    app.appbuilder = SimpleNamespace(sm=SimpleNamespace(auth_user_db=auth_user_db))
    manager = flask_login.LoginManager(app)
    manager.user_loader(User)
    backend.init_app(app)

    @backend.requires_authentication
    def whoami(end: str) -> str:
        return f"{flask_login.current_user.id}{end}"

    app.add_url_rule("/whoami/<end>", view_func=whoami)
    client: FlaskClient = app.test_client(use_cookies=False)
    return client


def test_who_sends_name_and_key_is_that_user(client: FlaskClient) -> None:
    answer = client.get("/whoami/!", headers={"X-Conformance-User": "ann", "X-Conformance-Key": "a-key"})
    assert (answer.status_code, answer.text) == (200, "ann!")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Conformance-User": "ann"},
        {"X-Conformance-Key": "a-key"},
        {"X-Conformance-User": "ann", "X-Conformance-Key": ""},
        {"X-Conformance-User": "ann", "X-Conformance-Key": "a-ke"},
        {"X-Conformance-User": "Ann", "X-Conformance-Key": "a-key"},
        {"X-Conformance-User": "bob", "X-Conformance-Key": "a-key"},
        {"Authorization": "Basic YW5uOmEta2V5"},
    ],
)
def test_all_others_are_refused(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.get("/whoami/!", headers=headers)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Conformance")
    assert "ann" not in answer.text


def test_its_view_is_for_everybody(client: FlaskClient) -> None:
    answer = client.get("/conformance/ping")
    assert (answer.status_code, answer.text, answer.mimetype) == (200, "pong\n", "text/plain")


def test_a_client_session_sends_what_the_environment_says(backend: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFORMANCE_USER", "ann")
    monkeypatch.setenv("CONFORMANCE_KEY", "a-key")
    session = backend.create_client_session()
    assert {name: session.headers[name] for name in session.headers if name.startswith("X-")} == {
        "X-Conformance-User": "ann",
        "X-Conformance-Key": "a-key",
    }
    assert backend.CLIENT_AUTH is None
