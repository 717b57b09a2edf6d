"""What one check sends, from whichever thread: how much it is, and that no more may come once the run has to end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


class Stopped(KeyboardInterrupt):
    """The run ends early, and a check wants to send something: it is not sent. No check can take it for a finding."""


@dataclass(eq=False)
class Meter:
    """`sent` requests so far. `stopped`: nothing more is sent. `crowded`: one got stuck among others."""

    sent: int = 0
    stopped: bool = False
    crowded: bool = False

    def stop(self) -> None:
        """Let nothing more be sent."""
        self.stopped = True

    def pass_by(self) -> None:
        """Stopped when nothing more may be sent."""
        if self.stopped:
            raise Stopped


#: Stands for whatever is sent outside of a check.
_NOBODY = Meter()
_CURRENT: ContextVar[Meter] = ContextVar("meter", default=_NOBODY)


def current() -> Meter:
    """The meter of the check for which this thread is at work."""
    return _CURRENT.get()


@contextmanager
def metering(meter: Meter) -> Iterator[Meter]:
    """Count what this thread, and those that work for it, send."""
    token = _CURRENT.set(meter)
    try:
        yield meter
    finally:
        _CURRENT.reset(token)
