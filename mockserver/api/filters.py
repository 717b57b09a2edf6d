"""Filters of collections. The names of Airflow's query parameters say how they filter, so they are read from there.

X             equal to the value, or to one of the values
X_pattern     holds the text: any case, SQL's % and _ are wildcards, | means or, ~ matches everything
X_prefix_pattern  begins with the text: | and ~ as above; what is no letter or digit at its end does not count
X_gte, X_gt, X_lte, X_lt  bounds

Measured on Airflow 3.3.2, 3.0.6 and 2.11.2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Any, TypeVar

from mockserver.errors import ApiError
from mockserver.operations import Call
from mockserver.world.habits import has

R = TypeVar("R")
Getter = Callable[[Any], Any]
Fields = Mapping[str, Getter]
Compare = Callable[[Any, Any], bool]
Test = Callable[[Any], bool]
_BOUNDS = {"_gte": ge, "_gt": gt, "_lte": le, "_lt": lt}


class Filters:
    """How a deployment chooses rows: a part of its mock."""

    def test(self, call: Call, name: str, value: Any, fields: Fields) -> Test | None:
        """What a row has to meet for one condition; None where that is about none of the fields, or says nothing."""
        if value is None or value == []:
            return None
        if value == 0 and name.endswith(tuple(_BOUNDS)) and has(call.world.version, "a bound of zero is none"):
            return None
        for suffix, kind in (("_prefix_pattern", self.begins), ("_pattern", self.holds)):
            if name.endswith(suffix) and (get := fields.get(name.removesuffix(suffix))):
                return _on(get, kind(call, name, value))
        for suffix, compare in _BOUNDS.items():
            if name.endswith(suffix) and (get := fields.get(base := name.removesuffix(suffix))):
                return _bounded(get, compare, value, self.instead(call, base, compare))
        if (get := fields.get(name)) is None:
            return None
        wanted = value if isinstance(value, list) else [value]
        return lambda row: get(row) in wanted

    def instead(self, call: Call, base: str, compare: Compare) -> datetime | None:
        """What stands for a missing start or end in the GET lists: the present; since 3.2 it meets lower bounds."""
        if call.operation.method != "GET" or base not in ("start_date", "end_date"):
            return None
        if not has(call.world.version, "a missing date is the present"):
            return None
        lower = compare in (ge, gt) and has(call.world.version, "a missing date meets lower bounds")
        return datetime.max.replace(tzinfo=UTC) if lower else call.world.now()

    def terms(self, call: Call, text: str) -> list[str]:
        """What to look for; versions before 3.2 take | for a plain character, those before 3.0 ~ as well."""
        many = "|" in text and has(call.world.version, "| separates patterns")
        terms = [term.strip() for term in text.split("|") if term.strip()] if many else []
        everything = "~" if has(call.world.version, "~ is any text") else ""
        return ["" if term == everything else term for term in terms or [text]]

    def begins(self, call: Call, _name: str, value: str) -> Callable[[str], bool]:
        """Whether a text begins with what is looked for."""
        prefixes = tuple(re.sub(r"[\W_]+$", "", term) for term in self.terms(call, value))
        return lambda found: found.startswith(prefixes)

    def holds(self, call: Call, _name: str, value: str) -> Callable[[str], bool]:
        """Whether a text has in it what is looked for."""
        patterns = [like(term) for term in self.terms(call, value)]
        return lambda found: any(pattern.search(found) for pattern in patterns)


def select(call: Call, rows: Iterable[R], given: Mapping[str, Any], fields: Fields) -> list[R]:
    """The rows that meet every condition in `given` about one of `fields`; other names are not looked at."""
    made = (call.mock.filters.test(call, name, value, fields) for name, value in given.items())
    tests = [test for test in made if test is not None]
    return [row for row in rows if all(test(row) for test in tests)]


def _on(get: Getter, test: Callable[[str], bool]) -> Test:
    return lambda row: (text := get(row)) is not None and test(text)


def _bounded(get: Getter, compare: Compare, bound: Any, instead: datetime | None) -> Test:
    def test(row: Any) -> bool:
        found = get(row)
        found = instead if found is None else found
        return found is not None and compare(found, bound)

    return test


@lru_cache(maxsize=256)
def like(text: str) -> re.Pattern[str]:
    """SQL's LIKE '%text%' without regard to case."""
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(letter, re.escape(letter)) for letter in text), re.IGNORECASE | re.DOTALL)


def holding(call: Call, text: str) -> Callable[[str], bool]:
    """Whether a text holds another one, whatever the case; versions before 3.3 take % and _ for wildcards here too."""
    if not has(call.world.version, "texts are looked for as they are"):
        return lambda found: like(text).search(found) is not None
    return lambda found: text.lower() in found.lower()


def states(given: Iterable[str | None], known: Iterable[str], noun: str = "state") -> list[str | None]:
    """The states asked for, "none" being null; 422 with a text for an unknown one."""
    known = list(known)
    wanted = [None if one in ("none", "no_status", None) else one for one in given]
    if any(one is not None and one not in known for one in wanted):
        raise ApiError(422, f"Invalid value for {noun}. Valid values are {', '.join(known)}")
    return wanted


def order(*names: str) -> dict[str, Getter]:
    """Sort keys by name; "shown=attribute" where the attribute has another name."""
    pairs = (name.partition("=") for name in names)
    return {shown: _attribute(attribute or shown) for shown, _, attribute in pairs}


def _attribute(name: str) -> Getter:
    return lambda row: getattr(row, name)
