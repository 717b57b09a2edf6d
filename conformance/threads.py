"""Carries out the checks of a run in threads, as many at a time as requests may be in flight."""

from __future__ import annotations

import ast
import io
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from typing import Any
from unittest.mock import patch

import pytest

from conformance import waivers
from conformance.crew import Crew, News
from conformance.fixtures import JUDGE
from conformance.judge import Judge
from conformance.meter import Meter, metering
from conformance.outcome import Outcome
from conformance.run import Run
from conformance.supply import Supply
from conformance.verdict import Verdict

#: What a check comes to that ends a run where the first failure is enough.
FAILED = (Verdict.FAIL, Verdict.ERROR)
#: So many seconds are waited, when a run ends early, for checks that have not noticed it.
GRACE = 5.0
#: Up to so many checks are carried out again by themselves; when there are more, it is not the others' fault.
AGAIN = 10


class Enough(Exception):  # noqa: N818 (it says what happened)
    """A check has failed, and no more than that was asked for."""


class Threads:
    """The checks of one run. `equip` gives a check a new judge; `begun` and `ended` hear of it, in the main thread."""

    def __init__(
        self,
        run: Run,
        equip: Callable[[pytest.Item], object],
        begun: Callable[[pytest.Item], object],
        ended: Callable[[Outcome], object],
    ) -> None:
        self.run = run
        self._equip, self._begun, self._ended = equip, begun, ended
        self._levels = run.book.levels()
        self._supply = Supply()
        self._meters: dict[pytest.Item, Meter] = {}
        self._outcomes: dict[pytest.Item, Outcome] = {}
        self._doubted: dict[pytest.Item, Outcome] = {}
        self._enough = False

    def carry_out(self, items: Sequence[pytest.Item], *, enough: bool = False) -> None:
        """Carry out checks; Enough at the first that fails, where that is `enough`.

        The run has their outcomes in this order, also when it is interrupted.
        """
        self._enough = enough
        try:
            with _quiet(), _parsing_in_turn(), self._supply.ends:
                beside = [item for item in items if not self._alone(item)]
                self._side_by_side(sorted(beside, key=lambda item: not item.get_closest_marker("long")))
                for item in items:
                    if item in self._doubted and len(self._doubted) > AGAIN:
                        self._note(item, self._doubted[item])
                    elif item not in self._outcomes:
                        self._by_itself(item)
        finally:
            seen = {**self._doubted, **self._outcomes}
            for item in items:
                if item in seen:
                    self.run.record(seen[item])

    def _alone(self, item: pytest.Item) -> bool:
        mark = item.get_closest_marker("alone")
        return mark is not None and (not mark.args or self.run.profile.api in mark.args)

    def _side_by_side(self, items: Sequence[pytest.Item]) -> None:
        crew = Crew(self.run.options.workers, items, self._check)
        try:
            for news in crew.news():
                self._hear(news)
        except BaseException:
            self._stop()
            for news in crew.last_news(GRACE):
                self._hear(news)
            raise

    def _hear(self, news: News[pytest.Item, Outcome]) -> None:
        if news.found is None:
            self._begun(news.check)
        elif self._doubtful(news.check, news.found):
            self._doubted[news.check] = news.found
        else:
            self._note(news.check, news.found)

    def _doubtful(self, item: pytest.Item, outcome: Outcome) -> bool:
        """Whether what it found may come of others' requests: then it is carried out once more, by itself."""
        return self._meters[item].crowded and outcome.overall(self._levels) in FAILED

    def _by_itself(self, item: pytest.Item) -> None:
        self._begun(item)
        if item in self._meters:
            self._equip(item)
        self._note(item, self._check(item))

    def _note(self, item: pytest.Item, outcome: Outcome) -> None:
        self._outcomes[item] = outcome
        self._ended(outcome)
        if self._enough and outcome.overall(self._levels) in FAILED:
            raise Enough

    def _stop(self) -> None:
        for meter in list(self._meters.values()):
            meter.stop()
        if self.run.target:
            self.run.target.break_off()

    def _check(self, item: pytest.Item) -> Outcome:
        """Carry out one check, in whatever thread this is."""
        judge, began = item.stash[JUDGE], time.monotonic()
        self._meters[item] = Meter()
        with metering(self._meters[item]) as meter:
            self._call(item, judge)
        waivers.apply(self.run.waivers, judge.outcome)
        judge.outcome.seconds = round(time.monotonic() - began, 3)
        judge.outcome.requests = meter.sent
        return judge.outcome

    def _call(self, item: pytest.Item, judge: Judge) -> None:
        ends = ExitStack()
        with _noted(judge):
            assert isinstance(item, pytest.Function)  # noqa: S101 (checks are functions)
            item.obj(**self._supply.of(item, ends))
            judge.finish()
        with _noted(judge):
            ends.close()


@contextmanager
def _noted(judge: Judge) -> Iterator[None]:
    """Let the judge know what ends this, unless it ends the run."""
    try:
        yield
    except (KeyboardInterrupt, pytest.exit.Exception):
        raise
    except BaseException as error:  # noqa: BLE001 (a skip is no Exception)
        judge.ended_by(error)


@contextmanager
def _parsing_in_turn() -> Iterator[None]:
    """Let one thread at a time make a syntax tree, as Hypothesis does of functions that it draws with.

    CPython 3.11 counts the depth of all trees that are being made in one place: a thread that takes over in the midst
    of one, as it may when garbage is collected, ends both in a SystemError (measured, 3.11.7; not so on 3.12).
    """
    parse, lock = ast.parse, threading.RLock()

    def in_turn(*arguments: Any, **options: Any) -> Any:
        with lock:
            return parse(*arguments, **options)

    with patch.object(ast, "parse", in_turn):
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what checks print and what libraries warn of from the terminal, as pytest does."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
