"""Basic credentials: user name and password with every request (api-authentication, Basic authentication)."""

from __future__ import annotations

import base64
from collections.abc import Mapping

from conformance.auth.base import Learned, pair
from conformance.credentials import Credential
from conformance.exchange import Headers


def basic(username: str, password: str) -> Headers:
    """The header for a user name, which has no colon, and a password; both are sent as UTF-8."""
    return (("Authorization", f"Basic {encoded(username, password)}"),)


def encoded(username: str, password: str) -> str:
    """User name and password as the header carries them."""
    return base64.b64encode(f"{username}:{password}".encode()).decode()


class Basic:
    """Gives requests the user name and password of a role. A real Airflow 2 takes 0.12 s to look at them."""

    def __init__(self, credentials: Mapping[str, Credential], learned: Learned = lambda _: None) -> None:
        self._credentials = credentials
        self._learned = learned

    def headers(self, role: str) -> Headers:
        """The Authorization header of a role; NoCredential where it has no user name and password."""
        username, password = pair(self._credentials, role)
        if username != password:
            self._learned(encoded(username, password))
        return basic(username, password)

    fresh = headers

    def forget_all(self) -> None:
        """Nothing is kept."""
