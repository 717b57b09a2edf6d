"""One life of some things of a kind: each step is done to the target and to the model, and the two are compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conformance.checks.stateful.client import Client, record
from conformance.checks.stateful.model import Model, Said
from conformance.checks.stateful.resource import Change, Resource
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.sorting import misplaced
from conformance.target import Target

#: So often a list that cannot be narrowed is read before it is believed: while it is read others may change it.
_READINGS = 3


class Trial:
    """The things whose names begin with `base`. What the target is known to do otherwise is looked at no more.

    `cause`: the request, if it is one, that all that is then found has come of.
    """

    def __init__(self, target: Target, judge: Judge, resource: Resource, place: Mapping[str, str]) -> None:
        self.base = f"{target.new_name(resource.kind.name)}-"
        self.resource = resource
        self.client = Client(target, resource, place)
        self.model = Model(resource)
        self._judge = judge
        self.cause: Exchange | None = None
        self._lost: set[str] = set()
        self._reached: set[tuple[str | None, int | None]] = set()

    def name(self, end: str) -> str:
        """A name with that end, cut to what the kind can keep."""
        return (self.base + end)[: self.resource.longest]

    def create(self, name: str, said: Said) -> None:
        """Create one: a conflict where there is one of that name, unless it is overwritten."""
        answer = self.client.create(name, said)
        if name in self.model and self.resource.again == "conflicts":
            self._that(name, answer.status == 409, [answer], f"a second {self} {name!r} is a conflict")
        elif self._done(name, self.resource.kind.create, answer, f"{self} {name!r} is to be created"):
            self.model.create(name, said)
            self._shows(name, answer)
        self.look(name, answer)

    def create_wrongly(self, name: str, said: Said, flaw: Mapping[str, Any]) -> None:
        """Try to create one with something that is not allowed: it is refused, and nothing changes."""
        answer = self.client.create(name, {**said, **flaw})
        refused = answer.status is not None and 400 <= answer.status < 500
        self._that(name, refused, [answer], f"a {self} with {dict(flaw)} is to be refused")
        self.look(name, answer)

    def change(self, change: Change, name: str, said: Said, mask: Sequence[str] | None, new_name: str) -> None:
        """Change one: what is said, or of that what the mask names, and nothing else."""
        answer = self.client.change(change, name, said, mask, new_name)
        if name not in self.model:
            self._that(name, answer.status == change.absent, [answer], f"there is no {self} {name!r} to change")
        elif self._done(name, change.operation, answer, f"{self} {name!r} is to be changed"):
            self.model.change(change, name, said, mask, new_name)
            self._shows(new_name, answer)
        for each in dict.fromkeys((name, new_name)):
            self.look(each, answer)

    def delete(self, name: str) -> None:
        """Delete one: it is gone, and a second time there is none to delete."""
        answer = self.client.delete(name)
        if name in self.model:
            self._done(name, self.resource.kind.delete, answer, f"{self} {name!r} is to be deleted")
            self.model.delete(name)
        else:
            wish = f"there is no {self} {name!r} to delete"
            self._that(name, answer.status == self.resource.absent, [answer], wish)
        self.look(name, answer)

    def look(self, name: str, after: Exchange | None = None) -> None:
        """Look at one: it is as the model says, or is not there."""
        if name in self._lost:
            return
        seen = self.client.get(name)
        story = [*([after] if after else []), seen]
        if name not in self.model:
            self._that(name, seen.status == 404, story, f"there is to be no {self} {name!r}")
        elif self._done(name, self.resource.kind.get, seen, f"{self} {name!r} is to be there", story):
            wanted, found = self._wanted(name), record(seen)
            shown = self.resource.seen(found, list(wanted))
            named = isinstance(found, dict) and found.get(self.resource.name_shown) == name
            self._that(name, shown == wanted, story, f"{self} {name!r} is to be {wanted}; it is {shown}", told_all=True)
            self._that(name, named, story, f"what is asked for as {name!r} is to have that name", told_all=True)

    def list(self) -> None:
        """List them: each once, as the model says, and counted."""
        wanted, found, pages, page = sorted(set(self.model) - self._lost), [], [], None
        for _ in range(1 if self.client.narrows else _READINGS):
            found, pages = [], []
            for exchange, page in self.client.pages(self.base):
                pages.append(exchange)
                found += self._own(page)
            if sorted(self._names(found)) == wanted:
                break
        told = f"the list is to have of {self} {wanted}; it has {sorted(self._names(found))}"
        if self._listed(pages, sorted(self._names(found)) == wanted, told):
            self._items(pages, found)
            self._counted(pages[-1], page)

    def window(self, limit: int, order: str) -> None:
        """List so many of them, in an order: as many as there are, in that order, and all counted."""
        field, descending = order.removeprefix("-"), order.startswith("-")
        operation = self.client.target.interface.operations[self.resource.kind.list]
        asked = {"limit": limit, **({"order_by": order} if order in operation.orders else {})}
        exchange, page = next(self.client.pages(self.base, **asked))
        found = self._own(page)
        if self.client.narrows and not self._lost:
            right = min(limit, len(self.model))
            told = f"of {len(self.model)} {self} a page of {limit} is to hold {right}; it holds {len(found)}"
            self._listed([exchange], len(found) == right, told)
            self._counted(exchange, page)
        if "order_by" in asked:
            values = self._ordered(self._names(found), field)
            wrong = misplaced(values, descending=descending)
            self._listed([exchange], wrong is None, f"{self} ordered by {order} are to be in order; they are {values}")

    def only(self, name: str) -> None:
        """Narrow the list to one name: it has all whose names hold that one, in any case, and no others."""
        pages = list(self.client.pages(name))
        found = sorted(each for exchange, page in pages for each in self._names(self._own(page)))
        wanted = sorted(each for each in self.model if name.lower() in each.lower() and each not in self._lost)
        told = f"of {self} {name!r} is in the names {wanted}; listed are {found}"
        self._listed([exchange for exchange, _ in pages], found == wanted, told)

    def follow(self, other: Trial, ends: Iterable[str], cause: Exchange) -> None:
        """Look whether those with these ends are as the others, now that one request has been made."""
        self.model, self.cause = Model(self.resource), cause
        for end in ends:
            if other.name(end) in other.model:
                self.model.create(self.name(end), other.model[other.name(end)])
        self.list()

    def clear(self) -> None:
        """Delete all that is left, and look no more."""
        for name in self.model:
            self.client.delete(name)

    def end(self) -> None:
        """Look at all that is left, and delete it."""
        if self.resource.kind.list:
            self.list()
        for name in self.model:
            if self.resource.kind.delete:
                self.delete(name)
            else:
                self.look(name)

    def __str__(self) -> str:
        return self.resource.kind.name.replace("_", " ")

    def _wanted(self, name: str, *, listed: bool = False) -> dict[str, Any]:
        return self.resource.told(self.model[name], listed=listed)

    def _own(self, page: Any) -> list[Mapping[str, Any]]:
        """The items of a page that are ours and count."""
        shown = self.resource.name_shown
        ours = (each for each in self.client.items(page) if str(each.get(shown)).startswith(self.base))
        return [each for each in ours if each[shown] not in self._lost]

    def _names(self, items: Sequence[Mapping[str, Any]]) -> list[str]:
        return [str(each[self.resource.name_shown]) for each in items]

    def _ordered(self, names: Sequence[str], field: str) -> list[Any]:
        """The values that an order goes by, as the model has them: their age, their name, or a field."""
        if field == "id":
            return [list(self.model).index(name) for name in names if name in self.model]
        by = self.resource.orders[field]
        return [self.model[name][by] if by else name for name in names if name in self.model]

    def _items(self, pages: Sequence[Exchange], found: Sequence[Mapping[str, Any]]) -> None:
        for item in found:
            name = str(item[self.resource.name_shown])
            wanted = self._wanted(name, listed=True)
            shown = self.resource.seen(item, list(wanted))
            self._that(name, shown == wanted, pages, f"{self} {name!r} is listed as {shown}; it is {wanted}", told_all=True)

    def _counted(self, exchange: Exchange, page: Any) -> None:
        if not self.client.narrows or self._lost or not isinstance(page, dict):
            return
        total = page.get("total_entries")
        told = f"there are {len(self.model)} {self} of the names asked for; total_entries is {total}"
        self._listed([exchange], total == len(self.model), told)

    def _listed(self, pages: Sequence[Exchange], ok: bool, told: str) -> bool:
        if ok and self.model:
            self._reach(pages[-1])
        return self._judge.that(ok, self._story(pages), told)

    def _shows(self, name: str, answer: Exchange) -> None:
        """The answer to a write shows what came of it, as far as it shows anything."""
        found = record(answer)
        if isinstance(found, dict):
            wanted = {key: value for key, value in self._wanted(name).items() if key in found}
            shown = self.resource.seen(found, list(wanted))
            self._that(name, shown == wanted, [answer], f"the answer is to show {wanted}; it shows {shown}", told_all=True)

    def _done(self, name: str, operation: str, answer: Exchange, told: str, story: Sequence[Exchange] = ()) -> bool:
        ok = self._that(name, self.client.success(operation, answer), story or [answer], told)
        if ok:
            self._reach(answer)
        return ok

    def _reach(self, exchange: Exchange) -> None:
        """Enter what was reached in the ledger, each once."""
        key = (exchange.request.operation, exchange.status)
        if key not in self._reached:
            self._reached.add(key)
            self._judge.reached(exchange)

    def _that(self, name: str, ok: bool, story: Sequence[Exchange], told: str, *, told_all: bool = False) -> bool:
        """Judge one thing; what is known to be otherwise here is lost: nobody knows how it is now."""
        if name in self._lost:
            return False
        came = "" if told_all else f"; the answer was {story[-1].status}"
        if not self._judge.that(ok, self._story(story), f"{told}{came}"):
            self._lost.add(name)
            self.model.delete(name)
        return ok

    def _story(self, exchanges: Sequence[Exchange]) -> list[Exchange]:
        return [*exchanges, *([self.cause] if self.cause else [])]
