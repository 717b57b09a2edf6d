"""Proof that stands in headers of a backend's own, right in all but one thing."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.exchange import Headers
from conformance.strategies.credentials import misses
from conformance.strategies.headers import Attempt


def decisive(headers: Headers, nobody: str) -> list[Attempt]:
    """The few that stand for all: each header missing, each with what nobody has, all of them empty."""
    found = [Attempt(f"the proof without {name}", _without(headers, name)) for name, _ in headers]
    found += [Attempt(f"the proof with another {name}", _with(headers, name, nobody)) for name, _ in headers]
    return [*found, Attempt("empty proof", tuple((name, "") for name, _ in headers))]


def altered(headers: Headers) -> Iterator[Attempt]:
    """The proof with one of its headers nearly right, swapped with another, or under another name.

    The case of the first header is left alone: a user name is taken in any case (FAB's default). Two headers of a name
    are not tried, for HTTP does not say which of them counts.
    """
    for index, (name, value) in enumerate(headers):
        for flaw, other in misses(value):
            said = index > 0 or other.casefold() != value.casefold()
            if said and _sendable(other) and len(other) < 4000:
                yield Attempt(f"{name} {flaw}", _with(headers, name, other))
        for flaw, other in (("one more letter", f"{name}s"), ("underscores", name.replace("-", "_") + "_")):
            renamed = tuple((other if key == name else key, said) for key, said in headers)
            yield Attempt(f"{name} under a name with {flaw}", renamed)
    swapped = tuple((name, value) for (name, _), (_, value) in zip(headers, reversed(headers), strict=True))
    if swapped != headers:
        yield Attempt("the values of the headers swapped", swapped)


def _sendable(value: str) -> bool:
    """Whether a header can have the value, and not lose a blank around it on the way."""
    return value == value.strip() and all(" " <= char <= "~" for char in value)


def _without(headers: Headers, name: str) -> Headers:
    return tuple((key, value) for key, value in headers if key != name)


def _with(headers: Headers, name: str, value: str) -> Headers:
    return tuple((key, value if key == name else said) for key, said in headers)
