"""Every deviation that only others meet than a suite shows under the experimental API, too."""

from __future__ import annotations

import pytest

from mockserver.deviations import Deviation, catalogue
from tests.mockserver.driver import application
from tests.mockserver.strangers import strangers

OWN = [
    one for one in catalogue().values() if one.name.startswith("experimental-") and "strangers" in one.change.__module__
]


def told(*deviations: str) -> list[tuple[int, str | None, bytes]]:
    app = application("airflow-1.10-open", deviations=deviations)
    replies = strangers(app, "/api/experimental", {}, description="d")
    return [(each.status, each.headers.get("content-encoding"), each.body) for each in replies]


def test_without_a_deviation_everybody_is_answered_alike() -> None:
    assert {status for status, *_ in told()} == {200}


@pytest.mark.parametrize("one", OWN, ids=lambda one: one.name)
def test_it_shows(one: Deviation) -> None:
    assert told(one.name) != told()


def test_there_are_some() -> None:
    assert len(OWN) == 6
