from __future__ import annotations

from typing import Any

import pytest

from conformance.likeness import pointed, unlike


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": {"b": 1, "c": 2}, "d": 3}),
        ({"a": [{"b": 1}, 2]}, {"a": [{"b": 1, "c": 2}, 2]}),
        (None, None),
        (1, 1.0),
    ],
)
def test_what_is_not_wanted_does_not_count(wanted: Any, found: Any) -> None:
    assert unlike(wanted, found) == ""


@pytest.mark.parametrize(
    ("wanted", "found", "told"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, "/a/b is to be 1; it is 2"),
        ({"a": None}, {}, "/a is to be None; it is missing"),
        ({"a": 1}, [], "the answer is to be {'a': 1}; it is []"),
        ([1], [1, 2], "the answer is to be [1]; it is [1, 2]"),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "/a/0/b is to be 1; it is 2"),
        (True, 1, "the answer is to be True; it is 1"),
        ({"a": 0}, {"a": False}, "/a is to be 0; it is False"),
    ],
)
def test_the_first_difference_is_told(wanted: Any, found: Any, told: str) -> None:
    assert unlike(wanted, found) == told


def test_pointers() -> None:
    value = {"a": [{"b/c": 1}], "~": None}
    assert pointed("/a/0/b~1c", value) == 1
    assert pointed("/~0", value) is None
    for nothing in ("/b", "/a/1", "/a/x", "/a/0/b~1c/d"):
        with pytest.raises(LookupError):
            pointed(nothing, value)
