"""What can be done to things of a kind; each knows how it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.checks.stateful.model import Said
from conformance.checks.stateful.trial import Trial


@dataclass(frozen=True)
class Create:
    """Create one whose name ends so; again, if there is one."""

    end: str
    said: Said

    def do(self, trial: Trial) -> None:
        """Do it."""
        trial.create(trial.name(self.end), self.said)


@dataclass(frozen=True)
class CreateWrongly:
    """Try to create one with something that is not allowed."""

    end: str
    said: Said
    flaw: Mapping[str, object]

    def do(self, trial: Trial) -> None:
        """Do it."""
        trial.create_wrongly(trial.name(self.end), self.said, self.flaw)


@dataclass(frozen=True)
class Change:
    """Change one in one of the ways that there are; with a mask, or to another name, if there is one."""

    end: str
    way: int
    said: Said
    mask: list[str] | None
    new_end: str | None

    def do(self, trial: Trial) -> None:
        """Do it; what comes of a name that another has is no one's promise."""
        name = trial.name(self.end)
        new_name = trial.name(self.new_end) if self.new_end and self.mask is None else name
        if new_name == name or new_name not in trial.model:
            trial.change(trial.resource.changes[self.way], name, self.said, self.mask, new_name)


@dataclass(frozen=True)
class Delete:
    """Delete one, or what is not there any more."""

    end: str

    def do(self, trial: Trial) -> None:
        """Do it."""
        trial.delete(trial.name(self.end))


@dataclass(frozen=True)
class Window:
    """List some, in an order."""

    limit: int
    order: str

    def do(self, trial: Trial) -> None:
        """Do it."""
        trial.listing.window(self.limit, self.order)


@dataclass(frozen=True)
class Only:
    """Narrow the list to the names that hold one."""

    end: str

    def do(self, trial: Trial) -> None:
        """Do it."""
        trial.listing.only(trial.name(self.end))


Act = Create | CreateWrongly | Change | Delete | Window | Only
