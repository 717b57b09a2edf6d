"""The shape of a rule about values that are each right and cannot stand together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from profiles.model import Profile

Complaint = tuple[str, str]
"""A dotted key and what is wrong with its value."""
Rule = Callable[[Profile], Iterator[Complaint]]
Rules = tuple[tuple[tuple[str, ...], Rule], ...]
"""Each rule with the dotted keys it rests on."""


def span(since: str | None = None, until: str | None = None) -> str:
    """A range of versions in words; at least one end is given."""
    if since == until:
        return str(since)
    return f"up to {until}" if since is None else f"{since} and later" if until is None else f"{since} to {until}"
