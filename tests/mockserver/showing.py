"""What mocks that have a deviation tell in a fixed series of requests, beside those that have none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import profiles
from mockserver.deviations import Deviation
from mockserver.world.clock import Clock
from tests.mockserver.driver import Reply, application, send

Part = Callable[[Any], Iterator[Reply]]
Setup = tuple[str, list[str]]
NEW_EACH_TIME = ("content-length", "set-cookie", "date")


def module(one: Deviation) -> str:
    """The module that a deviation is declared in."""
    return one.change.__module__.rpartition(".")[2]


def chosen(app: Any, prefix: str, lists: Mapping[str, Sequence[str]], headers: dict[str, str]) -> Iterator[Reply]:
    """Ask for lists, each in several ways: its path, and queries."""
    for path, queries in lists.items():
        for query in queries:
            yield send(app, "GET", f"{prefix}/{path}?{query}", headers=headers)


@dataclass
class Series:
    """The requests of an API: which profiles there are, and which requests the deviations of a module show in.

    What is not asked for need not be sent. `says` tells of a body what is the same each time.
    """

    setups: Sequence[Setup]
    parts: Mapping[str, Sequence[Part]]
    others: Sequence[Part] = ()
    says: Callable[[bytes], bytes] = bytes
    _clean: dict[tuple[int, str], list[str]] = field(default_factory=dict)

    def told(self, setup: int, module: str, *deviations: str) -> list[str]:
        """What the requests get, without what is new each time."""
        profile, settings = self.setups[setup]
        clock = Clock(lambda: datetime(2026, 1, 1, tzinfo=UTC))
        app = application(profile, *settings, deviations=deviations, clock=clock)
        found = []
        for reply in (reply for part in self.parts.get(module, self.others) for reply in part(app)):
            headers = sorted(pair for pair in reply.headers.items() if pair[0] not in NEW_EACH_TIME)
            found.append(f"{reply.status} {headers} {self.says(reply.body)!r}")
        return found

    def clean(self, setup: int, module: str) -> list[str]:
        """The same of a mock without deviations; asked for once."""
        if (setup, module) not in self._clean:
            self._clean[setup, module] = self.told(setup, module)
        return self._clean[setup, module]

    def shows(self, one: Deviation) -> bool:
        """Whether some request is answered otherwise with a deviation, under a profile that it applies to."""
        fitting = [n for n, setup in enumerate(self.setups) if one.applies(profiles.load(*setup))]
        name = module(one)
        return any(self.told(number, name, one.name) != self.clean(number, name) for number in fitting)
