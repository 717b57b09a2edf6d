"""Names that a path can carry, with what has a meaning in paths, queries, patterns and markup; and descriptions."""

from __future__ import annotations

import re
from urllib.parse import unquote

from hypothesis import strategies as st

_RESERVED = "!$&'()*+,;=:@?#[]%\"<>{}|^`~ .-_"
#: Of several scripts, all in the Basic Multilingual Plane: MySQL may not keep others.
_LETTERS = "aZ09\u00e4\u00df\u0142\u03bb\u0436\u05d0\u0639\u0939\u4e2d\u3042\ud55c\u20ac\u2028\ufb01"
#: Ends that say something to a careless reader of paths, queries, patterns or texts.
TELLING = (
    "%",
    "%41",
    "%zz",
    "+a b",
    "?a=1",
    "#a",
    ";a=1",
    "&a<b>'\"",
    ":@,!",
    "{a}[b]",
    "\u00e9\u0142",
    "\u4e2d\u3042\ud55c",
)
#: A name has room for this much beside a prefix: Airflow 1.10 keeps 50 characters.
_LONGEST = 16


def suffixes() -> st.SearchStrategy[str]:
    """Ends of names; none has a slash, however often it is decoded, or a segment of dots, and none ends in a blank."""
    return st.text(_RESERVED + _LETTERS, min_size=1, max_size=_LONGEST).filter(_carried)


def descriptions() -> st.SearchStrategy[str | None]:
    """Descriptions, none at all among them."""
    return st.one_of(st.none(), st.text(_RESERVED + _LETTERS + "/\\\n", max_size=40))


def neighbours(name: str) -> list[str]:
    """Names that are like each other to a search by prefix, or by a pattern of SQL, shell or regular expressions."""
    return [f"{name}_", f"{name}%", f"{name}", f"{name}a", f"{name}_a", f"{name}aa", f"{name}.", f"{name}*"]


def _carried(text: str) -> bool:
    decoded = unquote(unquote(text))
    return "/" not in decoded and not {".", ".."} & set(re.split(r"[\\;]", decoded)) and text == text.rstrip()
