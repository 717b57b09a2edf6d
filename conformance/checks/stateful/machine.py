"""A machine that does to things of one kind whatever can be done to them, in any order, and compares with the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from conformance.checks.stateful.acts import Act, Create
from conformance.checks.stateful.drafts import creations, fresh, steps
from conformance.checks.stateful.patience import Patience
from conformance.checks.stateful.resource import Resource
from conformance.checks.stateful.trial import Trial


class Life(RuleBasedStateMachine):
    """One life of some things. That of a kind is a subclass, which says what can be done."""

    begin: Callable[[], Trial]
    patience: Patience

    def __init__(self) -> None:
        super().__init__()
        self.over = self.patience.over()
        self.trial = type(self).begin()

    def start(self, first: Sequence[Create]) -> Any:
        """Create some, so that there is something to begin with."""
        for act in first:
            self._do(act)
        return multiple(*(act.end for act in first))

    def step(self, act: Act) -> Any:
        """Do one thing."""
        self._do(act)
        return act.end if isinstance(act, Create) else multiple()

    def teardown(self) -> None:
        """Look at all that is left; after a failure at nothing more."""
        if not self.over:
            self._try(self.trial.end)

    def _do(self, act: Act) -> None:
        if not self.over:
            self._try(lambda: act.do(self.trial))

    def _try(self, do: Callable[[], None]) -> None:
        self.over = True
        with self.patience.noting():
            do()
        self.over = False


def machine(resource: Resource, begin: Callable[[], Trial], patience: Patience) -> type[Life]:
    """The machine of one kind; `begin` starts a new life for each of its runs."""
    known: Bundle[str] = Bundle("known")
    first = st.lists(creations(resource, fresh(resource)), min_size=2, max_size=4, unique_by=lambda act: act.end)
    methods: dict[str, Any] = {
        "begin": staticmethod(begin),
        "patience": patience,
        "known": known,
        "start": initialize(target=known, first=first)(Life.start),
        "step": rule(target=known, act=steps(resource, known))(Life.step),  # one rule: else some are left out for long
    }
    return type(f"LifeOf_{resource.kind.name}", (Life,), methods)
