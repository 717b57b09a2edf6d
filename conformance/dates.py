"""Execution dates that no other run has: the experimental API finds a run by its date, and cannot remove one."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

#: The fixture DAGs start at the beginning of 2025; a run before that is refused.
FIRST = datetime(2025, 1, 2, tzinfo=UTC)
#: They lie in the past of whoever runs this, so that a run of now is later than they are.
SECONDS = 300 * 24 * 3600


def dates(prefix: str) -> Iterator[datetime]:
    """Moments that belong to a run of the suite, told by its prefix; each is a second (and some) after the one before.

    All have microseconds, other ones for each prefix, so that two runs that hit on the same second do not meet.
    """
    seed = prefix.encode()
    start = FIRST + timedelta(seconds=zlib.crc32(seed) % SECONDS)
    offset = zlib.crc32(seed[::-1]) % 900_000 + 1
    return (start + timedelta(seconds=number, microseconds=offset + number % 90_000) for number in itertools.count())


def text(moment: datetime) -> str:
    """A moment as the API has it."""
    return moment.isoformat()
