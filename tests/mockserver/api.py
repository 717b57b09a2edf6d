"""Requests to a mock in this process, without a server."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import profiles
from mockserver.app import create_app
from mockserver.errors import ApiError, Crash
from mockserver.public import PublicMock
from mockserver.request import Request


@dataclass
class Reply:
    """What came back."""

    status: int
    body: Any
    media: str | None


@dataclass
class Api:
    """The public API of a fresh mock whose time stands still; `call` speaks as an administrator."""

    version: str = "3.3"
    settings: tuple[str, ...] = ()
    mock: PublicMock = field(init=False)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        app = create_app(profiles.load("airflow-3", [f"airflow={self.version}", *self.settings]))
        self.mock = app.state.mock
        self.mock.clock.hold()

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send a request as it stands."""
        data = b"" if body is None else json.dumps(body).encode()
        given = {"content-type": "application/json", **headers}
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
        }
        try:
            answer = self.mock.answer(Request(scope, data))
        except ApiError as error:
            answer = self.mock.refusal(error)
        except Crash:
            return Reply(500, None, None)
        try:
            return Reply(answer.status, json.loads(answer.body) if answer.body else None, answer.media)
        except ValueError:
            return Reply(answer.status, answer.body.decode(), answer.media)

    def call(self, method: str, path: str, body: Any = None, user: str = "admin", **headers: str) -> Reply:
        """Send a request to /api/v2 with the token of a user."""
        if user not in self.tokens:
            reply = self.send("POST", "/auth/token", {"username": user, "password": user})
            self.tokens[user] = reply.body["access_token"]
        return self.send(method, "/api/v2" + path, body, authorization=f"Bearer {self.tokens[user]}", **headers)

    def get(self, path: str, **headers: str) -> Any:
        """The body of a GET that must succeed."""
        reply = self.call("GET", path, **headers)
        assert reply.status == 200, (path, reply)
        return reply.body

    def trigger(self, dag_id: str, run_id: str = "run", **body: Any) -> Any:
        """Trigger a run that must be accepted."""
        reply = self.call("POST", f"/dags/{dag_id}/dagRuns", {"logical_date": None, "dag_run_id": run_id, **body})
        assert reply.status == 200, reply
        return reply.body

    def wait(self, seconds: float) -> None:
        """Let time go on."""
        self.mock.clock.advance(seconds)
