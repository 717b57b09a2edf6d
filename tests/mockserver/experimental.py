"""Requests to the experimental API of a mock in this process, without a server."""

from __future__ import annotations

import json
import tempfile
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

PREFIX = "/api/experimental"
EVERY = ("1.10", "2.2", "2.3", "2.6", "2.11")
_PROFILE = """
profile: experimental
title: Open to everybody
documents: [experimental-api]
airflow: "{version}"
config:
  api:
    {backends}
{users}
capabilities: [writes, fixture-dags]
"""
_OPEN = "airflow.api.auth.backend.default"
_USERS = "users: [{username: admin, password: admin, role: admin}]\nwebserver_config: {AUTH_ROLE_PUBLIC: Admin}"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    media: str | None
    text: str
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        """The JSON of the answer."""
        assert self.media == "application/json", self
        return json.loads(self.text)

    @property
    def error(self) -> Any:
        """The text of a refusal."""
        assert list(self.json) == ["error"], self
        return self.json["error"]

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people."""
        return bool(self.media) and str(self.media).startswith("text/html")


@dataclass
class Experimental:
    """The experimental API of a fresh mock, open to everybody, whose time stands still."""

    version: str = "1.10"
    follow: Follow = "airflow"
    control: bool = False
    deviations: tuple[str, ...] = ()
    mock: Mock = field(init=False)

    def __post_init__(self) -> None:
        app = create_app(self._profile(), follow=self.follow, control=self.control, deviations=self.deviations)
        self.mock = app.state.mock
        self.mock.clock.hold()

    def _profile(self) -> profiles.Profile:
        classic = self.version.startswith("1.")
        option = "auth_backend" if classic or self.version in ("2.0", "2.1", "2.2") else "auth_backends"
        backends = f"{option}: {_OPEN}" + ("" if classic else "\n    enable_experimental_api: True")
        text = _PROFILE.format(version=self.version, backends=backends, users="users: []" if classic else _USERS)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "experimental.yaml"
            file.write_text(text)
            return profiles.load(file)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request to any path: `body` as JSON, `raw` as it stands."""
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "query_string": query.encode(),
            "headers": [
                (name.encode(), value.encode()) for name, value in {"host": "airflow", **(headers or {})}.items()
            ],
        }
        answer, sent = self.mock.respond(Request(scope, data))
        return Reply(answer.status, answer.media, answer.body.decode(), dict(sent))

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> Reply:
        """Send a request to a path of the experimental API."""
        return self.ask(method, f"{PREFIX}{path}", body, **options)

    def get(self, path: str) -> Any:
        """The JSON of a GET that must succeed."""
        reply = self.call("GET", path)
        assert reply.status == 200, (path, reply)
        return reply.json

    def triggered(self, dag_id: str = "conformance_empty", **body: Any) -> Any:
        """What is told of a run that must be created."""
        reply = self.call("POST", f"/dags/{dag_id}/dag_runs", body)
        assert reply.status == 200, (body, reply)
        return reply.json
