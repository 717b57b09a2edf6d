"""A server made of the contract alone: answers have the right form, and the same content whatever was asked.

It knows who may come in (one way to prove it, checked properly), which methods a path has, its version and its health;
it has no state. What it answers is what stands in `tests.proof.impostors.samples`.
"""

from __future__ import annotations

import base64
import json
import time
from http import HTTPMethod
from typing import Any

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from profiles import Profile
from specs.contract import Interface, Operation
from tests.proof.impostors.around import answering
from tests.proof.impostors.samples import sample

_HEALTH = {name: {"status": "healthy"} for name in ("metadatabase", "scheduler", "triggerer", "dag_processor")}
_ALGORITHM, _AUDIENCE = "HS512", "apache-airflow"


def dummy(profile: Profile) -> Starlette:
    """The application that plays the API of a profile."""
    proof = _Bearer(profile) if profile.auth == "jwt" else _Basic(profile)
    known = {"get_version": {"version": f"{profile.airflow}.2", "git_version": None}, "get_health": _HEALTH}

    def answer(request: Request, body: bytes) -> Response:
        path = request.scope["raw_path"].decode("latin-1")
        operation = profile.interface.find(request.method, path)
        if operation is None:
            return _lost(profile.interface, path)
        if operation.id == "create_token" and isinstance(proof, _Bearer):
            return proof.login(body)
        if not operation.open and not proof.holds(request.headers.get("authorization", "")):
            return _json(401, {"detail": "Not authenticated"}, {"WWW-Authenticate": proof.challenge})
        if operation.id in known:
            return _json(200, known[operation.id])
        return success(profile.interface, operation)

    return answering(answer)


def success(interface: Interface, operation: Operation) -> Response:
    """The first success that an operation documents, with a sample of its content."""
    status = operation.success[0]
    media = next(iter(operation.media[status]), None)
    if media is None:
        return Response(status_code=status)
    if media != "application/json":
        return Response("string", status, media_type=media)
    return _json(status, sample(interface, operation.responses[status]))


def _lost(interface: Interface, path: str) -> Response:
    there = [str(method) for method in HTTPMethod if interface.find(method, path)]
    if there:
        return _json(405, {"detail": "Method Not Allowed"}, {"Allow": ", ".join(there)})
    return _json(404, {"detail": "Not Found"})


def _json(status: int, value: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(json.dumps(value), status, headers, "application/json")


class _Bearer:
    """A token for whoever has a password, and the check of it."""

    challenge = "Bearer"

    def __init__(self, profile: Profile) -> None:
        self._users = {user.username: user.password for user in profile.users}
        self._secret = str(profile.option("api_auth", "jwt_secret"))

    def login(self, body: bytes) -> Response:
        try:
            given = json.loads(body)
            right = self._users.get(given["username"], ...) == given["password"]
        except (ValueError, TypeError, KeyError):
            return _json(422, {"detail": "no username and password"})
        if not right:
            return _json(401, {"detail": "Invalid credentials"})
        now = int(time.time())
        claims = {"sub": given["username"], "aud": _AUDIENCE, "iat": now, "nbf": now, "exp": now + 3600}
        return _json(201, {"access_token": jwt.encode(claims, self._secret, _ALGORITHM)})

    def holds(self, header: str) -> bool:
        scheme, _, token = header.partition(" ")
        needed = {"require": ["exp", "iat", "nbf", "sub"]}
        try:
            jwt.decode(token, self._secret, [_ALGORITHM], needed, audience=_AUDIENCE)  # type: ignore[arg-type]
        except jwt.InvalidTokenError:
            return False
        return scheme.lower() == "bearer"


class _Basic:
    """A user name and password with every request."""

    challenge = 'Basic realm=""'

    def __init__(self, profile: Profile) -> None:
        pairs = (f"{user.username}:{user.password}" for user in profile.users)
        self._known = {f"Basic {base64.b64encode(pair.encode()).decode()}" for pair in pairs}

    def holds(self, header: str) -> bool:
        return header in self._known
