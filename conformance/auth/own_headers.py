"""Headers that a deployment's own backend wants to see (api-authentication, Roll your own API authentication)."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.auth.base import NoCredential
from conformance.credentials import Credential
from conformance.exchange import Headers


class OwnHeaders:
    """Gives requests the headers that stand for a role in the profile or in the file of credentials."""

    def __init__(self, credentials: Mapping[str, Credential]) -> None:
        self._credentials = credentials

    def headers(self, role: str) -> Headers:
        """The headers of a role; NoCredential where it has none."""
        found = self._credentials.get(role)
        if found is None or not found.headers:
            raise NoCredential(f"there are no headers for the role {role}")
        return tuple(found.headers.items())

    fresh = headers

    def forget_all(self) -> None:
        """Nothing is kept."""
