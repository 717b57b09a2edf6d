"""Writes into the journal, before a request is sent, what it may create; and, when it is answered, what came of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.exchange import Exchange, NotJson, Request
from conformance.guard import Creation, path_values
from conformance.items import items
from conformance.journal import Entry
from conformance.kinds import Kind
from specs import fixtures

if TYPE_CHECKING:
    from conformance.target import Target

#: Operations whose answer names what was created, beside the one that triggers a run.
_LEARNED = frozenset({"materialize_asset", "create_backfill"})
#: Answers that say that nothing was created.
_REFUSED = frozenset({400, 401, 403, 404, 405, 406, 415, 422})


class Bookkeeper:
    """Hears of every request of a target, before and after."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self._noted: dict[int, list[Entry]] = {}
        self._lock = threading.Lock()
        self._learned = {*_LEARNED, target.api.trigger}
        self._deletes = {kind.delete: kind for kind in target.kinds.values() if kind.delete}
        self._events = {kind.create: kind for kind in target.kinds.values() if kind.queued}
        target.transport.before.append(self.before)
        target.transport.after.append(self.after)

    def before(self, request: Request) -> None:
        """Hold the request back or note what it may create. GuardRefusal."""
        entries = [entry for each in self.target.guard.check(request) if (entry := self._note(each))]
        if entries:
            with self._lock:
                self._noted.setdefault(id(request), []).extend(entries)

    def after(self, exchange: Exchange) -> None:
        """Note what came of it."""
        with self._lock:
            entries = self._noted.pop(id(exchange.request), [])
        for entry in entries:
            self._end(entry, exchange)
        if exchange.response is None:
            return
        operation = exchange.request.operation
        if operation in self._events and exchange.response.status == 200:
            self._happened(self._events[operation], exchange)
        elif operation in self._deletes and 200 <= exchange.response.status < 300:
            self._removed(self._deletes[operation], exchange.request)
        elif operation in self._learned and 200 <= exchange.response.status < 300:
            self._learn(operation, exchange)
        elif operation == "logout":
            self.target.driver.forget_all()

    def _note(self, creation: Creation) -> Entry | None:
        journal, kind, ids = self.target.journal, creation.kind, creation.ids
        if known := self.target.kinds.get(kind):
            if known.queued:
                return None  # the target numbers it: see _happened
            if known.param in ids or known.field in ids:
                return journal.note(kind, known.params(ids))
            return None  # the target makes up the name: see _learn
        if kind in ("favorite", "paused"):
            return self._changed(kind, {"dag_id": ids["dag_id"]})
        if kind == "backfill":  # the target numbers it, and may make one that it says to have failed
            return journal.note(kind, {"dag_id": ids["dag_id"]})
        if kind == "default_connections":
            return journal.note(kind, {}, {"there": self._connections()})
        return None

    def _changed(self, kind: str, ids: Mapping[str, str]) -> Entry | None:
        """Note how a fixture DAG was, the first time that it is changed."""
        if entry := self.target.journal.known(kind, ids):
            entry.pending += 1
            return entry
        read = "get_dag_details" if kind == "favorite" else self.target.api.pausing["read"]
        answer = self.target.call(read, params=ids, role="admin" if self.target.drivers else None)
        was = answer.json() if answer.status == 200 else {}
        if kind == "favorite" and was.get("is_favorite"):
            return None  # it was one before: nothing to undo
        return self.target.journal.note(kind, ids, {"is_paused": was.get("is_paused")})

    def _connections(self) -> list[str]:
        """The ids of all connections that are there."""
        pages = items(self.target, self.target.kinds["connection"])
        return [str(item["connection_id"]) for item in pages if "connection_id" in item]

    def _end(self, entry: Entry, exchange: Exchange) -> None:
        refused = exchange.status in _REFUSED
        if entry.kind == "default_connections" and not refused:
            added = set(self._connections()) - set(entry.before["there"])
            for name in sorted(added):
                self.target.guard.own("connection_id", name)
                self._there("connection", {"connection_id": name})
            self.target.journal.gone(entry)
        self.target.journal.ended(entry, refused=refused)

    def _removed(self, kind: Kind, request: Request) -> None:
        """Note that a check has deleted it."""
        if entry := self.target.journal.known(kind.name, self._values(kind.delete, request)):
            self.target.journal.gone(entry)

    def _happened(self, kind: Kind, exchange: Exchange) -> None:
        """Note an event: the target has numbered it."""
        with suppress(NotJson):
            found = exchange.json()
            if isinstance(found, dict) and {kind.within, kind.field} <= found.keys():
                self._there(kind.name, {name: str(found[name]) for name in (kind.within, kind.field)})

    def _values(self, operation: str, request: Request) -> dict[str, str]:
        """The values of the path parameters."""
        found = self.target.interface.operations[operation]
        return path_values(found, [unquote(each) for each in request.path.split("/")[1:]])

    def _there(self, kind: str, ids: Mapping[str, str]) -> None:
        self.target.journal.ended(self.target.journal.note(kind, ids), refused=False)

    def _learn(self, operation: str, exchange: Exchange) -> None:
        """Note what the target has given a name of its own: a backfill's number, a run's generated id."""
        try:
            found = exchange.json()
        except NotJson:
            return
        if not isinstance(found, dict):
            return
        found = {**self._values(operation, exchange.request), **found}
        if not isinstance(found.get("dag_id"), str):
            return
        if operation == "create_backfill" and isinstance(found.get("id"), int):
            self.target.guard.own("backfill_id", found["id"])
        elif operation != "create_backfill" and self._made(operation, found):
            name = self.target.kinds["dag_run"].field
            self.target.guard.own(name, found[name])
            self._there("dag_run", {"dag_id": found["dag_id"], name: found[name]})

    def _made(self, operation: str, run: Mapping[str, Any]) -> bool:
        """Whether a run with a generated id is the one asked for: by its note or conf, or for an asset of the fixtures.

        Up to 3.1 a run for an asset is told apart from others by nothing that it has.
        """
        kind = self.target.kinds["dag_run"]
        name, note = run.get(kind.field), run.get("note")
        if not isinstance(name, str) or name.startswith(self.target.prefix):
            return False  # a name of the run's own is in the journal already
        marked = isinstance(note, str) and note.startswith(self.target.prefix)
        marked = marked or self.target.prefix in str(run.get("conf"))
        for_asset = operation == "materialize_asset" and run["dag_id"] in {dag.id for dag in fixtures.load().dags}
        return marked or not kind.delete or for_asset
