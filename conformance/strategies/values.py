"""Values of the fields of things, by the names that machines.yaml has for them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st

#: Of several scripts, all in the Basic Multilingual Plane: MySQL may not keep others.
_LETTERS: Final = "abz AZ09%_'\"\\;:#?&<>\u00e4\u00df\u0142\u0436\u05d0\u4e2d\u3042\ud55c\u20ac"
#: None of these sounds like a secret to any version.
_KEYS = st.sampled_from(("color", "Size", "a b", "\u0142", "n.1"))

_text = st.text(_LETTERS, min_size=1, max_size=24)
_scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(_LETTERS, max_size=12))
_json = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3), max_leaves=5
)

VALUES: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "flag": st.booleans(),
    "slots": st.one_of(st.sampled_from((0, 1, 10**6)), st.integers(0, 1000)),
    "port": st.one_of(st.none(), st.integers(1, 65535)),
    "text": _text,
    "long text": _text,
    "maybe text": st.one_of(st.none(), _text),
    "words": st.text("abcxyz0189", min_size=1, max_size=12),
    "secret": st.text("abcxyz0189", min_size=8, max_size=12).map("hunter-{}".format),
    "json": _json,
    "some json": _json.filter(lambda value: value is not None),
    "json object": st.dictionaries(_KEYS, _json, max_size=3),
    "object as text": st.dictionaries(_KEYS, _json, max_size=3).map(json.dumps),
}

#: Of each some that a careless reader takes for nothing, or for another.
_TELLING: Final[Mapping[str, tuple[Any, ...]]] = {
    "flag": (True, False),
    "slots": (3, 0, 10),
    "port": (80, None, 1, 443, 0),
    "text": ("before", "\u0142 'a\"&%41", " e\u0301\n "),
    "long text": ("before", "\u0142 'a\"&%41", "x" * 8000, " e\u0301\n "),
    "maybe text": ("before", None, "\u0142 'a\"&%41", " e\u0301\n "),
    "words": ("before", "after"),
    "secret": ("hunter-before", "hunter-after"),
    "json": ({"a": [1, None]}, None, 0, "text"),
    "some json": ({"a": [1, None]}, 0, "text"),
    "json object": ({"a": [1]}, {}, {"n": 2**53 + 1}),
    "object as text": ('{"a": [1]}', "{}"),
}


def telling(how: Any) -> tuple[Any, ...]:
    """Some values of a name, or all of those to choose from; none is like the next."""
    return tuple(how) if isinstance(how, list) else _TELLING[how]


def values(how: Any) -> st.SearchStrategy[Any]:
    """The strategy for a name, or for one of some values. KeyError for an unknown name."""
    return st.sampled_from(how) if isinstance(how, list) else VALUES[how]
