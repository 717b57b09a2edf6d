"""Carries out checks, several at a time, each in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

Check = TypeVar("Check")
Found = TypeVar("Found")


@dataclass(frozen=True)
class News(Generic[Check, Found]):
    """What a thread tells: it has begun a check or, with `found` or `error`, has come to its end."""

    check: Check
    found: Found | None = None
    error: BaseException | None = None


class Crew(Generic[Check, Found]):
    """`workers` threads that carry out checks and begin them in their order.

    A thread that raises has found a fault of ours, or that the run is to end: it is raised where the news is heard.
    """

    def __init__(self, workers: int, checks: Iterable[Check], carry_out: Callable[[Check], Found]) -> None:
        self._carry_out = carry_out
        self._left = iter(checks)
        self._lock = threading.Lock()
        self._news: SimpleQueue[News[Check, Found] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, name=f"check-{n}", daemon=True) for n in range(workers)]

    def news(self) -> Iterator[News[Check, Found]]:
        """Let them work, and hear of it until all is done."""
        for thread in self._threads:
            thread.start()
        working = len(self._threads)
        while working:
            told = self._news.get()
            if told is None:
                working -= 1
            elif told.error:
                raise told.error
            else:
                yield told

    def last_news(self, seconds: float) -> Iterator[News[Check, Found]]:
        """Let none begin another check; hear for at most so many seconds of those that end."""
        with self._lock:
            self._left = iter(())
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        try:
            while True:
                told = self._news.get_nowait()
                if told and not told.error:
                    yield told
        except Empty:
            return

    def _work(self) -> None:
        try:
            for check in self._mine():
                self._news.put(News(check))
                self._news.put(News(check, self._carry_out(check)))
        except BaseException as error:  # noqa: BLE001 (raised where the news is heard)
            self._news.put(News(check, error=error))
        finally:
            self._news.put(None)

    def _mine(self) -> Iterator[Check]:
        """The checks that fall to one thread."""
        while True:
            with self._lock:
                try:
                    check = next(self._left)
                except StopIteration:
                    return
            yield check
