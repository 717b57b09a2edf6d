"""What the watcher takes for the same, and for what was said."""

from __future__ import annotations

import pytest

from conformance.watching import _unsaid


@pytest.mark.parametrize(
    ("said", "shown", "where"),
    [
        ({"a": "2025-01-01T05:30:00.5+05:30"}, {"a": "2025-01-01T00:00:00.500000Z"}, ""),
        ({"a": "2025-01-01T00:00:00.5Z"}, {"a": "2025-01-01T00:00:00Z"}, "/a "),
        ({"a": 1, "b": 2}, {"a": 1}, ""),
        ({"a": {"b": 7}}, {"a": {"b": 7, "c": 8}}, ""),
        ({"a": {"b": 7}}, {"a": {"b": "7"}}, "/a/b "),
        ({"a": "T"}, {"a": "T"}, ""),
    ],
)
def test_members_that_both_have_are_compared(said: dict[str, object], shown: dict[str, object], where: str) -> None:
    assert _unsaid(said, shown).startswith(where)
    assert bool(_unsaid(said, shown)) == bool(where)
