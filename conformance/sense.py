"""Where an answer contradicts itself: what it tells of a length of time, or of its own status, is not so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from conformance.exchange import NotJson, Response

PROBLEM = "application/problem+json"
#: So many seconds a duration may be off: it is told in milliseconds by some.
_OFF = 0.01


def nonsense(response: Response) -> str:
    """What is wrong, in words; empty when nothing is, or when nothing is told."""
    try:
        body = response.json() if response.body else None
    except NotJson:
        return ""
    if response.media == PROBLEM and isinstance(body, dict) and body.get("status", response.status) != response.status:
        return f"a problem has the status of its answer, {response.status} (RFC 9457, 3.1.2); it has {body['status']!r}"
    return next((fault for each in _objects(body) if (fault := _untimely(each))), "")


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """All objects in a JSON value, however deep."""
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(each)


def _untimely(item: dict[str, Any]) -> str:
    start, end, duration = (item.get(name) for name in ("start_date", "end_date", "duration"))
    if not isinstance(duration, int | float) or not isinstance(start, str) or not isinstance(end, str):
        return ""
    try:
        seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
    except (ValueError, TypeError):
        return ""  # no dates: that is another fault
    off = abs(duration - seconds) > _OFF
    return f"from {start} to {end} are {seconds} seconds; the duration is {duration}" if off else ""
