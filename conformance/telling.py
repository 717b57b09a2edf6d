"""Tells a story: sends its requests one after the other and looks whether each answer is as it is to be."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.exchange import Exchange, NotJson, Response
from conformance.forms import Forms
from conformance.judge import Judge
from conformance.lane import STALL, failed
from conformance.likeness import pointed, unlike
from conformance.needs import lacking
from conformance.sense import nonsense
from conformance.stories import Step, Story
from conformance.target import Target
from conformance.words import NotToBeHad, Words
from specs.contract import Operation

#: So long is waited for what somebody else has to do, such as a scheduler; in seconds.
PATIENCE = 180.0
#: The first pause between two looks, and the longest.
PAUSE, LONGEST = 0.1, 1.0
#: So often a step is told again that the target could not do for the moment.
TRIES, BUSY = 5, 503
#: So many pages of a list are looked through.
PAGES = 20


@dataclass(frozen=True)
class Decided:
    """The requirements that a story decides: that operations do their work, and that answers have their form."""

    work: Sequence[str]
    form: Sequence[str]


class _Over(Exception):  # noqa: N818 (it says what happened)
    """The rest of the story has no sense any more; the judge knows why."""


class Teller:
    """Tells stories to one judge. `patience`: how long a step may wait, in seconds."""

    def __init__(
        self, target: Target, judge: Judge, forms: Forms, decided: Decided, *, patience: float = PATIENCE
    ) -> None:
        self.target = target
        self.judge = judge
        self.forms = forms
        self.decided = decided
        self.patience = patience
        self.words = Words(target)

    def tell(self, story: Story) -> None:
        """Tell those steps of a story for which there is all that they need."""
        facts = self.judge.rules.facts
        try:
            for step in story.told(self.target.interface):
                if not lacking(step.needs, facts):
                    self._step(step)
        except NotToBeHad as error:
            self.judge.unreached(f"{story.name}: {error}")
        except _Over:
            return

    def _step(self, step: Step) -> None:
        operation = self.target.interface.operations[step.do]
        exchange = self._awaited(step, operation) if step.awaits else self._asked(step)
        if exchange.response is None:
            self.judge.that(False, exchange, "there was no answer")
            raise _Over
        wanted = step.wanted(operation)
        right = exchange.status in wanted
        self._that(right, exchange, f"{step.do} is to answer {_either(wanted)}; it was {exchange.status}")
        if not right and (step.keep or not self._excused()):
            raise _Over
        if right and step.reaches(operation):  # the form of refusals has checks of its own
            self._succeeded(step, operation, exchange, exchange.response)
        self._keep(step, exchange)

    def _excused(self) -> bool:
        """Whether all that was wrong so far is what Airflow is known for: then the story goes on."""
        return all(each.excused for each in self.judge.outcome.violations)

    def _succeeded(self, step: Step, operation: Operation, exchange: Exchange, response: Response) -> None:
        fault = self.forms.fault(operation, response) or nonsense(response)
        self._formed(fault, exchange)
        unmet = list(self._unmet(step, operation, exchange, response))
        for each in unmet:
            self._that(False, exchange, f"{step.do}: {each}")
        if not unmet:
            self._reached(exchange)

    def _reached(self, exchange: Exchange) -> None:
        self.judge.reached(exchange)

    def _asked(self, step: Step, more: Mapping[str, Any] | None = None) -> Exchange:
        """Send a step's request; again while the target is busy with what others write, its scheduler for one."""
        exchange = self._sent(step, more or {})
        for _ in range(TRIES):
            if not _busy(exchange):
                break
            time.sleep(PAUSE)
            exchange = self._sent(step, more or {})
        return exchange

    def _sent(self, step: Step, more: Mapping[str, Any]) -> Exchange:
        filled = self.words.filled
        query = {name: value for name, value in {**step.query, **more}.items() if self._takes(step, name)}
        return self.target.call(
            step.do,
            params=filled(step.params),
            query=filled(query),
            headers=list(filled(step.headers).items()),
            **filled(step.body),
            **({"token": self.target.token(step.role or "admin", fresh=True)} if step.fresh else {"role": step.role}),
        )

    def _takes(self, step: Step, name: str) -> bool:
        """Whether this version has a query parameter; what it does not narrow it need not."""
        return self.target.interface.operations[step.do].parameter(name) is not None

    def _awaited(self, step: Step, operation: Operation) -> Exchange:
        """Ask until the answer is as awaited; Unreached when it is not in time."""
        end, pause = time.monotonic() + self.patience, PAUSE
        while True:
            exchange = self._asked(step)
            found = _json(exchange) if exchange.response else None
            if exchange.response is None or exchange.status not in step.wanted(operation):
                return exchange
            if not (why := unlike(self.words.filled(step.awaits), found)):
                return exchange
            if time.monotonic() >= end:
                self.judge.evidence(exchange)
                self.judge.unreached(f"{step.do}: after {self.patience:g} s {why}")
            time.sleep(pause)
            pause = min(2 * pause, LONGEST)

    def _unmet(self, step: Step, operation: Operation, exchange: Exchange, response: Response) -> Iterator[str]:
        """What is not as the step has it, in words."""
        if step.media and response.media != step.media:
            yield f"the answer is to be {step.media}; it is {response.media or 'without a type'}"
        for text in self.words.filled(step.text):
            if str(text) not in response.text:
                yield f"the answer is to have the text {text!r}; it has {response.text[:200]!r}"
        for name, part in self.words.filled(step.answers).items():
            if str(part) not in (response.header(name) or ""):
                yield f"the header {name} is to have {part!r}; it is {response.header(name)!r}"
        if step.has or step.lists or step.shows:
            yield from self._content(step, operation, exchange)

    def _content(self, step: Step, operation: Operation, exchange: Exchange) -> Iterator[str]:
        found = _json(exchange)
        yield from filter(None, (unlike(each, found) for each in self.words.filled(step.has)))
        for wanted in self.words.filled(step.lists):
            count = self._count(step, operation, found, wanted)
            if count != step.count:
                yield f"it is to list {step.count} like {str(wanted)[:200]}; it lists {count}"
        yield from (f"{pointer} is not there" for pointer in step.shows if _at(pointer, found) is None)

    def _count(self, step: Step, operation: Operation, found: Any, wanted: Any) -> int:
        """How many items of a list are as wanted; where they are too few, on later pages too, each item once."""
        page, offset, alike = _items(operation, found), 0, list[Any]()
        for _ in range(PAGES):
            alike += [item for item in page if not unlike(wanted, item) and (not offset or item not in alike)]
            offset += len(page)
            if not page or not operation.paged or len(alike) >= step.count or offset >= _total(found):
                break
            page = _items(operation, _json(self._asked(step, {"offset": offset})))
        return len(alike)

    def _keep(self, step: Step, exchange: Exchange) -> None:
        for word, pointers in step.keep.items():
            found = _json(exchange)
            value = next((one for each in pointers if (one := _at(each, found)) is not None), None)
            if value is None:
                self._that(False, exchange, f"{step.do}: {' or '.join(pointers)} is not there")
                raise _Over
            self.words.keep(word, value)
        for kind, ids in self.words.filled(step.owns).items():
            self.target.took(kind, ids)

    def _that(self, ok: bool, exchange: Exchange, message: str) -> None:
        for name in self.decided.work:
            self.judge.that(ok, exchange, message, requirement=name)

    def _formed(self, fault: str, exchange: Exchange) -> None:
        for name in self.decided.form:
            self.judge.that(not fault, exchange, fault or "the answer has its form", requirement=name)


def _busy(exchange: Exchange) -> bool:
    """Whether the target says that it is busy, or gave up after it had waited for its database."""
    if exchange.response is None:
        return False
    return exchange.status == BUSY or (failed(exchange) and exchange.response.seconds > STALL)


def _either(statuses: Sequence[int]) -> str:
    return " or ".join(map(str, statuses))


def _json(exchange: Exchange) -> Any:
    try:
        return exchange.json()
    except NotJson:
        return None


def _at(pointer: str, value: Any) -> Any:
    try:
        return pointed(pointer, value)
    except LookupError:
        return None


def _total(found: Any) -> int:
    """How many items a list says that it has; beyond all where it does not say."""
    total = found.get("total_entries") if isinstance(found, Mapping) else None
    return total if isinstance(total, int) else sys.maxsize


def _items(operation: Operation, found: Any) -> list[Any]:
    """The items of a list: the answer itself, its member that the contract has for them, or its only list."""
    if isinstance(found, list):
        return found
    if not isinstance(found, Mapping):
        return []
    named = found.get(operation.items) if operation.items else None
    lists = [named] if isinstance(named, list) else [each for each in found.values() if isinstance(each, list)]
    return lists[0] if len(lists) == 1 else []
