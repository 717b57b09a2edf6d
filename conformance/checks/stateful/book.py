"""What a trial has found so far: what counts no more, what was reached, and what all of it has come of."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.checks.stateful.model import Model
from conformance.exchange import Exchange
from conformance.judge import Judge


class Book:
    """Tells the judge. What the target is known to do otherwise is `lost`: nobody knows how it is now.

    `cause`: the request, if it is one, that all that is then found has come of.
    """

    def __init__(self, judge: Judge, model: Model) -> None:
        self.lost: set[str] = set()
        self.cause: Exchange | None = None
        self._judge = judge
        self._model = model
        self._reached: set[tuple[str | None, int | None]] = set()

    def that(self, name: str, ok: bool, story: Sequence[Exchange], told: str) -> bool:
        """Judge something about one thing."""
        if name in self.lost:
            return False
        if not self.of_all(ok, story, told):
            self.lost.add(name)
            self._model.delete(name)
        return ok

    def of_all(self, ok: bool, story: Sequence[Exchange], told: str) -> bool:
        """Judge something about all of the things."""
        return self._judge.that(ok, [*story, *([self.cause] if self.cause else [])], told)

    def reach(self, exchange: Exchange) -> None:
        """Enter what was reached in the ledger, each once."""
        key = (exchange.request.operation, exchange.status)
        if key not in self._reached:
            self._reached.add(key)
            self._judge.reached(exchange)
