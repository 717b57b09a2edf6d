"""Requests to a mock of Airflow 2 in this process, without a server."""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import profiles
from mockserver.app import create_app
from mockserver.mock import Mock
from mockserver.request import Request
from mockserver.traits import Follow

# Without CORS, which 2.0 does not have.
_PROFILE = """
profile: stable
title: Basic authentication
documents: [api-authentication]
airflow: "{version}"
config:
  api:
    {option}: airflow.api.auth.backend.basic_auth
webserver_config: {{AUTH_ROLE_PUBLIC: null}}
users:
  - {{username: admin, password: admin, role: admin}}
  - {{username: op, password: op, role: op}}
  - {{username: user, password: user, role: user}}
  - {{username: viewer, password: viewer, role: viewer}}
capabilities: [writes, roles, fixture-dags]
"""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    media: str | None
    text: str

    @property
    def body(self) -> Any:
        """The JSON of the answer."""
        return json.loads(self.text)

    @property
    def detail(self) -> Any:
        """The detail of a problem."""
        assert self.media == "application/problem+json", self
        return self.body["detail"]


@dataclass
class Stable:
    """The stable API of a fresh mock whose time stands still; `call` speaks as an administrator, by Basic."""

    version: str = "2.11"
    settings: tuple[str, ...] = ()
    follow: Follow = "airflow"
    mock: Mock = field(init=False)

    def __post_init__(self) -> None:
        app = create_app(self._profile(), follow=self.follow)
        self.mock = app.state.mock
        self.mock.clock.hold()

    def _profile(self) -> profiles.Profile:
        option = "auth_backend" if self.version in ("2.0", "2.1", "2.2") else "auth_backends"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "stable.yaml"
            file.write_text(_PROFILE.format(version=self.version, option=option))
            return profiles.load(file, self.settings)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        user: str = "admin",
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request to /api/v1: `body` as JSON, `raw` as it stands."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        password = b64encode(f"{user}:{user}".encode()).decode()
        given = {"authorization": f"Basic {password}", "host": "airflow", **(headers or {})}
        if data:
            given.setdefault("content-type", "application/json")
        path, _, query = f"/api/v1{path}".partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        }
        answer, _ = self.mock.respond(Request(scope, data))
        return Reply(answer.status, answer.media, answer.body.decode())

    def get(self, path: str, **headers: str) -> Any:
        """The body of a GET that must succeed; `headers` by name."""
        reply = self.call("GET", path, headers=headers)
        assert reply.status == 200, (path, reply)
        return reply.body

    def made(self, path: str, **body: Any) -> Any:
        """What a POST that must succeed answers."""
        reply = self.call("POST", path, body)
        assert reply.status == 200, (path, reply)
        return reply.body
