"""What every driver of an authentication mode can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from conformance.credentials import Credential
from conformance.exchange import Exchange, Headers, Request

Send = Callable[[Request], Exchange]
#: Is told every secret that comes up, so that it can be kept out of reports.
Learned = Callable[[str], None]


class LoginError(Exception):
    """A role cannot be logged in. One sentence, without secrets."""


class NoCredential(LoginError):  # noqa: N818 (it says what happened)
    """Nobody said how that role proves who it is: what needs the role cannot be checked."""


class Driver(Protocol):
    """Gives requests the headers that prove who asks. Safe to use from many threads."""

    def headers(self, role: str) -> Headers:
        """The headers that prove a role; LoginError when it cannot be logged in."""

    def fresh(self, role: str) -> Headers:
        """Headers that prove a role and that nothing else uses, where the mode has such; LoginError."""

    def forget_all(self) -> None:
        """Log everybody in anew."""


class NoWay:
    """The driver where nobody can get in."""

    def headers(self, role: str) -> Headers:
        """Raises NoCredential."""
        raise NoCredential(f"no configured backend lets the role {role} in")

    fresh = headers

    def forget_all(self) -> None:
        """There is nothing to forget."""


class Everybody:
    """The driver where everybody is let in: nothing has to be proved."""

    def headers(self, role: str) -> Headers:  # noqa: ARG002
        """No headers."""
        return ()

    fresh = headers

    def forget_all(self) -> None:
        """There is nothing to forget."""


def pair(credentials: Mapping[str, Credential], role: str) -> tuple[str, str]:
    """User name and password of a role; NoCredential where there are none."""
    found = credentials.get(role)
    if found is None or found.username is None or found.password is None:
        raise NoCredential(f"there are no user name and password for the role {role}")
    return found.username, found.password
