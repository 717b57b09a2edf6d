"""Requests to a mock of Cloud Composer in this process, with tokens as Google gives them out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jwt import api_jws

from mockserver.composer.assertions import AUDIENCE
from mockserver.composer.beside import GRANT_TYPE
from mockserver.composer.keys import account
from mockserver.composer.tokens import SCOPE
from tests.mockserver.driver import Reply, application, send

HOST = "airflow.test"
URL = f"http://{HOST}"
App = Any


def composer(profile: str = "composer-2", *settings: str, **options: Any) -> App:
    """A mock of a profile."""
    return application(profile, *settings, **options)


def token(app: App, name: str = "admin", *scopes: str) -> str:
    """An access token of an account, by the name of its file of keys."""
    mock = app.state.mock
    text: str = mock.google.tokens.access(account(mock.profile, name), scopes or (SCOPE,))
    return text


def identity(app: App, name: str = "admin", audience: str = URL) -> str:
    """An ID token of an account."""
    mock = app.state.mock
    text: str = mock.google.tokens.identity(account(mock.profile, name), audience)
    return text


def ask(
    app: App,
    path: str,
    name: str | None = "admin",
    method: str = "GET",
    body: Any = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """A request of an account; of nobody with None."""
    proof = {} if name is None else {"authorization": f"Bearer {token(app, name)}"}
    return send(app, method, path, body, {"host": HOST, **proof, **(headers or {})})


def claims(app: App, name: str = "admin", **others: Any) -> dict[str, Any]:
    """What google-auth signs for an account."""
    now = int(time.time())
    email = account(app.state.mock.profile, name).email
    return {"iss": email, "aud": AUDIENCE, "scope": SCOPE, "iat": now, "exp": now + 3600, **others}


def signed(app: App, payload: Mapping[str, Any], key_of: str = "admin", **headers: Any) -> str:
    """That payload, signed with the key of an account."""
    mock = app.state.mock
    key = mock.google.key(account(mock.profile, key_of))
    text = json.dumps(payload).encode()
    return api_jws.encode(text, key.private, "RS256", headers={"kid": key.id, **headers})


def grant(app: App, assertion: str, grant_type: str = GRANT_TYPE) -> Reply:
    """Ask for a token."""
    form = urlencode({"grant_type": grant_type, "assertion": assertion}).encode()
    return send(app, "POST", "/_google/token", form, {"content-type": "application/x-www-form-urlencoded"})
