"""Cursor paging, which 3.3 has for runs and task instances (measured on 3.3.2).

A cursor is the place of a row in the order asked for: the values that the rows are ordered by, as opaque text. A `~`
before it means: what comes before the row. What is created or deleted meanwhile does not move the place.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mockserver.errors import ApiError
from mockserver.operations import SortKey

COUNT_LIMIT = 50_000
_BACK = "~"


@dataclass(frozen=True)
class Step:
    """One step of an order: a key, and whether it descends."""

    key: SortKey
    descends: bool


@dataclass(frozen=True)
class Slice:
    """The rows of a page with the cursors of its neighbours; None where there is none."""

    rows: Sequence[Any]
    following: str | None
    previous: str | None


def cut(rows: Sequence[Any], steps: Sequence[Step], limit: int, cursor: str) -> Slice:
    """Cut the page that `cursor` asks for ("" is the first) out of rows in order; ApiError 400 for a bad one."""
    backward = cursor.startswith(_BACK)
    if cursor:
        rows = _beside(rows, steps, _decode(cursor.removeprefix(_BACK), len(steps)), backward=backward)
    page = list(rows[max(0, len(rows) - limit) :] if backward else rows[:limit])
    more = len(rows) > limit
    has_next, has_previous = (True, more) if backward else (more, bool(cursor))
    if not page:
        return Slice(page, None, None)
    return Slice(
        page, _encode(page[-1], steps) if has_next else None, _BACK + _encode(page[0], steps) if has_previous else None
    )


def _beside(rows: Sequence[Any], steps: Sequence[Step], place: Sequence[Any], *, backward: bool) -> list[Any]:
    """The rows on one side of a place."""
    side = -1 if backward else 1
    try:
        return [row for row in rows if _compare(row, steps, place) == side]
    except TypeError:
        raise ApiError(400, "Invalid cursor token") from None


def _compare(row: Any, steps: Sequence[Step], place: Sequence[Any]) -> int:
    for step, there in zip(steps, place, strict=True):
        here = _plain(step.key(row))
        if here == there:
            continue
        after = there is None if here is None or there is None else here > there
        return 1 if after != step.descends else -1
    return 0


def _plain(value: Any) -> Any:
    """A value that JSON has and that sorts as before."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _encode(row: Any, steps: Sequence[Step]) -> str:
    values = json.dumps([_plain(step.key(row)) for step in steps], separators=(",", ":"))
    return base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")


def _decode(token: str, length: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except ValueError:
        raise ApiError(400, "Invalid cursor token") from None
    if not isinstance(values, list):
        raise ApiError(400, "Invalid cursor token structure")
    if len(values) != length:
        raise ApiError(400, "Cursor token does not match current query shape")
    return values
