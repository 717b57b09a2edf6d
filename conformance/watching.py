"""Tells a story and looks, after each of its steps, at everything that the story watches.

A step changes what it touches and nothing else. What it undoes reads afterwards as it did before the story began: what
was deleted is gone from everything that told of it. What tells of it has every member that the body of the step said,
as far as it has such a member: a date may be written in another zone, and an object may have more in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from conformance.exchange import SAFE, Exchange, NotJson
from conformance.forms import Forms
from conformance.judge import Judge
from conformance.likeness import unlike
from conformance.needs import lacking
from conformance.stories import Step, Story
from conformance.target import Target
from conformance.telling import Decided, Teller
from specs.contract import Operation

Looks = Mapping[str, Exchange]


class Watcher(Teller):
    """Tells stories that watch something. `decided`: the requirements that they decide."""

    def __init__(self, target: Target, judge: Judge, forms: Forms, decided: Sequence[str]) -> None:
        super().__init__(target, judge, forms, Decided(decided, []))
        self._watched: dict[str, Step] = {}
        self._at_once = True
        self._first: Looks = {}
        self._last: Looks = {}

    def tell(self, story: Story) -> None:
        """Tell it; of what it watches only that which this version has, and for which there is all that it needs."""
        facts = self.judge.rules.facts
        self._watched = {
            name: step
            for name, step in story.watched.items()
            if step.told(self.target.interface) and not lacking(step.needs, facts)
        }
        self._first = self._last = {}
        told = story.told(self.target.interface)
        self._at_once = not any(step.marked for step in told)
        super().tell(story)

    def _step(self, step: Step) -> None:
        if not self._last and (step.marked or self._at_once):
            self._first = self._last = self._looks()
        super()._step(step)
        if self._last and (step.marked or step.awaits or self._writes(step)):
            self._compare(step)

    def _writes(self, step: Step) -> bool:
        return self.target.interface.operations[step.do].method not in SAFE

    def _looks(self) -> Looks:
        """Ask for all that is watched."""
        return dict(zip(self._watched, map(self._asked, self._watched.values()), strict=True))

    def _compare(self, step: Step) -> None:
        before, self._last = self._last, self._looks()
        for name, look in self._last.items():
            if name in step.may:
                continue
            if name in step.undoes:
                self._alike(self._first[name], look, f"{step.do} is to undo {name}")
            elif name in step.touches:
                self._that(_seen(look) != _seen(before[name]), look, f"{step.do} is to change {name}; it is as it was")
            else:
                self._alike(before[name], look, f"{step.do} is to leave {name} alone")
            if name in step.tells:
                self._tells(step, name, look)

    def _tells(self, step: Step, name: str, look: Exchange) -> None:
        """Whether a look, or one item of the list that it is, has what the body said."""
        said, shown = self.words.filled(step.body)["json"], _seen(look)[1]
        items = _items(self.target.interface.operations[self._watched[name].do], shown)
        faults = [_unsaid(said, each) for each in items if isinstance(each, Mapping)]
        why = min(faults, key=len, default="there is nothing")
        self._that(not why, look, f"{name} is to tell what {step.do} said; {why}")

    def _alike(self, before: Exchange, look: Exchange, wish: str) -> None:
        (was, had), (is_, has) = _seen(before), _seen(look)
        why = f"it was answered with {was}, it is with {is_}" if was != is_ else unlike(had, has) or unlike(has, had)
        for name in self.decided.work:
            self.judge.that(not why, [before, look], f"{wish}; {why}", requirement=name)

    def _reached(self, exchange: Exchange) -> None:
        """That an operation does its work is for the stories to say: they know more of each answer."""


def _items(operation: Operation, shown: Any) -> Sequence[Any]:
    """The items of a list; else the one thing that is shown."""
    listed = shown.get(operation.items) if isinstance(shown, Mapping) and operation.items else None
    return listed if isinstance(listed, list) else [shown]


def _unsaid(said: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Where what is shown is not what was said, of the members that both have; empty when it is."""
    both = {name: value for name, value in said.items() if name in shown}
    return unlike(_moments(both), {name: _moments(shown[name]) for name in both})


def _moments(value: Any) -> Any:
    """The value with texts that are dates with a zone as moments."""
    if isinstance(value, Mapping):
        return {name: _moments(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_moments(each) for each in value]
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return value
    return found.astimezone(UTC) if found and found.tzinfo else value


def _seen(look: Exchange) -> tuple[int | None, Any]:
    """What a look has seen: of what is not there only that."""
    if look.response is None or look.status != 200:
        return look.status, None
    try:
        return look.status, look.json()
    except NotJson:
        return look.status, look.response.text
