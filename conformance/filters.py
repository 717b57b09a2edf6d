"""What the filters of collections mean: an evaluator of its own, by the declarations of filters.yaml.

A filter tells of an item whether it is to be among those chosen: True, False, or None where nobody can tell, because
the item does not show what the filter goes by, or because databases differ in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain
from operator import ge, gt, le, lt
from typing import Any

from conformance import apis
from conformance.collections import Collection, find
from specs.contract import Interface, Operation
from specs.versions import Version

Verdict = bool | None
Holds = Callable[["Filter", Any, Any], Verdict]

#: Members of an entry of filters.yaml that are no meanings.
PLACE = ("key", "path", "own", "few", "known", "beside")
BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {"_gte": ge, "_gt": gt, "_lte": le, "_lt": lt}
PATTERN, PREFIX = "_pattern", "_prefix_pattern"
#: A moment that is not shown lies between these.
EARLIEST, LATEST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2090, 1, 1, tzinfo=UTC)
#: What is not longer ago than this was just now.
JUST_NOW = timedelta(minutes=1)
#: Numbers that are nearer than this are as good as equal.
NEAR = 0.01

_ALTERNATIVES_SINCE = Version(3, 2)
_MISSING = object()


@dataclass(frozen=True)
class Filter:
    """One parameter that chooses items: its name, its meaning, the members that it goes by, and the bound it sets.

    `told`: the items that a value chooses. `mode`: the parameter that says whether all tags are wanted. `alternatives`:
    | separates values; `everything`: ~ is in every text.
    """

    name: str
    meaning: str
    fields: tuple[str, ...] = ()
    bound: str = ""
    told: Mapping[str, tuple[str, ...]] | None = None
    mode: str = ""
    alternatives: bool = False
    everything: bool = False

    def holds(self, item: Any, value: Any, key: str = "") -> Verdict:
        """Whether a value chooses an item; `key` is the first part of the item's key."""
        if self.told is not None:
            return _told(self.told, value, key)
        if self.meaning in ("halves", "widens"):
            return None
        return _MEANINGS[self.meaning](self, self.found(item), value)

    def found(self, item: Any) -> list[Any] | None:
        """What an item shows of what the filter goes by; None when it shows nothing of it."""
        shown = [values for path in self.fields if (values := _values(item, path)) is not None]
        return list(chain.from_iterable(shown)) if shown else None

    def query(self, value: Any) -> list[tuple[str, Any]]:
        """How a value is asked for: names and values of parameters, or of members of a body."""
        if self.meaning == "tags":
            every, tags = value
            return [(self.name, list(tags)), *([(self.mode, "all")] if every else ())]
        if self.meaning in ("listed", "but_listed"):
            return [(self.name, ",".join(value))]
        if self.meaning == "state":
            return [(self.name, ["none" if each is None else each for each in value])]
        return [(self.name, _sent(value))]


def _sent(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def _values(item: Any, path: str) -> list[Any] | None:
    """The values at a path; None when there is no such member."""
    found = [item]
    for step in path.split(".") if path else ():
        name, through, _ = step.partition("[]")
        found = [each.get(name, _MISSING) if isinstance(each, dict) else _MISSING for each in found if each is not None]
        if _MISSING in found:
            return None
        if through:
            found = list(chain.from_iterable(each or () for each in found))
    return found


def _told(told: Mapping[str, tuple[str, ...]], value: Any, key: str) -> Verdict:
    return key not in told["true"] if value is False else key in told[str(value).lower() if value is True else value]


def _one_of(_filter: Filter, found: list[Any] | None, value: Any) -> Verdict:
    return None if found is None else any(each in value for each in found)


def _is(_filter: Filter, found: list[Any] | None, value: Any) -> Verdict:
    return None if found is None else value in found


def _but(_filter: Filter, found: list[Any] | None, value: Any) -> Verdict:
    if found is None or found == [None]:
        return None
    return not any(each in value for each in found)


def _within(one: Filter, found: list[Any] | None, value: Any) -> Verdict:
    if found is None:
        return None
    if found in ([], [None]):
        return False if one.meaning != "ends" else _yet_to_come(one, value)
    shown = moment(found[0])
    if one.meaning == "roughly" and abs(shown - value) < NEAR:
        return None
    return BOUNDS[one.bound](shown, value)


def _yet_to_come(one: Filter, value: datetime) -> Verdict:
    """Null is later than what has been; of what was just now nobody can tell, for databases count in seconds."""
    return None if value > datetime.now(UTC) - JUST_NOW else BOUNDS[one.bound](LATEST, value)


def _unseen(one: Filter, _found: list[Any] | None, value: Any) -> Verdict:
    if EARLIEST < value < LATEST:
        return None
    return BOUNDS[one.bound](EARLIEST if value >= LATEST else LATEST, value)


def moment(value: Any) -> Any:
    """A date as such, whatever else as it is."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _texts(found: list[Any] | None) -> list[str] | None:
    """The texts; None where one may be compared in other ways, or where there is none to be seen."""
    if found is None or not all(each is None or str(each).isascii() for each in found):
        return None
    return [str(each) for each in found if each is not None]


def _terms(one: Filter, value: str) -> list[str]:
    """The texts that are looked for; ~ stands for the empty one."""
    terms = [term.strip() for term in value.split("|")] if one.alternatives else [value]
    return ["" if one.everything and value == "~" else term for term in terms if term] or [value]


def _pattern(one: Filter, found: list[Any] | None, value: str) -> Verdict:
    texts = _texts(found)
    return None if texts is None else any(like(term).search(text) for term in _terms(one, value) for text in texts)


@cache
def like(text: str) -> re.Pattern[str]:
    """SQL's LIKE '%text%', whatever the case."""
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(each, re.escape(each)) for each in text), re.IGNORECASE | re.DOTALL)


