"""A machine that does to things of one kind whatever can be done to them, in any order, and compares with the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule

from conformance.checks.stateful.model import Said
from conformance.checks.stateful.resource import Change, Resource
from conformance.checks.stateful.trial import Trial
from conformance.strategies.names import ends
from conformance.strategies.values import values

Begin = Callable[[], Trial]
#: What a change is: which way, what it says, what of that its mask names, and the end of a new name.
Draft = tuple[int, Said, list[str] | None, str | None]


class Steps(RuleBasedStateMachine):
    """The steps. A machine of one kind is a subclass that says which values they take."""

    begin: Begin

    def __init__(self) -> None:
        super().__init__()
        self.trial = type(self).begin()
        self.failed = False

    def _step(self, do: Callable[[], None]) -> None:
        """After a failure nothing more is looked at."""
        self.failed = True
        do()
        self.failed = False

    def create(self, end: str, said: Said) -> str:
        """Create one with a name that ends so."""
        self._step(lambda: self.trial.create(self.trial.name(end), said))
        return end

    def create_again(self, end: str, said: Said) -> None:
        """Create one with a name that was used before."""
        self._step(lambda: self.trial.create(self.trial.name(end), said))

    def create_wrongly(self, end: str, said: Said, flaw: Mapping[str, Any]) -> None:
        """Try to create one with something that is not allowed."""
        self._step(lambda: self.trial.create_wrongly(self.trial.name(end), said, flaw))

    def change(self, end: str, draft: Draft) -> None:
        """Change one."""
        number, said, mask, new_end = draft
        change, name = self.trial.resource.changes[number], self.trial.name(end)
        new_name = self.trial.name(new_end) if new_end and mask is None else name
        if new_name == name or new_name not in self.trial.model:  # what a rename onto another does is no one's promise
            self._step(lambda: self.trial.change(change, name, said, mask, new_name))

    def delete(self, end: str) -> None:
        """Delete one, or what is not there."""
        self._step(lambda: self.trial.delete(self.trial.name(end)))

    def window(self, limit: int, order: str) -> None:
        """List some, in an order."""
        self._step(lambda: self.trial.window(limit, order))

    def only(self, end: str) -> None:
        """Narrow the list to one name."""
        self._step(lambda: self.trial.only(self.trial.name(end)))

    def teardown(self) -> None:
        """Look at all that is left."""
        if not self.failed:
            self.trial.end()


def machine(resource: Resource, begin: Begin) -> type[Steps]:
    """The machine of one kind; `begin` starts a new life for each of its runs."""
    known: Bundle[str] = Bundle("ends")
    end, said = ends(resource.letters, resource.longest), creations(resource)
    steps: dict[str, Any] = {
        "create": rule(target=known, end=end, said=said)(Steps.create),
        "create_again": rule(end=known, said=said)(Steps.create_again),
    }
    if resource.flaws:
        wrong = rule(end=st.one_of(known, end), said=said, flaw=st.sampled_from(resource.flaws))
        steps["create_wrongly"] = wrong(Steps.create_wrongly)
    if resource.changes:
        steps["change"] = rule(end=known, draft=drafts(resource))(Steps.change)
        steps["change_once_more"] = rule(end=known, draft=drafts(resource))(Steps.change)
    if resource.kind.delete:
        steps["delete"] = rule(end=known)(Steps.delete)
    if resource.orders:
        orders = st.sampled_from([sign + name for name in resource.orders for sign in ("", "-")])
        steps["window"] = rule(limit=st.integers(1, 4), order=orders)(Steps.window)
    if resource.kind.pattern:
        plain = st.text("abzAZ019", min_size=1, max_size=2)
        steps["only"] = rule(end=plain)(Steps.only)
    return type(f"Life of a {resource.kind.name}", (Steps,), {"begin": staticmethod(begin), "known": known, **steps})


def creations(resource: Resource) -> st.SearchStrategy[Said]:
    """What a creation may say: what is needed always, the rest now and then."""
    said = {each.name: values(each.values) for each in resource.fields if each.created}
    needed = {each.name for each in resource.fields if each.created and each.needed is not None}
    return st.fixed_dictionaries(
        {name: how for name, how in said.items() if name in needed},
        optional={name: how for name, how in said.items() if name not in needed},
    )


def drafts(resource: Resource) -> st.SearchStrategy[Draft]:
    """What a change may be."""
    return st.one_of([_draft(resource, number, change) for number, change in enumerate(resource.changes)])


def _draft(resource: Resource, number: int, change: Change) -> st.SearchStrategy[Draft]:
    said = {each.name: values(each.values) for each in resource.fields if each.name in change.sends}
    body = st.fixed_dictionaries(
        {name: said[name] for name in change.needs},
        optional={name: how for name, how in said.items() if name not in change.needs},
    ).filter(bool)
    new_end = st.one_of(st.none(), ends(resource.letters, resource.longest)) if change.renames else st.none()
    return body.flatmap(lambda said: st.tuples(st.just(number), st.just(said), _masks(change, said), new_end))


def _masks(change: Change, said: Said) -> st.SearchStrategy[list[str] | None]:
    """No mask, or some of what is said."""
    names = [name for name in change.masks if name in said]
    if not names:
        return st.none()
    return st.one_of(st.none(), st.lists(st.sampled_from(names), min_size=1, unique=True))
