"""Which of the media types on offer a client wants."""

from __future__ import annotations

from mockserver.errors import ApiError
from mockserver.operations import Call


def choose(call: Call, first: str, second: str) -> str:
    """The media type to answer with: what the Accept header begins with; 406 for anything else (measured on 3.3.2)."""
    accepted = call.headers.get("accept", "*/*")
    if accepted.startswith(("*/*", first)):
        return first
    if accepted.startswith(second):
        return second
    raise ApiError(406, f"Only {first} or {second} is supported")
