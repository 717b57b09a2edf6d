"""Whether a value is like another that names a part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_MISSING = object()


def unlike(wanted: Any, found: Any, place: str = "") -> str:
    """Where `found` is not as wanted, in words; empty when it is.

    Of an object only the members that are wanted count; a list is compared item by item, as is anything else. True is
    not 1.
    """
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        parts = ((f"{place}/{name}", each, found.get(name, _MISSING)) for name, each in wanted.items())
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        parts = ((f"{place}/{n}", each, item) for n, (each, item) in enumerate(zip(wanted, found, strict=True)))
    elif wanted == found and isinstance(wanted, bool) == isinstance(found, bool):
        return ""
    else:
        shown = "missing" if found is _MISSING else repr(found)[:200]
        return f"{place or 'the answer'} is to be {repr(wanted)[:200]}; it is {shown}"
    return next(filter(None, (unlike(each, item, where) for where, each, item in parts)), "")


def pointed(pointer: str, value: Any) -> Any:
    """What a JSON pointer (RFC 6901) finds in a value. LookupError when it finds nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, Sequence) and not isinstance(value, str) and name.isdigit():
            value = value[int(name)]
        elif isinstance(value, Mapping):
            value = value[name]
        else:
            raise LookupError(pointer)
    return value
