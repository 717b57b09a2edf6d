"""What the answers of the experimental API hold, of whatever shape they turn out to be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from conformance.exchange import Exchange, NotJson
from conformance.judge import Judge


def content(exchange: Exchange) -> Any:
    """What a successful answer holds as JSON; None of any other."""
    try:
        return exchange.json() if exchange.status == 200 else None
    except NotJson:
        return None


def record(exchange: Exchange) -> dict[str, Any]:
    """The object that a successful answer holds; an empty one where it holds none."""
    found = content(exchange)
    return found if isinstance(found, dict) else {}


def records(exchange: Exchange, member: str | None = None) -> list[dict[str, Any]]:
    """The objects in the list that a successful answer holds, or that stands in a member of it."""
    found = record(exchange).get(member) if member else content(exchange)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def moment(text: object) -> datetime | None:
    """The moment that a date stands for, in UTC where it says no zone; None for what is no date."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def succeeded(judge: Judge, exchange: Exchange, what: str, requirement: str | None = None) -> bool:
    """Judge that a request was answered with success."""
    ok = exchange.status == 200
    return judge.that(ok, exchange, f"{what}; the answer was {exchange.status}", requirement=requirement)


def refused(judge: Judge, exchange: Exchange, what: str, *statuses: int, requirement: str | None = None) -> bool:
    """Judge that a request was refused: with one of these statuses or, without any, with one from 400 to 499."""
    ok = exchange.status in (statuses or range(400, 500))
    wanted = " or ".join(map(str, statuses)) or "4xx"
    message = f"{what} is to be refused with {wanted}; the answer was {exchange.status}"
    return judge.that(ok, exchange, message, requirement=requirement)
