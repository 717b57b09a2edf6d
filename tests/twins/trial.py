"""The mock beside the recording of one version: what agrees, what is listed, what has no reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.twins import departures
from tests.twins.comparing import Comparison, Difference
from tests.twins.departures import Departure
from tests.twins.recording import Recording
from tests.twins.twin import Twin


@dataclass(frozen=True)
class Trial:
    """The outcome. `unlisted` are differences without a reason, `needless` reasons without a difference."""

    version: str
    recording: Recording
    differences: list[Difference]
    unlisted: list[Difference]
    needless: list[str]

    @property
    def listed(self) -> int:
        """How many exchanges differ, all as listed."""
        return len({one.exchange for one in self.differences} - {one.exchange for one in self.unlisted})

    @property
    def agreeing(self) -> int:
        """How many exchanges do not differ at all."""
        return len(self.recording.exchanges) - len({one.exchange for one in self.differences})

    @property
    def differing(self) -> int:
        """How many exchanges differ where it is not listed."""
        return len({one.exchange for one in self.unlisted})

    def __str__(self) -> str:
        compared, release = len(self.recording.exchanges), f"{self.recording.airflow}, {self.recording.profile}"
        words = f"{compared} exchanges compared, {self.agreeing} agree, {self.listed} listed, {self.differing} differ"
        return f"Airflow {release}, {self.recording.date}: {words}"


def tried(version: str) -> Trial:
    """Play the script to the mock, and compare."""
    twin, recording, comparison = Twin(version), Recording.load(version), Comparison()
    answers = twin.mocked()
    found: list[Difference] = []
    for name, theirs in recording.exchanges.items():
        found += comparison.differences(name, theirs, answers[name])
    known = [one for one in departures.every() if version in one.versions]
    pairs = [(one, exchange) for one in known for exchange in one.exchanges]
    unlisted = [one for one in found if not any(each.covers(exchange, one) for each, exchange in pairs)]
    return Trial(version, recording, found, unlisted, list(_needless(pairs, found)))


def _needless(pairs: Iterable[tuple[Departure, str]], found: list[Difference]) -> Iterable[str]:
    return (
        f"{exchange}: {each.reason}" for each, exchange in pairs if not any(each.covers(exchange, one) for one in found)
    )
