"""Faults that the mock can be told to have, by name: what a conformance suite must find.

A deviation is a function that changes one part of an assembled `Mock`::

    @deviation("cap-off-by-one", breaks=["PUB-PAGE-001"], sentence="A page may hold one item more than the limit.")
    def cap_off_by_one(mock: Mock) -> None:
        mock.pages.cap += 1

`breaks` are the requirements that the mock then violates or, where no requirement speaks of it, the operations that do
not do what they are there for; `apis` names the APIs whose mock it changes, the public one if it says nothing, and
`applies` tells under which profiles of theirs it can show. `in_both` declares one change for the public API and for the
stable one, which have the requirement that it breaks in common. `wrap` puts a function around a method of one of the
parts. Every module of this package is read.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from mockserver.deviations.conditions import admitting
from mockserver.errors import SetupError
from mockserver.mock import Mock, gather

if TYPE_CHECKING:
    from profiles import Profile

Change = Callable[[Any], None]  # of the mock of the API that the deviation is for
Applies = Callable[["Profile"], bool]

PUBLIC, STABLE, EXPERIMENTAL = ("public-v2",), ("stable-v1",), ("experimental",)

_FOUND: dict[str, Deviation] = {}


@dataclass(frozen=True)
class Deviation:
    """One fault: its name, the requirements it breaks, what it does in a sentence, and the change itself.

    `applies` tells whether it can show under a profile, `apis` names the APIs whose mock it changes.
    """

    name: str
    breaks: tuple[str, ...]
    sentence: str
    applies: Applies
    change: Change
    apis: tuple[str, ...]


def everywhere(_profile: Profile) -> bool:
    """Hold for every profile."""
    return True


def deviation(
    name: str,
    *,
    breaks: Sequence[str],
    sentence: str,
    applies: Applies = everywhere,
    apis: Sequence[str] = PUBLIC,
) -> Callable[[Change], Change]:
    """Declare a deviation of the mocks of some APIs; ValueError when the name is taken."""

    def shows(profile: Profile) -> bool:
        return profile.api in apis and applies(profile)

    def declare(change: Change) -> Change:
        if name in _FOUND:
            raise ValueError(f"there are two deviations {name!r}")
        _FOUND[name] = Deviation(name, tuple(breaks), sentence, shows, change, tuple(apis))
        return change

    return declare


def in_both(
    name: str, *, breaks: str, sentence: str, applies: Applies = admitting, public: Applies = everywhere
) -> Callable[[Change], Change]:
    """Declare one of the public API where `public` holds and, as stable-NAME, of the stable one where `applies` does.

    `breaks` is what the requirement is called in both documents: API-006 is PUB-API-006 and STB-API-006.
    """

    def declare(change: Change) -> Change:
        stable = deviation(f"stable-{name}", breaks=[f"STB-{breaks}"], sentence=sentence, applies=applies, apis=STABLE)
        return deviation(name, breaks=[f"PUB-{breaks}"], applies=public, sentence=sentence)(stable(change))

    return declare


def wrap(part: object, name: str, around: Callable[..., Any]) -> None:
    """Put `around` in the place of a method of a part; it gets the method it replaces, then the arguments."""
    method = getattr(part, name)
    setattr(part, name, lambda *arguments, **options: around(method, *arguments, **options))


@contextmanager
def swapped(part: object, **methods: Callable[..., Any]) -> Iterator[None]:
    """Put other methods in the place of those of a part, for a while."""
    before = {name: getattr(part, name) for name in methods}
    for name, method in methods.items():
        setattr(part, name, method)
    try:
        yield
    finally:
        for name, method in before.items():
            setattr(part, name, method)


@cache
def catalogue() -> dict[str, Deviation]:
    """Every deviation by name."""
    gather(sys.modules[__name__])
    return dict(_FOUND)


def apply(mock: Mock, names: Iterable[str]) -> None:
    """Build deviations into a mock; SetupError for a name that there is not, or that cannot show here."""
    for name in names:
        found = catalogue().get(name)
        if found is None:
            near = difflib.get_close_matches(name, catalogue(), n=1)
            hint = f"did you mean {near[0]!r}?" if near else "--list-deviations shows them"
            raise SetupError(f"there is no deviation {name!r}; {hint}")
        if not found.applies(mock.profile):
            raise SetupError(f"the deviation {name!r} cannot show under the profile {mock.profile.name!r}")
        found.change(mock)
        mock.deviations = (*mock.deviations, name)
