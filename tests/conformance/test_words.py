from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from conformance.words import NotToBeHad, Words
from tests.conformance.targets import mocked, target_at


def words() -> Words:
    return Words(target_at("http://localhost:1"))


def test_a_word_is_a_new_name_the_same_each_time() -> None:
    made = words()
    filled = made.filled({"{pool}": ["{pool}", "x{pool}y", "{other}", 3, None, "plain"]})
    ((name, (same, within, other, *rest)),) = filled.items()
    assert name == same
    assert within == f"x{name}y"
    assert name.startswith(made.target.prefix)
    assert other != name
    assert rest == [3, None, "plain"]
    assert words().filled("{pool}") != name


def test_what_was_kept_keeps_its_type() -> None:
    made = words()
    made.keep("id", 7)
    assert made.filled({"a": "{id}", "b": "n{id}"}) == {"a": 7, "b": "n7"}


def test_dates_are_the_runs_own_and_can_be_moved() -> None:
    made = words()
    date, later = made.filled(["{date}", "{date+60}"])
    assert datetime.fromisoformat(later) - datetime.fromisoformat(date) == timedelta(seconds=60)
    assert made.target.guard.owns("execution_date", date)
    assert made.filled("{date_b}") not in (date, later)


def test_what_others_have_is_asked_for() -> None:
    with mocked() as target:
        made = Words(target)
        asset, token, user, dag = made.filled(
            ["{asset:conformance_asset}", "{file_token:conformance_empty}", "{username:admin}", "{spare_dag}"]
        )
        assert target.guard.lends("asset_id", asset)
        assert target.guard.lends("file_token", token)
        assert user == "admin"
        assert re.fullmatch(r"conformance_page_\d\d\d", dag)
        assert made.filled(["{disposable:conformance_disposable}", "{fact:api}"]) == [
            "conformance_disposable",
            "public-v2",
        ]
        assert target.guard.lends("disposable", "conformance_disposable")
        with pytest.raises(NotToBeHad):
            made.filled("{disposable:conformance_empty}")
        with pytest.raises(NotToBeHad, match="the target does not tell the username of nobody"):
            made.filled("{username:nobody}")
