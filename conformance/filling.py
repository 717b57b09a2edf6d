"""What filling a collection of a target comes to: what is known to be in it then, or why it could not be filled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conformance.exchange import Exchange

Key = tuple[Any, ...]


class FillError(Exception):
    """Something cannot be put into the target. One sentence that says why."""


@dataclass(frozen=True)
class Known:
    """Items known by their keys, or only how many; `exact`: there are no others in the narrowed collection."""

    keys: frozenset[Key] = frozenset()
    exact: bool = False
    count: int | None = None


def date(moment: datetime) -> str:
    """A date as bodies and queries have it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def expect(exchange: Exchange, status: int) -> Any:
    """The body of an answer that has this status; FillError for another one."""
    if exchange.status != status:
        came = exchange.error or f"{exchange.status} {exchange.response.text[:200] if exchange.response else ''}"
        raise FillError(
            f"{exchange.request.method} {exchange.request.path} was to fill a collection; it answered {came}"
        )
    return exchange.json() if exchange.response and exchange.response.body else None
