"""Ends of names: with what has a meaning in paths, queries and patterns, in other scripts, and as long as can be."""

from __future__ import annotations

import re
from typing import Final

from hypothesis import strategies as st

_PLAIN = "abzAZ019"
#: Ends that say something to a careless reader of paths, queries, patterns or texts, and that are no path of their own.
_TELLING = (
    *("a b", "a+b", "a%b", "a%41b", "a?b=1", "a#b", "a;b=1", "a&b<c>'\"", "a:@,!", "{a}[b]", "a|b~c", "a..b"),
    *("a_b-c.d",),
    *("\u00e9\u0142", "\u4e2d\u3042\ud55c", "AbC", "a\\b", "*a", "$a^"),
)
#: Ends that a path can carry only where it is decoded before it is read, or where a value may be a path of its own.
_PATHS = ("a/b", "a%2Fb", "a//b", "a/")

#: What names are made of, by the names that machines.yaml has for it: letters, and what must not be in there.
LETTERS: Final = {
    "any": "aZ0 -._~!$&'()*+,;=:@?#[]%\"<>{}|^`/\u00e4\u0142\u03bb\u0436\u05d0\u4e2d\u3042\ud55c\u20ac",
    "no slash": "aZ0 -._~!$&'()*+,;=:@?#[]%\"<>{}|^`\u00e4\u0142\u03bb\u0436\u05d0\u4e2d\u3042\ud55c\u20ac",
    "word": "aZ0-._\u00e4\u0142\u0436\u4e2d\u3042",
    "ascii word": "aZ0-._",
    "lower word": "az0-._",
    "run": "aZ0-._~:+",
}
_KINDS: Final = {
    "word": r"[\w.-]+",
    "ascii word": r"[A-Za-z0-9_.-]+",
    "lower word": r"[a-z0-9_.-]+",
    "run": r"[A-Za-z0-9_.~:+-]+",
}


def telling(letters: str) -> list[str]:
    """The ends worth trying each, of those letters."""
    found = [each for each in (*_TELLING, *_PATHS) if _made_of(each, letters)]
    return [each for each in found if letters != "run" or ".." not in each]


def ends(letters: str, longest: int) -> st.SearchStrategy[str]:
    """Ends of up to so many characters, which is many now and then; many are plain, so that filters ask for them."""
    some = st.text(LETTERS[letters], min_size=1, max_size=12).filter(_carried)
    plain = [letter for letter in _PLAIN if _made_of(letter, letters)]
    far = st.sampled_from(plain).map(lambda letter: letter * longest)
    return st.one_of(st.text(plain, min_size=1, max_size=4), st.sampled_from(telling(letters)), some, far)


def _made_of(text: str, letters: str) -> bool:
    if letters in ("any", "no slash"):
        return letters == "any" or not ("/" in text or "%2F" in text)
    return re.fullmatch(_KINDS[letters], text) is not None


def _carried(text: str) -> bool:
    """Whether a path can be read in one way only: no segment of dots, no blank at the end, nothing encoded."""
    return not ({".", ".."} & set(re.split(r"[\\/;]", text)) or text != text.strip() or "%" in text or ".." in text)
