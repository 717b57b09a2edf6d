"""How answers to generated requests are judged: the server does not fail, and nothing else is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from conformance.exchange import Exchange, Response
from conformance.judge import Judge

SOUND = ("PUB-API-004", "STB-API-004", "EXP-API-008")
#: What a server fails with, and all beyond.
FAILURE = 500


def judged(
    judge: Judge, exchange: Exchange, about: str, requirements: Sequence[str], fault: Callable[[Response], str]
) -> None:
    """Judge an answer. `fault` says what is wrong with it, against `requirements`; nothing, when that is empty."""
    status = exchange.status or 0
    for name in SOUND:
        judge.that(status < FAILURE, exchange, f"{about}: the server fails, with {status}", requirement=name)
    found = fault(exchange.response) if exchange.response and status < FAILURE else ""
    for name in requirements:
        judge.that(not found, exchange, found, requirement=name)
