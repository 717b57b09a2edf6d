from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.collections import View, find
from conformance.exchange import Exchange, Request, Response
from conformance.pages import Page, disordered, incomplete, keys, read
from specs import contract
from specs.versions import Version

POOLS = find(contract.load().cut(Version.parse("3.3")), "get_pools")
NAMES = [f"p_{number:03d}" for number in range(10)]
OWN = View(POOLS, {}, {}, frozenset((name,) for name in NAMES), exact=True)
OTHERS = View(POOLS, {}, {})


def page(names: list[str], total: Any = 10, offset: int = 0, status: int = 200) -> Page:
    body = {"pools": [{"name": name} for name in names], "total_entries": total}
    response = Response(status, "", (), json.dumps(body).encode(), 0.0)
    return read(Exchange(Request("GET", f"/api/v2/pools?offset={offset}"), response), ["pools"], offset)


def faults(*pages: Page, view: View = OWN, size: int = 4, limit: int = 100) -> list[str]:
    return [message for message, _ in incomplete(view, pages, size, limit)]


def test_whole_walk_has_no_fault() -> None:
    walk = [page(NAMES[:4]), page(NAMES[4:8], offset=4), page(NAMES[8:], offset=8)]
    assert faults(*walk) == []
    assert faults(*walk, view=OTHERS) == []
    assert keys(OWN, walk) == [(name,) for name in NAMES]


def test_pages_stop_at_the_limit() -> None:
    walk = [page(NAMES[:3]), page(NAMES[3:6], offset=3), page(NAMES[6:9], offset=6), page(NAMES[9:], offset=9)]
    assert faults(*walk, size=5, limit=3) == []


@pytest.mark.parametrize("total", [4, 11, 0, None, "10", True])
def test_wrong_total(total: Any) -> None:
    assert faults(page(NAMES[:4], total), page(NAMES[4:8], total, 4), page(NAMES[8:], total, 8))


def test_total_of_the_page() -> None:
    assert faults(page(NAMES[:4], 4), view=OWN)
    assert faults(page(NAMES[:4], 4), page(NAMES[4:6], 2, 4), view=OTHERS)


def test_repeated_item() -> None:
    walk = [page(NAMES[:4]), page(NAMES[3:7], offset=4), page(NAMES[7:9], offset=8)]
    assert any("p_003 came again" in fault for fault in faults(*walk))
    assert any("p_009 for one" in fault for fault in faults(*walk))


def test_offset_that_is_ignored() -> None:
    assert faults(page(NAMES[:4]), page(NAMES[:4], offset=4), page(NAMES[:4], offset=8), view=OTHERS)


def test_hidden_item_of_what_is_not_ours() -> None:
    assert faults(page(NAMES[:4]), page(NAMES[5:9], offset=4), page([], offset=8), view=OTHERS)


def test_foreign_item() -> None:
    assert any("default_pool does not belong" in each for each in faults(page([*NAMES[:9], "default_pool"]), size=10))


def test_short_page() -> None:
    assert any(
        "is to hold 4" in each
        for each in faults(page(NAMES[:3]), page(NAMES[3:7], offset=3), page(NAMES[7:], offset=7))
    )


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"pools": 3, "total_entries": 1}', b"\xff"])
def test_no_page(body: bytes) -> None:
    odd = read(Exchange(Request("GET", "/x"), Response(200, "", (), body, 0.0)), ["pools"])
    assert not odd.sound
    assert odd.held == []
    assert len(faults(odd)) == 1


def test_order_across_pages() -> None:
    rising = [page(NAMES[:2]), page(NAMES[2:4], offset=2)]
    assert disordered(OWN, rising, "name", descending=False) == []
    assert disordered(OWN, rising, "id", descending=True) == []
    [(message, story)] = disordered(OWN, rising[::-1], "name", descending=False)
    assert "'p_003' comes before 'p_000'" in message
    assert len(story) == 2
    assert disordered(OWN, rising, "pool", descending=True)
