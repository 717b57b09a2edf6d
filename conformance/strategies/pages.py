"""Limits and offsets: usual ones, those at the edges, and what is none."""

from __future__ import annotations

from hypothesis import strategies as st

#: Clearly no whole numbers from 0.
WRONG = (
    "-1",
    "-1000000000",
    "abc",
    "1.5",
    "",
    "1e1",
    "0x2",
    "NaN",
    "null",
    "1;2",
    "1,1000",
    "--1",
    "1 2",
    "[5]",
    "9" * 400 + "x",
)
#: What some readers of numbers take for one and others do not: either may be, but not an error of the server.
DOUBTFUL = (
    " 2",
    "2 ",
    "+2",
    "2.0",
    "\u0663",
    " ",
    "1_0",
    "007",
    "-0",
    "true",
    "\uff11",
    "1\x00",
    "infinity",
    "9" * 400,
)
#: Names that a limit might also go by; none of them may lift it.
ALIASES = ("Limit", "LIMIT", "limit[]", "page_limit", "per_page", "page_size", "max", "size", "count", "$top")


def edges(limit: int) -> tuple[int, ...]:
    """Limits to ask for where the most is `limit`: around it, and around the sizes of integers."""
    small = (0, 1, limit - 1, limit, limit + 1, 2 * limit + 1)
    return tuple(dict.fromkeys(each for each in (*small, *large()) if each >= 0))


def large() -> tuple[int, ...]:
    """Limits that are far too large."""
    return (10**6, 10**9, 2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 10**30)


def beyond(limit: int) -> st.SearchStrategy[int]:
    """Limits above the most: near to it, or anything up to what overflows."""
    return st.one_of(st.integers(limit + 1, 3 * limit), st.integers(limit + 1, 2**63 - 1), st.sampled_from(large()))


def sizes(total: int, limit: int, most_pages: int = 8) -> st.SearchStrategy[int]:
    """Page sizes for a walk of at most so many pages; up to a little more than the limit."""
    least = max(1, -(-total // most_pages))
    return st.integers(min(least, limit), max(least, min(limit, total) + 3))


def wrong_numbers() -> st.SearchStrategy[str]:
    """Texts that are clearly no whole number from 0."""
    negative = st.one_of(st.integers(-1000, -1), st.integers(max_value=-1)).map(str)
    broken = st.floats(0.01, 10**6).filter(lambda x: x != int(x)).map(repr)
    words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)
    return st.one_of(st.sampled_from(WRONG), negative, broken, words)
