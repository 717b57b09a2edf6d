"""A request's body as the guard reads it: JSON in which no doubled key hides the other value."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any


class Pairs(list[tuple[str, Any]]):
    """A JSON object with every key as it stands, doubled ones too."""

    def values(self, name: str) -> list[Any]:
        """The values of a key; none, one, or more where it is doubled."""
        return [value for key, value in self if key == name]


class NotRead(ValueError):  # noqa: N818 (it says what happened)
    """The body is no JSON."""


def parse(octets: bytes) -> Any:
    """The body as JSON, objects as `Pairs`; NotRead when it is none. What Python accepts is accepted: NaN, UTF-16."""
    try:
        return json.loads(octets, object_pairs_hook=Pairs)
    except (ValueError, RecursionError):
        raise NotRead from None


def leaves(value: Any) -> Iterator[str | int | float | bool | None]:
    """Every single value in a JSON value; keys are none."""
    if isinstance(value, Pairs):
        for _, each in value:
            yield from leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from leaves(each)
    else:
        yield value


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value; of one that is the text of a JSON object, those that are in there."""
    for leaf in leaves(value):
        if isinstance(leaf, str):
            yield leaf
            with contextlib.suppress(NotRead):
                inner = parse(leaf.encode()) if leaf.lstrip().startswith("{") else None
                yield from (each for each in leaves(inner) if isinstance(each, str))


def named(value: Any, name: str) -> Iterator[Any]:
    """The values of that key, however deep it stands."""
    if isinstance(value, Pairs):
        for key, each in value:
            if key == name:
                yield each
            yield from named(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from named(each, name)


_TOKEN = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*")


def words_after(octets: bytes, name: str) -> list[str]:
    """The words that follow a field's name in a text that is no JSON, be it a form, XML or half a JSON.

    A token names nothing, whatever its base64 happens to spell.
    """
    text = _TOKEN.sub("", octets.replace(b"\0", b"").decode("latin-1"))
    return [found for found in re.findall(rf"(?i)(?<![a-z0-9]){re.escape(name)}[^\w.~+-]*([\w.~+-]*)", text) if found]
