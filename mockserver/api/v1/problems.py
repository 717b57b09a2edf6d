"""Refusals of the stable API: application/problem+json (measured on 2.2.5, 2.3.4, 2.6.3 and 2.11.2).

Every one is a `Problem`, an ApiError whose members are `title`, `detail` and the section of the reference that its type
names; the mock fills the version in. What the API itself does not know how to refuse has the type about:blank.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mockserver.errors import ApiError

PROBLEM = "application/problem+json"
Headers = Sequence[tuple[str, str]]

_NO_ROUTE = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
    "try again."
)
_BY_STATUS = {
    400: "BadRequest",
    401: "Unauthenticated",
    403: "PermissionDenied",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "AlreadyExists",
    500: "Unknown",
}


class Problem(ApiError):  # noqa: N818 - RFC 9457 calls it so
    """A refusal with a title and a detail, each text or None (which is sent as null).

    `section` names what the type links to; None is about:blank.
    """

    def __init__(
        self, status: int, title: str | None, detail: str | None, section: str | None = None, headers: Headers = ()
    ) -> None:
        super().__init__(status, detail, headers)
        self.title = title
        self.section = section

    @property
    def body(self) -> dict[str, Any]:
        """The members of the answer without the type."""
        return {"detail": self.detail, "status": self.status, "title": self.title}

    def told(self, reference: str) -> dict[str, Any]:
        """The members of the answer; `reference` is the address of the version's reference."""
        kind = f"{reference}#section/Errors/{self.section}" if self.section else "about:blank"
        return {**self.body, "type": kind}


def problem(status: int, title: str | None, detail: str | None = None, headers: Headers = ()) -> Problem:
    """A problem of the kind that goes with the status."""
    return Problem(status, title, detail, _BY_STATUS.get(status), headers)


def bad_request(detail: str | None, title: str | None = "Bad Request") -> Problem:
    """400."""
    return problem(400, title, detail)


def unauthenticated(headers: Headers = ()) -> Problem:
    """401; the headers are those of the last backend's answer."""
    return problem(401, "Unauthorized", None, headers)


def permission_denied(detail: str | None = None) -> Problem:
    """403."""
    return problem(403, "Forbidden", detail)


def not_found(title: str = "Not Found", detail: str | None = None) -> Problem:
    """404 of a thing that there is not."""
    return problem(404, title, detail)


def already_exists(detail: str | None, title: str = "Conflict") -> Problem:
    """409."""
    return problem(409, title, detail)


def unknown(detail: str | None, title: str = "Internal Server Error") -> Problem:
    """500 that the API itself answers."""
    return problem(500, title, detail)


def unknown_route() -> Problem:
    """404 of a path that belongs to no operation."""
    return Problem(404, "Not Found", _NO_ROUTE)


def wrong_method() -> Problem:
    """405, without naming the methods that would do."""
    return Problem(405, "Method Not Allowed", "The method is not allowed for the requested URL.")


def unsupported_media(media: str) -> Problem:
    """415; `media` is the Content-Type as sent, empty if there was none."""
    return Problem(415, "Unsupported Media Type", f"Invalid Content-type ({media}), expected JSON data")
