"""Requests each with one thing wrong, which the guard lets through."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.exchange import Exchange, Request
from conformance.generation.asking import Ask
from conformance.generation.own import Own
from conformance.generation.wrong import Wrong, Wrongs
from conformance.guard import GuardRefusal
from conformance.strategies.harmless import Harmless
from conformance.target import UNSET, Target
from conformance.transport import NotSendable
from specs.contract import Operation

#: So many values are tried until the guard lets one through.
_TRIED = 8


@dataclass(frozen=True)
class Trial:
    """One request, what is wrong with it, and the value that is."""

    wrong: Wrong
    value: Any
    request: Request

    def __str__(self) -> str:
        value = "left out" if self.value is UNSET else repr(self.value)
        return f"{self.request.operation}: {self.wrong}: {value[:200]}"


class Trials:
    """Makes them for one operation. `unsent` has what no value could be found for that the guard lets through."""

    def __init__(self, target: Target, wrongs: Wrongs, operation: Operation, own: Own) -> None:
        self.target = target
        self.operation = operation
        harmless = Harmless(target, target.new_name("wrong"))
        self._ask = Ask.harmless(harmless, operation, own.path(operation))
        self._wrongs = wrongs
        self.unsent: list[str] = []
        self._reading = self._witness(harmless)

    def made(self, dice: random.Random, most: int) -> Iterator[Trial]:
        """At most so many requests for each keyword of each parameter and property."""
        for wrong in self._wrongs.of(self.operation.id, self._ask.body):
            found = list(self._of(wrong, self._chosen(wrong, dice), most))
            if not found:
                self.unsent.append(str(wrong))
            yield from found

    def seen(self) -> Exchange | None:
        """What they are about, as an admin sees it now; None where nothing shows it."""
        return self.target.send(self._reading) if self._reading else None

    def _chosen(self, wrong: Wrong, dice: random.Random) -> Sequence[Any]:
        """The first value, the others in any order, and at last some about what is the run's."""
        others = list(wrong.values[1:])
        dice.shuffle(others)
        own = self.target.new_name("wrong")
        mine = [_named(own, each) for each in wrong.values if isinstance(each, str)]
        sure = [each for each in (*mine[:2], [own], {own: own}) if self._wrongs.beyond_doubt(wrong, each)]
        return [*wrong.values[:1], *others[:_TRIED], *sure]

    def _of(self, wrong: Wrong, values: Sequence[Any], most: int) -> Iterator[Trial]:
        count = 0
        for value in values:
            if count == most:
                return
            if (request := self._request(wrong, value)) is not None:
                count += 1
                yield Trial(wrong, value, request)

    def _request(self, wrong: Wrong, value: Any) -> Request | None:
        """The request; None when the guard or the wire does not let it through."""
        try:
            request = self._ask.with_value(wrong, value).request(self.target)
            self.target.guard.check(request)
        except (GuardRefusal, NotSendable, UnicodeEncodeError, ValueError):
            return None
        return request

    def _witness(self, harmless: Harmless) -> Request | None:
        """How to read what they would create or change."""
        for kind in self.target.kinds.values():
            read = self.target.interface.operations.get(kind.get)
            if read is None:
                continue
            if self.operation.id == kind.create and kind.field and not kind.within:
                return self.target.request(kind.get, params={kind.param: harmless.name})
            if self.operation.path == read.path and self.operation.method in ("PATCH", "PUT"):
                return self.target.request(kind.get, params=self._ask.path)
        return None


def _named(own: str, value: str) -> str:
    """A value that begins with a name of the run's, as long as it was where it is longer than that."""
    return own + (value[len(own) :] if len(value) > len(own) else value)
