"""Which of the media types on offer a client wants, as Flask finds out (measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.operations import Call

HTML = "text/html; charset=utf-8"


def best(call: Call, *offers: str) -> str | None:
    """The offer that the Accept header rates best; of equals the one it names more exactly, then the first.

    None when it wants none of them, which is also so when there is no such header.
    """
    rated = [(rate, exact, -place, offer) for place, offer in enumerate(offers) for rate, exact in _rates(call, offer)]
    return max(rated)[-1] if rated else None


def _rates(call: Call, offer: str) -> list[tuple[float, int]]:
    """How much the client wants the offer, and how exactly it says so: one pair for each range that covers it."""
    ranges = (_range(part) for part in call.headers.get("accept", "").split(","))
    return [(rate, _exactness(wanted)) for wanted, rate in ranges if rate > 0 and _covers(wanted, offer)]


def _range(part: str) -> tuple[str, float]:
    """A media range with its parameters, and its quality."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = [piece[2:] for piece in parameters if piece.startswith("q=")]
    kept = [piece for piece in parameters if not piece.startswith("q=")]
    return ";".join([name, *kept]), _number(quality)


def _number(texts: Sequence[str]) -> float:
    try:
        return max(0.0, min(1.0, float(texts[0]))) if texts else 1.0
    except ValueError:
        return 1.0


def _covers(wanted: str, offer: str) -> bool:
    kind, _, subtype = wanted.partition("/")
    return wanted in ("*/*", "*", offer) or (subtype == "*" and offer.startswith(f"{kind}/"))


def _exactness(wanted: str) -> int:
    return sum(part != "*" for part in wanted.partition("/")[::2])
