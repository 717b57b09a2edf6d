"""Work in processes of its own that have everything imported already: several at a time, as copies of this one.

Importing the suite takes longer than most deviations take to be found. This process must have no thread when it forks.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

T = TypeVar("T")
K = TypeVar("K")
CONTEXT = multiprocessing.get_context("fork")
#: A piece of work that takes longer is ended.
SECONDS = 420.0
LOOK_EVERY = 5.0


@dataclass(frozen=True)
class Failure:
    """What went wrong in a process, in a line or as a traceback."""

    text: str


@dataclass
class _Running(Generic[K]):
    key: K
    process: Any
    told: Connection
    ends: float

    def over(self) -> bool:
        """Whether it has told what came of it, or will not any more."""
        return self.told.poll() or not self.process.is_alive() or time.monotonic() > self.ends

    def outcome(self) -> Any:
        """What it has told; afterwards neither it nor anything that it has started is left."""
        try:
            return self.told.recv() if self.told.poll() else Failure("the process ended, or took too long")
        except EOFError:
            return Failure("the process ended without a word")
        finally:
            self.end()

    def end(self) -> None:
        """End it, and what it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.join()


def outcomes(work: Iterable[tuple[K, Callable[[], T]]], jobs: int) -> Iterator[tuple[K, T | Failure]]:
    """Do pieces of work, so many at a time; gives what each returns, as they end."""
    pending, running = iter(work), list[_Running[K]]()
    try:
        while True:
            running += [_begun(*piece) for piece in islice(pending, jobs - len(running))]
            if not running:
                return
            wait([each.told for each in running] + [each.process.sentinel for each in running], timeout=LOOK_EVERY)
            for each in [each for each in running if each.over()]:
                running.remove(each)
                yield each.key, each.outcome()
    finally:
        for each in running:
            each.end()


def _begun(key: K, work: Callable[[], T]) -> _Running[K]:
    here, there = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_do, args=(work, there))
    process.start()
    there.close()
    return _Running(key, process, here, time.monotonic() + SECONDS)


def _do(work: Callable[[], T], told: Connection) -> None:
    os.setsid()  # what it starts is ended with it
    try:
        told.send(work())
    except BaseException:  # noqa: BLE001 - the other side hears of it, whatever it is
        told.send(Failure(traceback.format_exc(limit=-3)))
