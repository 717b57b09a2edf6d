from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from conformance import parallel_writes
from conformance.target import Target
from mockserver.app import create_app
from mockserver.server import running
from profiles import load
from tests.conformance.servers import as_json, http, method_and_target, serve
from tests.conformance.targets import target_at

PATIENCE = 10.0


@pytest.mark.parametrize(
    ("slow", "workers", "without", "worthwhile"),
    [
        (0.0, 8, (), True),
        (0.0, 4, (), True),
        (0.0, 3, (), False),
        (PATIENCE, 8, (), False),
        (0.0, 8, ("writes",), False),
    ],
)
def test_it_is_tried_where_it_pays(
    monkeypatch: pytest.MonkeyPatch, slow: float, workers: int, without: tuple[str, ...], worthwhile: bool
) -> None:
    monkeypatch.setattr(parallel_writes, "SLOW", slow)
    with serve(lambda _: [http()]) as server:
        target = target_at(server.url, workers=workers, without=without)
        assert parallel_writes.worthwhile(target) is worthwhile
        target.close()


def test_one_quick_answer_is_enough_to_be_quick() -> None:
    with serve(lambda _: [http()]) as server:
        target = target_at(server.url, workers=8)
        target.transport.quickest = 0.0
        assert not parallel_writes.worthwhile(target)
        target.close()


def test_a_target_that_is_not_there_is_not_tried() -> None:
    assert not parallel_writes.worthwhile(target_at("http://127.0.0.1:9", workers=8))


@contextmanager
def standing(at_once: int) -> Iterator[Target]:
    """A target that answers 500 when more writes than that are under way at once; four always are."""
    meeting, inside, lock = threading.Barrier(4, timeout=PATIENCE), [0], threading.Lock()

    def answer(request: bytes) -> Iterator[bytes]:
        if method_and_target(request)[1] == "/auth/token":
            yield as_json(201, {"access_token": "a.b.c"})
            return
        with lock:
            inside[0] += 1
        meeting.wait()
        crowd = inside[0]
        meeting.wait()
        with lock:
            inside[0] -= 1
        yield as_json(500 if crowd > at_once else 201, {})

    with serve(answer) as server:
        target = target_at(server.url, workers=4)
        target.transport.quickest = 0.05
        yield target


@pytest.mark.parametrize(
    ("at_once", "together", "said"), [(4, True, "writes go 4 at a time"), (3, False, "writes go one at a time")]
)
def test_writes_go_together_only_where_they_may(at_once: int, together: bool, said: str) -> None:
    with standing(at_once) as target:
        assert said in parallel_writes.tried(target)
        assert target.transport.lane.together is together
        target.close()


@pytest.mark.parametrize("profile", ["airflow-3", "airflow-2-basic", "airflow-2-experimental"])
def test_what_was_written_for_it_is_removed(profile: str) -> None:
    with running(create_app(load(profile))) as url:
        target = target_at(url, profile, workers=4)
        parallel_writes.tried(target)
        assert len(target.journal.open_entries()) == 12
        assert target.clean_up() == []
        assert target.journal.open_entries() == []
        target.close()
