"""What every driver of an authentication mode can do."""

from __future__ import annotations

from typing import Protocol

from conformance.exchange import Headers


class LoginError(Exception):
    """A role cannot be logged in. One sentence, without secrets."""


class NoCredential(LoginError):  # noqa: N818 (it says what happened)
    """Nobody said how that role proves who it is: what needs the role cannot be checked."""


class Driver(Protocol):
    """Gives requests the headers that prove who asks. Safe to use from many threads."""

    def headers(self, role: str) -> Headers:
        """The headers that prove a role; LoginError when it cannot be logged in."""

    def forget_all(self) -> None:
        """Log everybody in anew."""
