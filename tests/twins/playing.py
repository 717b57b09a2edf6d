"""Plays a script to a server: each step one request, as a user of the profile."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from time import sleep
from typing import Any

from conformance.auth.basic import basic
from conformance.auth.jwt import bearer
from conformance.exchange import Headers, Request, Response
from conformance.transport import Transport
from profiles import Profile
from tests.twins.normal import Normal
from tests.twins.script import Step


class Player:
    """Plays to one server that was set up from `profile`; `wait` lets that many seconds go by for it."""

    def __init__(self, url: str, profile: Profile, normal: Normal, wait: Callable[[float], object] = sleep) -> None:
        self.transport = Transport(url, timeout=60)
        self.profile, self.normal, self.wait = profile, normal, wait
        self.values: dict[str, Any] = {}
        self._credentials: dict[str, Headers] = {}

    def play(self, steps: Iterable[Step]) -> dict[str, dict[str, Any]]:
        """The normalised answers by the names of the steps."""
        try:
            return {step.name: self._exchange(step) for step in steps}
        finally:
            self.transport.close()

    def _exchange(self, step: Step) -> dict[str, Any]:
        if step.wait:
            self.wait(1.0)
        filled = step.filled(self.values)
        credential = self._credential(step.role)
        body = None if filled.body is None else filled.body.encode()
        response = self._ask(Request(step.method, filled.target, filled.headers + credential, body))
        for name, path in step.keep.items():
            self.values[name] = _dig(response, path)
        return self.normal.answer(step.target.partition("?")[0], response, self.values)

    def _ask(self, request: Request) -> Response:
        exchange = self.transport.send(request)
        if exchange.response is None:
            raise RuntimeError(f"{request.method} {request.target}: {exchange.error}")
        return exchange.response

    def _credential(self, role: str) -> Headers:
        """The header of a role; "viewer/2" is the viewer with a token of its own."""
        if role == "nobody":
            return ()
        if role not in self._credentials:
            user = next(one for one in self.profile.users if one.username == role.partition("/")[0])
            self._credentials[role] = self._proof(user.username, user.password or "")
        return self._credentials[role]

    def _proof(self, name: str, password: str) -> Headers:
        if self.profile.airflow.major < 3:
            return basic(name, password)
        body = json.dumps({"username": name, "password": password}).encode()
        headers = (("Content-Type", "application/json"),)
        return bearer(self._ask(Request("POST", "/auth/token", headers, body)).json()["access_token"])


def _dig(response: Response, path: str) -> Any:
    """A value in an answer; where there is none, a word that is the id of nothing."""
    try:
        value = response.json()
        for key in path.split("."):
            value = value[int(key) if isinstance(value, list) else key]
    except (ValueError, KeyError, IndexError, TypeError):
        return "missing"
    return value
