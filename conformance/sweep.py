"""Removes from a target what runs have left that were killed before they could clean up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from conformance import journal
from conformance.auth.base import LoginError
from conformance.exchange import NotJson
from conformance.items import listed
from conformance.journal import Found
from conformance.removal import Removal
from conformance.staying import lasting
from conformance.target import Target

_PREFIX = re.compile(rf"{journal.FAMILY}[0-9a-f]{{8}}_(?:gw\d+_)?")


@dataclass
class Swept:
    """What a sweep found, what of it could not be removed, and what it left alone because the run still goes on.

    `stays`: what the API has no way to remove.
    """

    found: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)


def sweep(target: Target, directory: Path, *, dry_run: bool = False) -> Swept:
    """Find and, unless `dry_run`, remove what earlier runs have left on the target.

    Found is what the journals in the directory name, and what lists of the target show under the prefix of any run. A
    run that goes on is left alone as far as this machine knows of it: do not sweep while somebody else runs checks.
    """
    swept = Swept()
    journals = {found.prefix: found for found in _journals(directory) if found.target == target.url}
    for prefix in dict.fromkeys((*journals, *_prefixes(target, swept))):
        found = journals.get(prefix)
        if found and found.alive:
            swept.running.append(prefix)
            continue
        target.adopt(prefix, found.entries if found else ())
        _one(target, swept, dry_run)
        if found and not dry_run and not target.journal.open_entries():
            found.path.unlink(missing_ok=True)
    return swept


def _one(target: Target, swept: Swept, dry_run: bool) -> None:
    removal = Removal(target)
    strays = removal.strays(target.kinds)
    everything = target.journal.open_entries()
    kept = {kind.name for kind in lasting(target.kinds.values())}
    swept.found += [str(entry) for entry in everything or strays if entry.kind not in kept]
    if not dry_run:
        swept.left += removal.run()
        swept.stays += removal.stays


def _journals(directory: Path) -> Iterable[Found]:
    return filter(None, (journal.read(path) for path in sorted(directory.glob("*.jsonl"))))


def _prefixes(target: Target, swept: Swept) -> Iterable[str]:
    """The prefixes of runs that lists of the target show."""
    names: dict[str, None] = {}
    for kind in (each for each in target.kinds.values() if each.list and each.delete):
        try:
            names |= {ids[kind.param]: None for ids in listed(target, kind, journal.FAMILY)}
        except (LoginError, NotJson) as error:
            swept.unread.append(f"{kind.list}: {error}")
    return [match[0] for name in names if (match := _PREFIX.match(name))]
