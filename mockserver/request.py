"""A request as it came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.routing import Match

Scope = Mapping[str, Any]


class Request:
    """One request: method, decoded path, raw query string, headers (lower-case names, the first of several counts).

    `match` is the route that it was found to be for, `proof` the headers that prove the server to who was let in.
    """

    __slots__ = ("body", "headers", "match", "method", "path", "proof", "query", "scope")

    def __init__(self, scope: Scope, body: bytes = b"") -> None:
        self.scope = scope
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query: str = scope["query_string"].decode("latin-1")
        pairs = reversed(scope["headers"])
        self.headers: dict[str, str] = {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}
        self.body = body
        self.match: Match | None = None
        self.proof: Sequence[tuple[str, str]] = ()

    def cookies(self) -> dict[str, str]:
        """The cookies; of several with one name the last."""
        pairs = (part.partition("=") for part in self.headers.get("cookie", "").split(";"))
        return {name.strip(): value.strip().strip('"') for name, _, value in pairs}

    @property
    def media(self) -> str | None:
        """The media type of the body in lower case without its parameters; None when the request does not say."""
        header = self.headers.get("content-type")
        return None if header is None else header.partition(";")[0].strip().lower()

    @property
    def origin(self) -> str:
        """Scheme and authority under which the server was addressed."""
        return f"{self.scope.get('scheme', 'http')}://{self.headers.get('host', '')}"
