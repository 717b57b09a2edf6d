from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance import lane
from conformance.exchange import Exchange
from conformance.lane import Lane
from conformance.meter import Meter, metering
from tests.conformance.samples import exchange

PATIENCE = 10.0


def through(lane: Lane, talks: list[Callable[[], Exchange]]) -> list[Meter]:
    """Send these side by side, each as a check of its own; their meters."""
    meters = [Meter() for _ in talks]

    def one(meter: Meter, talk: Callable[[], Exchange]) -> None:
        with metering(meter):
            lane.through(talk)

    with ThreadPoolExecutor(len(talks)) as pool:
        list(pool.map(one, meters, talks))
    return meters


def test_writes_go_one_at_a_time() -> None:
    inside = threading.Lock()

    def talk() -> Exchange:
        assert inside.acquire(blocking=False), "another one is under way"
        inside.release()
        return exchange("POST")

    meters = through(Lane(), [talk] * 20)
    assert not any(meter.crowded for meter in meters)


def met(together: threading.Barrier, answer: Exchange) -> Callable[[], Exchange]:
    def talk() -> Exchange:
        together.wait(PATIENCE)
        return answer

    return talk


def test_writes_go_together_where_the_target_stands_it() -> None:
    lane = Lane()
    lane.together = True
    through(lane, [met(threading.Barrier(3), exchange("POST"))] * 3)
    assert lane.together


@pytest.mark.parametrize(
    ("answer", "stall", "still"),
    [
        (exchange("POST", status=500), 0.0, False),
        (exchange("POST", status=500), PATIENCE, True),  # an answer at once is about the request
        (exchange("POST", status=201), 0.0, True),
        (exchange("POST", status=None, error="no answer"), PATIENCE, False),
    ],
)
def test_the_first_that_stalls_beside_others_ends_that(
    monkeypatch: pytest.MonkeyPatch, answer: Exchange, stall: float, still: bool
) -> None:
    monkeypatch.setattr(lane, "STALL", stall)
    shared, together = Lane(), threading.Barrier(2)
    shared.together = True
    stuck, fine = through(shared, [met(together, answer), met(together, exchange("POST"))])
    assert shared.together is still
    assert (stuck.crowded, fine.crowded) == (not still, False)


def test_one_that_stalls_by_itself_is_the_targets_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "STALL", 0.0)
    shared = Lane()
    shared.together = True
    [meter] = through(shared, [lambda: exchange("POST", status=500)])
    assert shared.together
    assert not meter.crowded
