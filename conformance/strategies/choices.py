"""Values for a filter to be tried with, made of what the items in a collection show.

Of texts and numbers: some that are there, and one that is not; of dates and bounds: one that is there, and what is just
before and after it. A list of values that are wanted together stands in a tuple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from conformance.filters import LATEST, Filter, moment

#: What nothing is called, and what nothing counts.
ABSENT, NO_NUMBER = "conformance_has_no_such", 2147483
#: So many different values are tried that are there.
MOST = 3
#: Words that may be asked for where others are refused; one that no item has is tried as well.
STATES = ("success", "failed", "queued", "running")
WORDS = {"run_type": ("scheduled", "backfill", "manual"), "warning_type": ("asset conflict", "non-existent pool")}
_TICK, _LONG = timedelta(microseconds=1), timedelta(days=1)
_ELSEWHERE = timezone(timedelta(hours=2))
_STEP = 1.0


def values(one: Filter, items: Sequence[Any]) -> list[Any]:
    """The values to try a filter with; none where the items show nothing that it could go by."""
    if one.told is not None:
        return [word for name in one.told for word in ((True, False) if name == "true" else (name,))]
    if one.meaning in ("flag", "only", "without", "halves", "widens"):
        return [True, False]
    if one.meaning == "unseen":
        return [datetime(2000, 1, 1, tzinfo=UTC), LATEST + timedelta(days=365)]
    if one.meaning == "mentions":
        return _words(one, items)
    return _MAKERS[one.meaning](one, seen(one, items)) if any(_shows(one, item) for item in items) else []


def seen(one: Filter, items: Iterable[Any]) -> list[Any]:
    """The different values that items show of what a filter goes by, null left out, in their order."""
    found = {value: None for item in items for value in one.found(item) or () if value.__hash__ and value is not None}
    return sorted(found, key=lambda value: (str(type(value)), value))


def _shows(one: Filter, item: Any) -> bool:
    return one.found(item) is not None


def _some(found: Sequence[Any]) -> list[Any]:
    """A few of them: the first, the middle and the last; and zero, which a careless reader takes for nothing."""
    zeros = [each for each in found if isinstance(each, int) and each == 0]
    return list(dict.fromkeys([found[0], *zeros, found[len(found) // 2], found[-1]])) if found else []


def _nothing(one: Filter, found: Sequence[Any]) -> Any:
    """What is not there; a text of digits where nobody can tell of what kind it is to be."""
    if one.name in WORDS:
        return next(each for each in WORDS[one.name] if each not in found)
    return NO_NUMBER if found and isinstance(found[0], int) else ABSENT if found else str(NO_NUMBER)


def _single(one: Filter, found: list[Any]) -> list[Any]:
    return [*_some(found), _nothing(one, found)]


def _number(_one: Filter, found: list[Any]) -> list[Any]:
    return [*_some([each for each in found if each]), NO_NUMBER]


def _several(one: Filter, found: list[Any]) -> list[Any]:
    """Each alone; two; one with one that is not there, before it and after it; and one that is not there."""
    some, nothing = _some(found), _nothing(one, found)
    pairs = [*pairwise(some), (nothing, some[-1]), (some[0], nothing)] if some else []
    return [*((each,) for each in some), *pairs, (nothing,)]


def _states(one: Filter, found: list[Any]) -> list[Any]:
    """The same, with null as a value of its own."""
    missing = [each for each in WORDS.get(one.name, STATES) if each not in found][:1]
    some = [*_some(found), *missing]
    return [*((each,) for each in some), *pairwise(some), (None,), (None, some[0]), (some[-1], None)]


def _bounds(one: Filter, found: list[Any]) -> list[Any]:
    """One of them that some are before and some after, and what is next to it on both sides; also by another clock.

    Not so where a date may be missing: on SQLite those are compared as texts (3.3.2). They are looked for long before.
    """
    shown = sorted({moment(each) for each in found})
    if not shown:
        return []
    middle = shown[len(shown) // 2]
    if one.meaning == "roughly":
        return [each for each in (middle - _STEP, middle + _STEP) if each > 0]
    apart = {"bounds": [middle.astimezone(_ELSEWHERE)], "ends": [shown[0] - _LONG]}
    return [middle, middle - _TICK, middle + _TICK, *apart.get(one.meaning, ())]


def _patterns(one: Filter, found: list[str]) -> list[Any]:
    """A text that is there: in another case, in part, with wildcards, beside one that is not; and what is not there."""
    texts = [each for each in found if isinstance(each, str) and each.isascii() and not re.search(r"[%\\|~]", each)]
    if not texts:
        return []
    text = texts[len(texts) // 2]
    half, letter = len(text) // 2, _letter(text)
    within = f"{text[1:letter]}_{text[letter + 1 :]}"
    tried = [text.swapcase(), within, f"{text[:1]}%{text[half:]}", f"{text}_", f"{text}%{ABSENT}", ABSENT]
    if one.alternatives:
        tried += [f"{texts[0]}|{texts[-1]}", f"{ABSENT} | {text}"]
    return list(dict.fromkeys([*tried, *(["~"] if one.everything else [])]))


def _letter(text: str) -> int:
    """Where in a text a letter or digit stands, not at its ends if that can be."""
    return next((index for index in range(len(text) // 2, len(text)) if text[index].isalnum()), 0)


def _prefixes(one: Filter, found: list[str]) -> list[Any]:
    """How a text begins that is there, and what is within it only; a wildcard is none.

    What ends in 9 or z is left out: Airflow looks for a range of texts, and takes more of them in there (measured).
    """
    texts = [each for each in found if isinstance(each, str) and each.isascii() and not re.search(r"[%\\|~]", each)]
    if not texts:
        return []
    text = texts[len(texts) // 2]
    half = len(text) // 2 + 1
    tried = [text[:half], text[1:], f"%{text[:half]}", f"{text[:1]}%", ABSENT]
    if one.alternatives:
        tried.append(f"{ABSENT}|{texts[0]}|{texts[-1]}")
    safe = [each for each in dict.fromkeys(tried) if each and not re.search(r"[9zZ][\W_]*(\||$)", each)]
    return [*safe, *(["~"] if one.everything else [])]


def _held(one: Filter, found: list[str]) -> list[Any]:
    """A part of a text that is there, in another case; with a wildcard, which is none."""
    texts = [each for each in found if isinstance(each, str) and len(each) > 2 and each.isascii()]
    if not texts:
        return []
    text = texts[len(texts) // 2]
    held = [*texts[:MOST], text[1:-1].upper(), f"{text[:1]}%{text[-1:]}", f"{text[:-1]}_", ABSENT]
    return held if one.meaning == "holds" else [*((each,) for each in held), *pairwise([*texts[:MOST], ABSENT, text])]


def _words(one: Filter, items: Sequence[Any]) -> list[Any]:
    """Words that stand in something of an item, and one that does not."""
    found = [each for item in items for each in one.found(item) or () if isinstance(each, dict)]
    words = {word: None for each in found for word in each.values() if isinstance(word, str) and word.isascii()}
    return [*list(words)[:MOST], ABSENT] if found else []


def _tagged(one: Filter, found: list[str]) -> list[Any]:
    """One tag; two, one of which is enough, or both wanted; one that nothing has beside one that something has."""
    some = _some(found)
    several = [*((each,) for each in some), *pairwise(some), (ABSENT, some[-1]), (some[0], ABSENT), (ABSENT,)]
    return [(every, tags) for every in ((False, True) if one.mode else (False,)) for tags in several] if some else []


_MAKERS: Mapping[str, Callable[[Filter, list[Any]], list[Any]]] = {
    **dict.fromkeys(("one_of", "listed", "but", "but_listed"), _several),
    **dict.fromkeys(("state", "nullable"), _states),
    **dict.fromkeys(("bounds", "ends", "roughly", "later", "earlier"), _bounds),
    **dict.fromkeys(("text", "plain"), _patterns),
    "prefix": _prefixes,
    "is": _single,
    "number": _number,
    **dict.fromkeys(("holds", "holds_one"), _held),
    "tags": _tagged,
}
