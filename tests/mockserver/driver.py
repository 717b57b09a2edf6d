"""Requests to an ASGI application in this process, as a server would pass them on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import profiles
from mockserver.app import create_app


@dataclass(frozen=True)
class Reply:
    """What came back; `crash` is what the application raised after it had answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    crash: Exception | None = None

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> Any:
        return self.json["detail"]


def application(profile: str = "airflow-3", *settings: str, **options: Any) -> Any:
    """A mock of a profile."""
    return create_app(profiles.load(profile, settings), **options)


def send(
    app: Any, method: str, path: str, body: Any = b"", headers: Mapping[str, str] | None = None, user: str | None = None
) -> Reply:
    """Send one request; a body that is not bytes goes as JSON, `user` sends a token."""
    given = dict(headers or {})
    if not isinstance(body, bytes):
        given.setdefault("content-type", "application/json")
        body = json.dumps(body).encode()
    if user is not None:
        given["authorization"] = f"Bearer {token(app, user)}"
    if body:
        given["content-length"] = str(len(body))
    raw, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(raw),
        "raw_path": raw.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
    }
    return asyncio.run(_exchange(app, scope, body))


async def _exchange(app: Any, scope: dict[str, Any], body: bytes) -> Reply:
    pieces = [{"type": "http.request", "body": body[:7], "more_body": True}, {"type": "http.request", "body": body[7:]}]
    sent: list[Any] = []
    crash = None

    async def receive() -> Any:
        return pieces.pop(0)

    async def answer(message: Any) -> None:
        sent.append(message)

    try:
        await app(scope, receive, answer)
    except Exception as error:  # noqa: BLE001 (a server takes any)
        crash = error
    headers = {name.decode(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], headers, sent[1]["body"], crash)


def token(app: Any, user: str = "admin") -> str:
    """A token of a user, whose password is its name."""
    reply = send(app, "POST", "/auth/token", {"username": user, "password": user})
    assert reply.status == 201, reply
    access_token: str = reply.json["access_token"]
    return access_token
