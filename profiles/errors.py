"""What is wrong with a profile, and where.

`ProfileError` is the only exception that reading a profile raises. It carries every `Problem` found, and its text is
one line per problem: ``file:line:column: what is wrong; what to do``.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple


class Place(NamedTuple):
    """Where a value stands: a file or ``--set N``, with line and column counted from 1 where there are any."""

    source: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part is not None)


class Problem(NamedTuple):
    """One thing that is wrong, at one place; as text it is one line."""

    place: Place
    text: str

    def __str__(self) -> str:
        return printable(f"{self.place}: {self.text}")


class ProfileError(ValueError):
    """A profile that cannot be used; `problems` holds every reason, in the order of their places."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(sorted(set(problems), key=_order))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _order(problem: Problem) -> tuple[str, int, int, str]:
    place = problem.place
    return place.source, place.line or 0, place.column or 0, problem.text


def printable(text: str) -> str:
    """`text` on one line: what a terminal cannot show is written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(text: str, limit: int = 60) -> str:
    """`text` in quotes, cut at `limit` characters."""
    return f'"{text}"' if len(text) <= limit else f'"{text[:limit]}…"'


def listed(words: Iterable[object]) -> str:
    """The words as a list in a sentence."""
    return ", ".join(str(word) for word in words)


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that `word` was probably meant to be, or None."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(word[:200].lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None


def meant(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: the likely one, or all of them."""
    words = list(known)
    likely = closest(word, words)
    return f"did you mean {likely}?" if likely else f"known: {listed(words)}"
