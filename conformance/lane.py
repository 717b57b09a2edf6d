"""Where requests that write line up before they go to the target."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext

from conformance import meter
from conformance.exchange import Exchange

#: A write that fails after so many seconds has waited for another one: SQLite gives up after five.
STALL = 4.0


class Lane:
    """Lets writes through one at a time or, where the target stands it, `together`.

    One at a time is the rule: writes at the same time make an Airflow 3 on SQLite stall for up to half a minute and
    answer 500 (measured on 3.3.2). The first write that stalls beside others ends `together`.
    """

    def __init__(self) -> None:
        self.together = False
        self._one = threading.Lock()
        self._lock = threading.Lock()
        self._inside = self._entered = 0

    def through(self, talk: Callable[[], Exchange]) -> Exchange:
        """Send a write when it may go, and look what it came to where it went beside others."""
        with nullcontext() if self.together else self._one:
            with self._lock:
                beside = self._inside
                self._inside += 1
                self._entered += 1
                number = self._entered
            began = time.monotonic()
            try:
                exchange = talk()
            finally:
                with self._lock:
                    self._inside -= 1
        stalled = exchange.status is None or time.monotonic() - began > STALL
        if (beside or self._entered > number) and failed(exchange) and stalled:
            meter.current().crowded = True
            self.together = False
        return exchange


def failed(exchange: Exchange) -> bool:
    """Whether the target could not cope with a request."""
    return exchange.status is None or exchange.status >= 500
