"""Does an exchange show a known departure of real Airflow?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from conformance.exchange import Exchange, Request, Response
from specs.departures import Departure, Pattern
from specs.versions import Version


def departure_of(
    departures: Iterable[Departure],
    requirement: str,
    version: Version,
    facts: Mapping[str, object],
    exchange: Exchange,
) -> Departure | None:
    """The departure that accounts for a violation of the requirement by this exchange, if one does."""
    for departure in departures:
        expected = requirement in departure.requirements and departure.expected(version, facts)
        if expected and shows(departure.pattern, exchange):
            return departure
    return None


def shows(pattern: Pattern, exchange: Exchange) -> bool:
    """Whether the exchange looks as the pattern says, request and answer; never without an answer."""
    if exchange.response is None:
        return False
    return _asked(pattern, exchange.request) and _answered(pattern, exchange.response)


def _asked(pattern: Pattern, request: Request) -> bool:
    return (
        (not pattern.method or request.method in pattern.method)
        and fnmatchcase(request.path, pattern.path)
        and re.search(pattern.query, request.query) is not None
        and all(_fits(request.header(name), wanted) for name, wanted in pattern.sent.items())
        and re.search(pattern.sent_body, (request.body or b"").decode("utf-8", "replace")) is not None
        and pattern.sent_json in (None, _is_json(request.body or b""))
    )


def _is_json(body: bytes) -> bool:
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _answered(pattern: Pattern, response: Response) -> bool:
    return (
        (not pattern.status or response.status in pattern.status)
        and all(_has(response, name, wanted) for name, wanted in pattern.headers.items())
        and re.search(pattern.body, response.text) is not None
    )


def _has(response: Response, name: str, wanted: str | None) -> bool:
    values = response.all(name)
    if wanted is None:
        return not values
    return any(re.search(wanted, value) for value in values)


def _fits(value: str | None, wanted: str) -> bool:
    return value is not None and re.search(wanted, value) is not None
