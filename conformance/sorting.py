"""Whether values stand in order, as far as that can be told of a database that we do not know.

Databases differ in where they put null, and in how they collate texts: whether case and punctuation count. So nulls may
stand at either end. Of two texts the first places where they differ decide, if there are two digits, two lower-case or
two upper-case letters, or if one text ends there: in that every collation agrees.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_CLASSES = tuple(map(frozenset, (string.ascii_lowercase, string.ascii_uppercase, string.digits)))


def misplaced(values: Sequence[Any], *, descending: bool = False) -> int | None:
    """The index of the first value that stands in the wrong order to the one before it, or None."""
    ends = [index for index in range(1, len(values)) if (values[index] is None) != (values[index - 1] is None)]
    if len(ends) > 1:
        return ends[1]
    for index in range(1, len(values)):
        before, after = values[index - 1], values[index]
        if compare(before, after) == (-1 if descending else 1):
            return index
    return None


def compare(left: Any, right: Any) -> int:
    """-1, 0 or 1 for less, equal or more; 0 also where nobody can tell."""
    one, other = _comparable(left), _comparable(right)
    if one is None or other is None or type(one) is not type(other):
        return 0
    if isinstance(one, str) and not _decided(one, other):
        return 0
    return int(one > other) - int(one < other)


def _comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and _MOMENT.match(value):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value if isinstance(value, str) else None


def _decided(left: str, right: str) -> bool:
    """Whether every collation puts two texts in the same order as their code points."""
    differing = next(((one, other) for one, other in zip(left, right, strict=False) if one != other), None)
    return differing is None or any(set(differing) <= kind for kind in _CLASSES)
