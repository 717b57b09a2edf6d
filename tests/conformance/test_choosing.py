from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from conformance.choosing import Choice, Items, Reading, narrowed, wrong
from conformance.collections import View, find
from conformance.exchange import Exchange, Request, Response
from conformance.filters import Filter
from conformance.pages import read
from specs import contract

CONNECTIONS = find(contract.load().cut("3.3"), "get_connections")
KEYS = frozenset((name,) for name in ("a", "b", "c"))
VIEW = View(CONNECTIONS, {}, {"connection_id_pattern": "x"}, KEYS, exact=True)
HTTP = Choice(((Filter("conn_type", "is", ("conn_type",)), "http"),))


def one(name: str, conn_type: str | None = "http") -> dict[str, Any]:
    return {"connection_id": name, "conn_type": conn_type}


BASE: Items = {("a",): one("a"), ("b",): one("b"), ("c",): one("c", "ftp")}


def reading(*pages: Sequence[dict[str, Any]], total: int | None = None, status: int = 200) -> Reading:
    total = sum(map(len, pages)) if total is None else total
    bodies = [json.dumps({"connections": items, "total_entries": total}).encode() for items in pages]
    answers = [Exchange(Request("GET", "/x"), Response(status, "", (), body, 0.0)) for body in bodies]
    return Reading(VIEW, tuple(read(each, ["connections"]) for each in answers))


def faults(found: Reading, before: Items = BASE, after: Items = BASE, choice: Choice = HTTP) -> list[str]:
    return [message for message, _ in wrong(choice, found, before, after)]


@pytest.mark.parametrize("found", [reading([one("a"), one("b")]), reading([one("a")], [one("b")])])
def test_what_is_chosen_rightly(found: Reading) -> None:
    assert faults(found) == []


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        (reading([one("a"), one("b"), one("c", "ftp")]), "is not to choose c"),
        (reading([one("a")]), "is to choose b"),
        (reading([one("a"), one("b")], total=3), "total_entries said 3"),
        (reading([one("a")], [one("b")], total=3), "total_entries said 3, 3"),
        (reading([one("a"), one("b")], [one("b")]), "each item once"),
        (reading([one("a"), one("b"), one("d")]), "is not to choose d"),
        (reading([one("a"), one("b")], status=500), "is to be listed"),
    ],
)
def test_what_is_wrong(found: Reading, fault: str) -> None:
    assert any(fault in each for each in faults(found)), faults(found)


def test_what_changed_meanwhile_need_not_be_there() -> None:
    assert faults(reading([one("a")]), after={**BASE, ("b",): one("b", "ftp")}) == []
    assert faults(reading([one("a")]), after={("a",): one("a")}) == []


def test_of_a_part_only_what_it_holds_is_judged() -> None:
    part = Reading(VIEW, reading([one("a")], total=500).pages, whole=False)
    assert faults(part) == []
    assert faults(Reading(VIEW, reading([one("c", "ftp")], total=500).pages, whole=False))


def test_what_nobody_can_tell_may_be_there_or_not() -> None:
    text = Choice(((Filter("x", "prefix", ("connection_id",)), "B"),))
    assert faults(reading([one("b")]), choice=text) == faults(reading([]), choice=text) == []


def test_filters_together_want_all_that_each_wants() -> None:
    both = Choice((*HTTP.parts, (Filter("connection_id", "is", ("connection_id",)), "b")))
    assert [both.holds(item, key) for key, item in BASE.items()] == [False, True, False]
    assert str(both) == "conn_type='http' and connection_id='b'"


def test_a_choice_goes_before_what_narrows_the_view() -> None:
    pattern = Choice(((Filter("connection_id_pattern", "text", ("connection_id",)), "y"),))
    assert narrowed(VIEW, pattern).query == {"connection_id_pattern": "y"}
    assert narrowed(VIEW, HTTP).query == {"connection_id_pattern": "x", "conn_type": "http"}
    beyond = Reading(VIEW, reading([one("yz")]).pages)
    assert faults(beyond, before={}, after={}, choice=pattern) == []
