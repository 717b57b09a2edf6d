"""How an answer differs from a recorded one: status, headers of interest, and the body with its values.

References are numbered by each server for itself; they differ where a relation does: where one reference of the
recording is two of the other server's, or two are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Parts = list[tuple[str, str]]
_REFERENCE = re.compile(r"<([\w ]+) (\d+)>")
_COUNT = re.compile(r"<\d+ items>")


@dataclass(frozen=True)
class Difference:
    """`where`: "status", "header NAME" or a place in the body such as "body.dags[0].tags"; None: it is not there."""

    exchange: str
    where: str
    theirs: Any
    ours: Any

    def __str__(self) -> str:
        blank = " " * len(self.where)
        lines = f"{self.where}: Airflow {self.theirs!r:.300}", f"{blank}  mock    {self.ours!r:.300}"
        return "\n    ".join((self.exchange, *lines))


class Comparison:
    """Compares the exchanges of one recording, in order, with another server's."""

    def __init__(self) -> None:
        self._there: dict[tuple[str, str], str] = {}
        self._back: dict[tuple[str, str], str] = {}

    def differences(self, name: str, theirs: dict[str, Any], ours: dict[str, Any]) -> list[Difference]:
        """Every difference of one exchange."""
        return [Difference(name, *one) for one in self._answer(theirs, ours)]

    def _answer(self, theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
        if theirs["status"] != ours["status"]:
            yield "status", theirs["status"], ours["status"]
        for header in sorted(theirs["headers"].keys() | ours["headers"].keys()):
            pair = theirs["headers"].get(header), ours["headers"].get(header)
            if None in pair or not self._alike(*pair):
                yield f"header {header}", *pair
        yield from self._value("body", theirs["body"], ours["body"])

    def _value(self, where: str, theirs: Any, ours: Any) -> Iterator[tuple[str, Any, Any]]:
        if isinstance(theirs, dict) and isinstance(ours, dict):
            for key in [*theirs, *(key for key in ours if key not in theirs)]:
                place = f"{where}.{key}"
                if key not in ours or key not in theirs:
                    yield place, theirs.get(key, "<not there>"), ours.get(key, "<not there>")
                else:
                    yield from self._value(place, theirs[key], ours[key])
        elif isinstance(theirs, list) and isinstance(ours, list):
            if (len(theirs), _length(theirs)) != (len(ours), _length(ours)):
                yield f"{where}[]", theirs, ours
            else:
                for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
                    yield from self._value(f"{where}[{number}]", one, other)
        elif type(theirs) is not type(ours) or not self._alike(theirs, ours):
            yield where, theirs, ours

    def _alike(self, theirs: Any, ours: Any) -> bool:
        if not isinstance(theirs, str):
            return bool(theirs == ours)
        (words, references), (others, mine) = _parts(theirs), _parts(ours)
        if words != others or [kind for kind, _ in references] != [kind for kind, _ in mine]:
            return False
        pairs = [(kind, one, other) for (kind, one), (_, other) in zip(references, mine, strict=True)]
        return [self._same(*pair) for pair in pairs].count(False) == 0  # each is taken note of

    def _same(self, kind: str, one: str, other: str) -> bool:
        """Whether two references go together; from then on they do."""
        kind = kind.removeprefix("spaced ")
        same = self._there.get((kind, one), other) == other and self._back.get((kind, other), one) == one
        self._there[kind, one], self._back[kind, other] = other, one
        return same


def _length(items: list[Any]) -> object:
    return items[0] if items and isinstance(items[0], str) and _COUNT.fullmatch(items[0]) else len(items)


def _parts(text: str) -> tuple[list[str], Parts]:
    """The words of a text, and the references between them."""
    return _REFERENCE.sub("\0", text).split("\0"), _REFERENCE.findall(text)
