"""Identifiers that look random and are not: the same seed gives the same ones."""

from __future__ import annotations

import string
from datetime import datetime
from random import Random
from uuid import UUID

_LETTERS = string.ascii_letters + string.digits


class Ids:
    """A source of identifiers."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 (not for secrets)
        self._last = 0

    def uuid(self, now: datetime) -> str:
        """A UUID of version 7: the time first, and each is greater than those before it."""
        self._last = max(int(now.timestamp() * 1000) << 12, self._last + 1)
        value = self._last >> 12 << 80 | 7 << 76 | (self._last & 0xFFF) << 64 | 2 << 62 | self._random.getrandbits(62)
        return str(UUID(int=value))

    def letters(self, count: int = 8) -> str:
        """Letters and digits."""
        return "".join(self._random.choices(_LETTERS, k=count))
