"""One request and its response, as sent and as received."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Headers = tuple[tuple[str, str], ...]

#: A token of a Kerberos ticket, in base64 and maybe percent-encoded, wherever it stands: it is good for one request.
TICKET = re.compile(r"YI[A-Za-z0-9+/%_-]{100,}={0,2}")

#: An access token of Google's, wherever it stands.
ACCESS_TOKEN = re.compile(r"ya29\.[A-Za-z0-9._-]{20,}")

#: Methods that change nothing (RFC 9110, 9.2.1). Case counts: `get` is another method than `GET`.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NotJson(ValueError):  # noqa: N818 (it says what happened)
    """A body that was expected to be JSON is not. One sentence that shows how the body begins."""


def first(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The value of the first header of that name (upper and lower case are one), or None."""
    return next((value for key, value in headers if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Request:
    """One request.

    `target` is path and query exactly as put on the wire, after the path of the base URL. `headers` are sent in this
    order and spelling. `operation` is the contract's id of what it asks for, if it is any; `role` is who asks, None for
    nobody or for a proof of identity that the check made up.
    """

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    operation: str | None = None
    role: str | None = None

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """What stands after the first question mark; empty when there is none."""
        return self.target.partition("?")[2]

    @property
    def repeatable(self) -> bool:
        """Whether sending it twice is the same as sending it once.

        Logging out is not, though it is a GET; nor is what carries a token that is good for one request.
        """
        spent = any(TICKET.search(value) for _, value in self.headers)
        return self.method in SAFE and not spent and not self.path.rstrip("/").endswith("/logout")

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, or None."""
        return first(self.headers, name)


@dataclass(frozen=True)
class Response:
    """One response. `body` is what the content encoding, if any, decodes to; `seconds` is from sending to the end."""

    status: int
    reason: str
    headers: Headers
    body: bytes = field(repr=False)
    seconds: float

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, or None."""
        return first(self.headers, name)

    def all(self, name: str) -> tuple[str, ...]:
        """The values of every header of that name, in order."""
        return tuple(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def media(self) -> str:
        """The media type in lower case, without parameters; empty when there is none."""
        return (self.header("Content-Type") or "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as UTF-8 text; what is no UTF-8 is replaced."""
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        """The body as JSON, whatever its media type says. NotJson when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            start = self.body[:80]
            shown = f"the body begins {start.decode(errors='replace')!r}" if start else "the body is empty"
            raise NotJson(f"status {self.status} with {self.media or 'no media type'} is no JSON: {shown}") from error


@dataclass(frozen=True)
class Exchange:
    """A request with its response or, where there was none that could be read, the error in one sentence.

    `number` counts the requests of a transport from 1.
    """

    request: Request
    response: Response | None = None
    error: str | None = None
    number: int = 0

    @property
    def status(self) -> int | None:
        """The response's status, None when there is no response."""
        return self.response.status if self.response else None

    def json(self) -> Any:
        """The response's body as JSON. NotJson when it is none, or when there is no response."""
        if self.response is None:
            raise NotJson(f"no answer to {self.request.method} {self.request.target}: {self.error}")
        return self.response.json()

    def curl(self, base: str) -> str:
        """A shell command that sends the same request; secrets are shell variables. `base`: the base URL."""
        from conformance.curl import command

        return command(self.request, base)
