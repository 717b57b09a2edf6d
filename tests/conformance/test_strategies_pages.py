from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.strategies.pages import DOUBTFUL, WRONG, beyond, edges, sizes, wrong_numbers


@pytest.mark.parametrize("limit", [1, 2, 5, 100, 10**6])
def test_edges_are_around_the_limit(limit: int) -> None:
    found = edges(limit)
    assert {0, 1, limit, limit + 1, 2**63, 10**30} <= set(found)
    assert min(found) == 0
    assert len(found) == len(set(found))


@settings(max_examples=100)
@given(st.integers(1, 300), st.integers(1, 300), st.data())
def test_walks_are_short(total: int, limit: int, data: st.DataObject) -> None:
    size = data.draw(sizes(total, limit))
    assert size >= 1
    assert -(-total // min(size, limit)) <= max(8, -(-total // limit))


@settings(max_examples=100)
@given(st.integers(1, 1000), st.data())
def test_beyond_is_beyond(limit: int, data: st.DataObject) -> None:
    assert data.draw(beyond(limit)) > limit or limit >= 10**6


def is_whole_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


@settings(max_examples=200)
@given(wrong_numbers())
def test_wrong_numbers_are_none(text: str) -> None:
    assert not is_whole_number(text)


def test_lists_do_not_overlap() -> None:
    assert not set(WRONG) & set(DOUBTFUL)
    assert not any(is_whole_number(text) for text in WRONG)
