"""One life of some things of a kind: each step is done to the target and to the model, and the two are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.checks.stateful.book import Book
from conformance.checks.stateful.client import Client, record
from conformance.checks.stateful.listing import Listing
from conformance.checks.stateful.model import Model, Said
from conformance.checks.stateful.resource import Change, Resource
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.target import Target


class Trial:
    """The things whose names begin with `base`, with the run's prefix if that is not given.

    `looks`: after each step its thing is looked at, else only the list.
    """

    def __init__(
        self,
        target: Target,
        judge: Judge,
        resource: Resource,
        place: Mapping[str, str],
        *,
        looks: bool = True,
        base: str = "",
    ) -> None:
        self.base = base or f"{target.new_name(resource.kind.name)}-"
        self.resource = resource
        self.looks = looks
        self.client = Client(target, resource, place)
        self.model = Model(resource)
        self._book = Book(judge, self.model)
        self.listing = Listing(self.client, self.model, self._book, self.base)

    def name(self, end: str) -> str:
        """A name with that end, cut to what the kind can keep."""
        return (self.base + end)[: self.resource.longest]

    def create(self, name: str, said: Said) -> None:
        """Create one: a conflict where there is one of that name, unless it is overwritten."""
        answer = self.client.create(name, said)
        if name in self.model and self.resource.again == "conflicts":
            self._conflict(name, answer)
        elif self._done(name, self.resource.kind.create, [answer], f"{self.resource} {name!r} is to be created"):
            self.model.create(name, said)
            self._shows(name, answer)
        self.look(name, answer)

    def create_wrongly(self, name: str, said: Said, flaw: Mapping[str, Any]) -> None:
        """Try to create one with something that is not allowed: it is refused, and nothing changes."""
        answer = self.client.create(name, {**said, **flaw})
        refused = answer.status is not None and 400 <= answer.status < 500
        told = f"a {self.resource} with {dict(flaw)} is to be refused; the answer was {answer.status}"
        self._book.that(name, refused, [answer], told)
        self.look(name, answer)

    def change(self, change: Change, name: str, said: Said, mask: Sequence[str] | None, new_name: str) -> None:
        """Change one: what is said, or of that what the mask names, and nothing else."""
        answer = self.client.change(change, name, said, mask, new_name)
        if name not in self.model:
            self._is(name, change.absent, answer, f"there is no {self.resource} {name!r} to change")
        elif self._done(name, change.operation, [answer], f"{self.resource} {name!r} is to be changed"):
            self.model.change(change, name, said, mask, new_name)
            self._shows(new_name, answer)
        for each in dict.fromkeys((name, new_name)):
            self.look(each, answer)

    def delete(self, name: str) -> None:
        """Delete one: it is gone, and a second time there is none to delete."""
        answer = self.client.delete(name)
        if name in self.model:
            self._done(name, self.resource.kind.delete, [answer], f"{self.resource} {name!r} is to be deleted")
            self.model.delete(name)
        else:
            self._is(name, self.resource.absent, answer, f"there is no {self.resource} {name!r} to delete")
        self.look(name, answer)

    def look(self, name: str, after: Exchange | None = None) -> None:
        """Look at one: it is as the model says, or is not there."""
        if name in self._book.lost or not self.looks:
            return
        seen = self.client.get(name)
        story = [*([after] if after else []), seen]
        if name not in self.model:
            told = f"there is to be no {self.resource} {name!r}; the answer was {seen.status}"
            self._book.that(name, seen.status == 404, story, told)
        elif self._done(name, self.resource.kind.get, story, f"{self.resource} {name!r} is to be there"):
            wanted, found = self.resource.told(self.model[name]), record(seen)
            shown = self.resource.seen(found, list(wanted))
            named = isinstance(found, dict) and found.get(self.resource.name_shown) == name
            self._book.that(name, shown == wanted, story, f"{name!r} is to be {wanted}; it is {shown}")
            self._book.that(name, named, story, f"what is asked for as {name!r} is to have that name")

    def follow(self, other: Trial, ends: Iterable[str], cause: Exchange) -> None:
        """Look whether those with these ends are as the others, now that one request has been made."""
        self._book.cause = cause
        for end in ends:
            self.model.delete(self.name(end))
            if other.name(end) in other.model:
                self.model.create(self.name(end), other.model[other.name(end)])
        self.listing.whole()

    def end(self) -> None:
        """Look at all that is left, and delete it."""
        if self.resource.kind.list:
            self.listing.whole()
        for name in self.model:
            if self.resource.kind.delete:
                self.delete(name)
            else:
                self.look(name)

    def _shows(self, name: str, answer: Exchange) -> None:
        """The answer to a write shows what came of it, as far as it shows anything."""
        found = record(answer)
        if isinstance(found, dict):
            wanted = {key: value for key, value in self.resource.told(self.model[name]).items() if key in found}
            shown = self.resource.seen(found, list(wanted))
            self._book.that(name, shown == wanted, [answer], f"the answer is to show {wanted}; it shows {shown}")

    def _conflict(self, name: str, answer: Exchange) -> None:
        """409 or, where the contract does not have it for the operation, another refusal."""
        documented = 409 in self.client.target.interface.operations[self.resource.kind.create].responses
        ok = answer.status == 409 or (not documented and answer.status in range(400, 500))
        told = f"a second {self.resource} {name!r} is a conflict (409); the answer was {answer.status}"
        self._book.that(name, ok, [answer], told)

    def _is(self, name: str, status: int, answer: Exchange, told: str) -> None:
        ok = answer.status == status
        self._book.that(name, ok, [answer], f"{told} ({status}); the answer was {answer.status}")

    def _done(self, name: str, operation: str, story: Sequence[Exchange], told: str) -> bool:
        ok = self.client.success(operation, story[-1])
        if self._book.that(name, ok, story, f"{told}; the answer was {story[-1].status}"):
            self._book.reach(story[-1])
        return ok and name not in self._book.lost
