"""What a run creates, written down before it is created, so that it is found again even when the run is killed.

A journal is a file of JSON lines: first what run it is of, then one line for everything that may be there from now on,
and one for everything that is known to be gone. It holds names, never values: no secret stands in it.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: What the names of every run begin with.
FAMILY = "conf_"


def new_prefix(worker: str = "") -> str:
    """How the names of a run begin; no two runs, and no two workers of a run, share it. At most 20 characters."""
    return f"{FAMILY}{secrets.token_hex(4)}_" + (f"{worker}_" if worker else "")


def directory(environ: Mapping[str, str]) -> Path:
    """Where journals are kept: in the user's state directory, or for the temporary files where that is not writable."""
    state = Path(environ.get("XDG_STATE_HOME") or Path(environ.get("HOME") or "/nonexistent") / ".local" / "state")
    chosen = state / "airflow-api-conformance"
    try:
        chosen.mkdir(parents=True, exist_ok=True)
    except OSError:
        chosen = Path(tempfile.gettempdir()) / f"airflow-api-conformance-{os.getuid()}"
        chosen.mkdir(mode=0o700, exist_ok=True)
    return chosen


@dataclass(eq=False)
class Entry:
    """Something that may be there. `kind` and `ids` name it; `before` holds what is to be restored.

    `pending` requests that may create it are under way; `certain`: one of them may have; `gone`: it was removed.
    """

    kind: str
    ids: Mapping[str, str]
    before: Mapping[str, Any] = field(default_factory=dict)
    pending: int = 0
    certain: bool = False
    gone: bool = False

    @property
    def key(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """What tells it from others."""
        return self.kind, frozenset(self.ids.items())

    @property
    def there(self) -> bool:
        """Whether it may be there now."""
        return not self.gone and (self.certain or self.pending > 0)

    def __str__(self) -> str:
        return f"{self.kind} {' '.join(self.ids.values())}"


class Journal:
    """The journal of one run; safe to use from many threads. `path` None: it is kept in memory only."""

    def __init__(self, path: Path | None, target: str, prefix: str) -> None:
        self.path = path
        self._entries: dict[object, Entry] = {}
        self._lock = threading.Lock()
        self._begun = False
        self._head = {"target": target, "prefix": prefix, "host": socket.gethostname(), "pid": os.getpid()}

    def note(self, kind: str, ids: Mapping[str, str], before: Mapping[str, Any] | None = None) -> Entry:
        """Write down what is about to be created or changed, before that happens."""
        entry = Entry(kind, dict(ids), dict(before or {}))
        with self._lock:
            known = self._entries.get(entry.key)
            if known is None or not known.there:
                self._entries.pop(entry.key, None)
                self._entries[entry.key] = known = entry
                self._write({"there": kind, "ids": entry.ids, "before": entry.before})
            known.pending += 1
            return known

    def known(self, kind: str, ids: Mapping[str, str]) -> Entry | None:
        """The entry of something, if there is one that may be there."""
        found = self._entries.get(Entry(kind, ids).key)
        return found if found and found.there else None

    def ended(self, entry: Entry, *, refused: bool) -> None:
        """Note that a request that was to create it has been answered; `refused`: it created nothing."""
        with self._lock:
            entry.pending -= 1
            entry.certain |= not refused
            if not entry.there:
                self._write({"gone": entry.kind, "ids": entry.ids})

    def gone(self, entry: Entry) -> None:
        """Note that it is not there any more."""
        with self._lock:
            if not entry.gone:
                entry.gone = True
                self._write({"gone": entry.kind, "ids": entry.ids})

    def open_entries(self) -> list[Entry]:
        """What may be there, the last first."""
        with self._lock:
            return [entry for entry in reversed(self._entries.values()) if entry.there]

    def kinds(self) -> set[str]:
        """The kinds of everything that was ever noted."""
        with self._lock:
            return {entry.kind for entry in self._entries.values()}

    def close(self) -> None:
        """Remove the file when nothing is left to be removed from the target."""
        if self.path and not self.open_entries():
            self.path.unlink(missing_ok=True)

    def _write(self, line: Mapping[str, Any]) -> None:
        if self.path is None:
            return
        lines = [line] if self._begun else [self._head, line]
        self._begun = True
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(each) + "\n" for each in lines)


@dataclass(frozen=True)
class Found:
    """A journal that a run has left."""

    path: Path
    target: str
    prefix: str
    alive: bool
    entries: tuple[Entry, ...]


def read(path: Path) -> Found | None:
    """Read a journal; None when the file is none. A last line that was not written to its end is left out."""
    lines = list(_lines(path))
    if not lines or not all(isinstance(lines[0].get(key), str) for key in ("target", "prefix")):
        return None
    head = lines[0]
    there: dict[object, Entry] = {}
    for line in lines[1:]:
        kind, ids = line.get("there") or line.get("gone"), line.get("ids")
        if isinstance(kind, str) and isinstance(ids, dict):
            entry = Entry(kind, ids, line.get("before") or {}, certain=True)
            there.pop(entry.key, None)
            if "there" in line:
                there[entry.key] = entry
    return Found(path, head["target"], head["prefix"], _alive(head), tuple(reversed(there.values())))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for text in texts:
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            yield line


def _alive(head: Mapping[str, Any]) -> bool:
    """Whether the run goes on, as far as this machine can tell."""
    pid = head.get("pid")
    if head.get("host") != socket.gethostname() or not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
