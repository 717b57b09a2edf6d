from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.sorting import compare, misplaced

NAMES = st.integers(0, 999).map(lambda number: f"pool_{number:03d}")
MOMENTS = st.datetimes().map(lambda moment: f"{moment.isoformat()}Z")
VALUES = st.one_of(st.lists(st.integers()), st.lists(NAMES), st.lists(st.booleans()), st.lists(st.floats(-1e9, 1e9)))


@given(VALUES)
def test_sorted_values_are_in_order(values: list[Any]) -> None:
    assert misplaced(sorted(values)) is None
    assert misplaced(sorted(values, reverse=True), descending=True) is None


@pytest.mark.parametrize(("less", "more"), [("p_000", "p_001x"), ("p_002xx", "p_003"), ("p", "p_1"), ("aZ", "b0")])
def test_texts_of_different_length(less: str, more: str) -> None:
    assert (compare(less, more), compare(more, less)) == (-1, 1)


@given(st.lists(NAMES, min_size=2, unique=True))
def test_swapped_neighbours_are_found(values: list[str]) -> None:
    values = sorted(values)
    values[0], values[1] = values[1], values[0]
    assert misplaced(values) == 1


@pytest.mark.parametrize("values", [[None, None, 1, 2], [1, 2, None, None], [None], []])
def test_nulls_may_stand_at_either_end(values: list[Any]) -> None:
    assert misplaced(values) is None


def test_nulls_may_not_stand_in_the_middle() -> None:
    assert misplaced([1, None, 2]) == 2


@pytest.mark.parametrize(("left", "right"), [("a_b", "ab_"), ("B", "a"), ("a-1", "a_1"), ({}, {}), (1, "1"), (None, 1)])
def test_what_nobody_can_tell_is_equal(left: object, right: object) -> None:
    assert compare(left, right) == 0


def test_moments_are_compared_as_moments() -> None:
    assert compare("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.5Z") == -1
    assert compare("2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z") == -1