def _prefix(one: Filter, found: list[Any] | None, value: str) -> Verdict:
    """What begins with it in another case may be there or not: databases differ.

    So may what is punctuated otherwise: Airflow leaves out what is no letter or digit at the end, and says so.
    """
    texts = _texts(found)
    if texts is None:
        return None
    terms = _terms(one, value)
    if any(text.startswith(term) for term in terms for text in texts):
        return True
    near = [re.sub(r"[\W_]+$", "", term).lower() for term in terms]
    return None if any(text.lower().startswith(term) for term in near for text in texts) else False


def _holds(_filter: Filter, found: list[Any] | None, value: Any) -> Verdict:
    """What it would hold if % and _ stood for anything may be there or not: before 3.3 they do (read in 3.2.2)."""
    texts, wanted = _texts(found), [value] if isinstance(value, str) else value
    if texts is None or any(each.lower() in text.lower() for each in wanted for text in texts):
        return None if texts is None else True
    return None if any(like(each).search(text) for each in wanted for text in texts) else False


def _mentions(_filter: Filter, found: list[Any] | None, value: str) -> Verdict:
    return None if found is None else any(value in json.dumps(each) for each in found)


def _only(one: Filter, found: list[Any] | None, value: bool) -> Verdict:
    return True if not value else None if found is None else (one.meaning == "only") in found


def _tags(_filter: Filter, found: list[Any] | None, value: tuple[bool, tuple[str, ...]]) -> Verdict:
    every, tags = value
    return None if found is None else (all if every else any)(tag in found for tag in tags)


_MEANINGS: Mapping[str, Holds] = {
    **dict.fromkeys(("is", "flag", "number"), _is),
    **dict.fromkeys(("one_of", "state", "nullable", "listed"), _one_of),
    **dict.fromkeys(("but", "but_listed"), _but),
    **dict.fromkeys(("bounds", "ends", "roughly", "later", "earlier"), _within),
    **dict.fromkeys(("only", "without"), _only),
    "unseen": _unseen,
    "text": _pattern,
    "plain": _pattern,
    "prefix": _prefix,
    "holds": _holds,
    "holds_one": _holds,
    "mentions": _mentions,
    "tags": _tags,
}
MEANINGS = (*_MEANINGS.keys() - {"prefix"}, "told", "halves", "widens")


def declared(api: str) -> Mapping[str, Mapping[str, Any]]:
    """The declarations of an API by operation."""
    return apis.load(api).data("filters")


def offered(interface: Interface, operation: Operation) -> frozenset[str]:
    """The names by which a list of this version can be narrowed, or told what to show: of its query, or of its body."""
    if operation.method == "POST":
        return frozenset(interface.properties(operation.body or {}))
    return frozenset(each.name for each in operation.parameters if each.where == "query")


def of(interface: Interface, operation: Operation) -> list[Filter]:
    """The filters that a list of this version has."""
    there, old = offered(interface, operation), interface.version < _ALTERNATIVES_SINCE
    public = apis.of(interface).name == "public-v2"
    found = [each for each in declared_of(apis.of(interface).name, operation.id) if each.name in there]
    return [
        replace(
            each,
            mode=each.mode if each.mode in there else "",
            alternatives=each.alternatives and not old,
            everything=each.everything and public,
        )
        for each in found
    ]


def declared_of(api: str, operation: str) -> list[Filter]:
    """Every filter that filters.yaml has for an operation, whatever the version."""
    entry = declared(api).get(operation, {})
    return [one for meaning, names in entry.items() if meaning not in PLACE for one in _expanded(meaning, names)]


def collection(interface: Interface, operation: Operation) -> Collection:
    """The part of a list in which its filters are tried."""
    entry = declared(apis.of(interface).name)[operation.id]
    whole = find(interface, operation.id)
    key = tuple(entry["key"]) if "key" in entry else whole.key
    place = {name: entry.get(name, {}) for name in ("path", "own", "few")}
    return replace(whole, key=key, known=entry.get("known"), **place)


def _expanded(meaning: str, names: Any) -> Iterable[Filter]:
    for name, value in names.items() if isinstance(names, dict) else ((each, each) for each in names):
        if meaning == "told":
            yield Filter(name, meaning, told={text: tuple(keys) for text, keys in value.items()})
            continue
        one = Filter(name, meaning, tuple(value.split(" or ")))
        if meaning in ("bounds", "ends", "roughly", "unseen"):
            yield from (replace(one, name=f"{name}{bound}", bound=bound) for bound in BOUNDS)
        elif meaning in ("later", "earlier"):
            yield replace(one, bound="_gt" if meaning == "later" else "_lt")
        elif meaning in ("text", "plain"):
            searched = replace(one, alternatives=meaning == "text", everything=True)
            yield replace(searched, name=f"{name}{PATTERN}")
            yield replace(searched, name=f"{name}{PREFIX}", meaning="prefix")
        elif meaning == "tags":
            yield replace(one, mode=f"{name}_match_mode")
        else:
            yield one
