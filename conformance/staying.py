"""What a run leaves on a target because the API has no way to remove it, such as the experimental API's DAG runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conformance.auth.base import LoginError
from conformance.exchange import NotJson
from conformance.items import items
from conformance.journal import Entry
from conformance.kinds import Kind

if TYPE_CHECKING:
    from conformance.target import Target


def lasting(kinds: Iterable[Kind]) -> list[Kind]:
    """The kinds that nothing removes."""
    return [kind for kind in kinds if not kind.delete]


def title(kind: Kind) -> str:
    """What a person calls one of the kind."""
    return kind.name.replace("_", " ").replace("dag", "DAG")


def described(target: Target, kind: Kind, entries: Sequence[Entry]) -> str | None:
    """What stays of these entries, in a few words for a person; None when nothing does."""
    there = _there(target, kind, entries)
    if not there:
        return None
    owners = ", ".join(sorted({entry.ids[kind.within] for entry in there}))
    word = title(kind) + ("" if len(there) == 1 else "s")
    if kind.queued:
        return f"{len(there)} {word} ({kind.within}: {owners})"
    return f"{len(there)} {word} of {owners} ({kind.field}: {target.prefix}...)"


def _there(target: Target, kind: Kind, entries: Sequence[Entry]) -> list[Entry]:
    """Those that the target lists; all of them where it cannot be asked."""
    owners = {entry.ids[kind.within] for entry in entries}
    try:
        listed = {(owner, str(item.get(kind.field))) for owner in owners for item in items(target, kind, within=owner)}
    except (LoginError, NotJson):
        return list(entries)
    return [entry for entry in entries if (entry.ids[kind.within], entry.ids[kind.field]) in listed]
