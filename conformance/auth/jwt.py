"""JSON Web Tokens, as Airflow 3 has them: a token for a user name and password, sent as a Bearer token.

Sources: public-api, "Generate a JWT token"; for the mode in which everybody is admin, measured on Airflow 3.3.2.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from conformance.auth.base import LoginError, NoCredential
from conformance.credentials import Credential, Credentials
from conformance.exchange import Exchange, Headers, NotJson, Request

TOKEN_PATH = "/auth/token"  # noqa: S105 - a path
#: A token is renewed when less than so many seconds are left of it, or less than half its life if that is shorter.
MARGIN = 120.0

_JSON = (("Content-Type", "application/json"), ("Accept", "application/json"))


def login(username: str, password: str, role: str | None = None) -> Request:
    """The request for a token."""
    body = json.dumps({"username": username, "password": password}, ensure_ascii=False).encode()
    return Request("POST", TOKEN_PATH, _JSON, body, "create_token", role)


def login_without_password(role: str | None = None) -> Request:
    """The request for a token where everybody is admin."""
    return Request("GET", TOKEN_PATH, _JSON[1:], None, "create_token_all_admins", role)


def bearer(token: str) -> Headers:
    """The header that carries a token."""
    return (("Authorization", f"Bearer {token}"),)


def claims(token: str) -> dict[str, Any]:
    """The claims of a token, not verified; empty when it is no JWT."""
    try:
        payload = token.split(".")[1]
        found = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def token_of(answer: Exchange) -> str:
    """The token in the answer to a login; LoginError when there is none."""
    if answer.response is None:
        raise LoginError(answer.error or "no answer")
    try:
        found = answer.json() if answer.status in (200, 201) else None
    except NotJson as error:
        raise LoginError(f"the answer to POST {TOKEN_PATH} is not a token: {error}") from None
    token = found.get("access_token") if isinstance(found, dict) else None
    if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
        raise LoginError(f"{answer.request.method} {TOKEN_PATH} answered {answer.status}, without an access_token")
    return token


class Jwt:
    """Logs roles in, keeps their tokens and renews them in time.

    `send` sends a request; `learned` is told every token, so that it can be kept out of reports. `all_admins`: the mode
    in which the target gives anybody an admin's token. `clock`: seconds since 1970.
    """

    def __init__(
        self,
        send: Callable[[Request], Exchange],
        credentials: Credentials,
        *,
        all_admins: bool = False,
        learned: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._send = send
        self._credentials = credentials
        self._all_admins = all_admins
        self._learned = learned
        self._clock = clock
        self._tokens: dict[str, tuple[str, float]] = {}
        self._lock = threading.RLock()
        self._role_locks: dict[str, threading.Lock] = {}

    def headers(self, role: str) -> Headers:
        """The Authorization header of a role; LoginError when it cannot be logged in."""
        return bearer(self.token(role))

    def token(self, role: str) -> str:
        """A token of the role that is good for a while; LoginError when there is none to be had."""
        with self._lock:
            lock = self._role_locks.setdefault(role, threading.Lock())
        with lock:
            token, until = self._tokens.get(role, ("", 0.0))
            if not token or self._clock() >= until:
                token = self.fresh_token(role)
                self._tokens[role] = (token, self._good_until(token))
            return token

    def fresh(self, role: str) -> Headers:
        """The header with a token of its own; LoginError."""
        return bearer(self.fresh_token(role))

    def fresh_token(self, role: str) -> str:
        """A token of the role that nobody else uses, such as one to be revoked; LoginError when there is none."""
        credential = self._credential(role)
        if credential and credential.token:
            return credential.token
        token = token_of(self.log_in(role))
        self._learned(token)
        return token

    def log_in(self, role: str) -> Exchange:
        """The exchange in which the role asks for a token."""
        credential = self._credential(role)
        if credential is None:
            return self._send(login_without_password(role))
        return self._send(login(credential.username or "", credential.password or "", role))

    def keep(self, role: str, token: str) -> None:
        """Use this token for the role from now on."""
        self._learned(token)
        with self._lock:
            self._tokens[role] = (token, self._good_until(token))

    def forget(self, role: str) -> None:
        """Log in anew when the role asks next."""
        with self._lock:
            self._tokens.pop(role, None)

    def forget_all(self) -> None:
        """Log everybody in anew."""
        with self._lock:
            self._tokens.clear()

    def _credential(self, role: str) -> Credential | None:
        """The credential of the role; None where none is needed, NoCredential where one is."""
        found = self._credentials.by_role.get(role)
        if found is None and not self._all_admins:
            raise NoCredential(f"there are no credentials for the role {role}")
        return None if self._all_admins else found

    def _good_until(self, token: str) -> float:
        expires, now = claims(token).get("exp"), self._clock()
        if not isinstance(expires, int | float):
            return float("inf")
        return expires - min(MARGIN, (expires - now) / 2)
