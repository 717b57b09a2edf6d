"""Whatever is generated, nothing is touched that the run did not create."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from conformance.generation.document import drawable
from conformance.generation.drawing import Source
from conformance.generation.examples import Examples
from conformance.generation.own import Own
from conformance.generation.trials import Trials
from conformance.generation.wrong import Wrongs
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from tests.conformance.targets import mock, target_at

SEED = 1
#: What was there before: how it is read, in each API.
THERE = {
    "airflow-3": ["/api/v2/pools?limit=100", "/api/v2/dags?limit=200", "/api/v2/assets", "/api/v2/connections"],
    "airflow-2-session": [
        "/api/v1/roles",
        "/api/v1/users",
        "/api/v1/permissions",
        "/api/v1/pools",
        "/api/v1/dags?limit=100",
        "/api/v1/connections",
    ],
    "airflow-1.10-open": ["/api/experimental/pools", "/api/experimental/latest_runs"],
}


@pytest.fixture(scope="module", params=THERE)
def target(request: pytest.FixtureRequest) -> Iterator[Target]:
    with mock(request.param) as url:
        yield target_at(url, request.param)


def test_what_was_there_stays_as_it_was(target: Target) -> None:
    """Stock fuzzing of a real Airflow 2 has deleted its role Admin within minutes."""
    paths = THERE[target.profile.name]
    before = [target.call("GET", path).json() for path in paths]
    dice = random.Random(SEED)  # noqa: S311
    allowed = Source(drawable(target.interface), SEED)
    wrongs = Wrongs(target.interface, Source(target.interface.document, SEED))
    sent = 0
    for operation in target.interface.operations.values():
        own = Own(target, Harmless(target, target.new_name("nothing")))
        if operation.method == "GET" and not target.guard.writes(operation):
            continue
        sent += len(target.all(list(Examples(target, allowed, operation, own, target.interface).made(dice, 2))))
        sent += len(target.all([each.request for each in Trials(target, wrongs, operation, own).made(dice, 1)]))
    assert sent > 10
    assert target.clean_up() == []
    assert [target.call("GET", path).json() for path in paths] == before
