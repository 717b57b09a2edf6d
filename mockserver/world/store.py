"""A table of the world: records under a unique key, in the order in which they came."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
R = TypeVar("R")


class Taken(Exception):  # noqa: N818 (a fact about a key, not a fault)
    """There is a record under that key already."""


class Store(Generic[K, R]):
    """Records by key. `next_id` numbers them from 1 and never gives a number twice."""

    def __init__(self) -> None:
        self._records: dict[K, R] = {}
        self._last = 0

    def next_id(self) -> int:
        """The next number."""
        self._last += 1
        return self._last

    def add(self, key: K, record: R) -> R:
        """Keep a record; Taken when its key is in use."""
        if key in self._records:
            raise Taken(key)
        self._records[key] = record
        return record

    def get(self, key: K) -> R | None:
        """The record under a key, or None."""
        return self._records.get(key)

    def remove(self, key: K) -> R | None:
        """Take a record out; None when there was none."""
        return self._records.pop(key, None)

    def rename(self, old: K, new: K) -> None:
        """Keep the record of a key under another one, in its place; Taken when that is in use."""
        if old == new:
            return
        if new in self._records:
            raise Taken(new)
        self._records = {new if key == old else key: record for key, record in self._records.items()}

    def items(self) -> list[tuple[K, R]]:
        """Keys and records."""
        return list(self._records.items())

    def restore(self, records: dict[K, R]) -> None:
        """Hold these records, and no others."""
        self._records = records

    def __contains__(self, key: object) -> bool:
        return key in self._records

    def __iter__(self) -> Iterator[R]:
        return iter(list(self._records.values()))

    def __len__(self) -> int:
        return len(self._records)
