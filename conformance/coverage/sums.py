"""Adds up what was sent and what came, by operation; a listener of every exchange of a run."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from conformance.coverage.parts import Point
from conformance.coverage.request import Requests
from conformance.exchange import Exchange
from specs.contract import Interface


@dataclass(frozen=True)
class Sent:
    """One operation after the run. `statuses`: how often each came, None for no answer; `parts`: place -> keyword ->
    "valid", "invalid" or an enumeration's value -> how often it was sent.

    What is documented, or can be sent, and never was has a 0.
    """

    id: str
    requests: int
    statuses: Mapping[int | None, int]
    documented: frozenset[int]
    parts: Mapping[str, Mapping[str, Mapping[str, int]]]

    @cached_property
    def never(self) -> list[str]:
        """What was never sent, and the documented statuses that never came, in words."""
        unsent = [" ".join(point) for point, times in self._points() if not times]
        return unsent + [f"status {status}" for status in sorted(self.documented) if not self.statuses.get(status)]

    @cached_property
    def total(self) -> int:
        """How many things there are that can be sent or come."""
        return sum(1 for _ in self._points()) + len(self.documented)

    @property
    def seen(self) -> int:
        """How many of them were sent or came."""
        return self.total - len(self.never)

    def _points(self) -> Iterator[tuple[Point, int]]:
        for part, keywords in self.parts.items():
            for keyword, outcomes in keywords.items():
                for outcome, times in outcomes.items():
                    yield (part, keyword, outcome), times


class Coverage:
    """What a run has sent. Safe to be told from many threads."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface
        self._plans: dict[str, Requests] = {}
        self._points: dict[str, Counter[Point]] = {}
        self._statuses: dict[str, Counter[int | None]] = {}
        self._lock = threading.Lock()

    def note(self, exchange: Exchange) -> None:
        """Count one exchange; what is no operation's is not counted."""
        name = exchange.request.operation
        if name is None or name not in self._interface.operations:
            return
        points = self._plan(name).look(exchange.request)
        with self._lock:
            self._points.setdefault(name, Counter()).update(points)
            self._statuses.setdefault(name, Counter())[exchange.status] += 1

    def to_json(self) -> list[Any]:
        """The counts in JSON types."""
        with self._lock:
            return [
                [name, list(self._statuses[name].items()), [[*point, times] for point, times in points.items()]]
                for name, points in self._points.items()
            ]

    def add(self, told: Sequence[Any]) -> None:
        """Add the counts of another process, as `to_json` gave them."""
        for name, statuses, points in told:
            self._statuses.setdefault(name, Counter()).update(dict(statuses))
            counted = {(part, keyword, outcome): times for part, keyword, outcome, times in points}
            self._points.setdefault(name, Counter()).update(counted)

    def sent(self) -> list[Sent]:
        """Every operation of the interface with what was sent to it."""
        return [self._sent(name) for name in self._interface.operations]

    def _sent(self, name: str) -> Sent:
        counted, came = self._points.get(name, Counter()), self._statuses.get(name, Counter())
        parts: dict[str, dict[str, dict[str, int]]] = {}
        for point in self._plan(name).points():
            part, keyword, outcome = point
            parts.setdefault(part, {}).setdefault(keyword, {})[outcome] = counted[point]
        documented = frozenset(self._interface.operations[name].responses)
        return Sent(name, came.total(), dict(came), documented, parts)

    def _plan(self, name: str) -> Requests:
        if name not in self._plans:
            self._plans[name] = Requests(self._interface, self._interface.operations[name])
        return self._plans[name]
