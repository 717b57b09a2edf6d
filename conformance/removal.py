"""Removes from a target what a run has created there, and puts back what it has changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from conformance.auth.base import LoginError
from conformance.exchange import NotJson, Request
from conformance.guard import GuardRefusal
from conformance.items import PAGE, listed
from conformance.journal import Entry
from conformance.kinds import Kind
from conformance.staying import described, lasting

if TYPE_CHECKING:
    from conformance.target import Target

_GONE = (404, 410)


class Removal:
    """Removes what the journal of a target's run has, the last first, and looks whether it is gone."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.journal = target.journal
        self.stays: list[str] = []
        self._undo: dict[str, Callable[[Entry], bool]] = {
            "paused": self._pause_again,
            "favorite": self._unfavorite,
            "backfill": self._cancel,
            **{kind.name: self._unqueue for kind in target.kinds.values() if kind.queued},
        }

    def run(self) -> list[str]:
        """What could not be removed: one line each, with the reason."""
        entries = self.journal.open_entries()
        left = [entry for entry in entries if entry.kind in self._undo and not self._try(self._undo[entry.kind], entry)]
        for kind in lasting(self.target.kinds.values()):
            self._leave(kind, [entry for entry in entries if entry.kind == kind.name])
        things = [entry for entry in entries if entry.kind in self.target.kinds and entry.there]
        things += [entry for entry in self.strays(self.journal.kinds()) if entry.key not in {e.key for e in things}]
        try:
            left += self._delete(things)
        except LoginError as error:
            return [f"{entry}: {error}" for entry in (*left, *things)]
        left += [entry for entry in entries if entry.kind not in self._undo and entry.kind not in self.target.kinds]
        return [f"{entry} may still be there" for entry in left]

    def _leave(self, kind: Kind, entries: Sequence[Entry]) -> None:
        """Tell of what nothing can remove, and have done with it."""
        if entries and (line := described(self.target, kind, entries)):
            self.stays.append(line)
        for entry in entries:
            self.journal.gone(entry)

    def strays(self, names: Iterable[str]) -> list[Entry]:
        """What lists of these kinds show with the run's prefix, whether the journal has it or not."""
        found: list[Entry] = []
        wanted = set(names)
        listed_ones = (each for each in self.target.kinds.values() if each.list and each.delete)
        for kind in (each for each in listed_ones if each.name in wanted):
            try:
                names_of = listed(self.target, kind, self.target.prefix)
                found += [self.journal.note(kind.name, ids) for ids in names_of]
            except (LoginError, NotJson):
                continue  # the journal alone has to do
        return found

    def _delete(self, entries: Sequence[Entry]) -> list[Entry]:
        """Delete and look; once more, one by one, what is still there. Returns what is there even then."""
        for kind in self.target.kinds.values():
            self._delete_all(kind, [entry for entry in entries if entry.kind == kind.name])
        left = self._still(entries)
        for entry in left:
            if entry.kind == "dag_run":  # one that runs may not be deleted
                self._call(self.target.api.end_run, entry, json={"state": "failed"})
            self._call(self.target.kinds[entry.kind].delete, entry)
        return self._still(left) if left else []

    def _delete_all(self, kind: Kind, entries: Sequence[Entry]) -> None:
        if not kind.bulk or len(entries) < 2:
            self.target.all(filter(self._may, [self._request(kind.delete, entry) for entry in entries]))
            return
        for start in range(0, len(entries), PAGE):
            names = [kind.params(entry.ids)[kind.param] for entry in entries[start : start + PAGE]]
            action = {"action": "delete", "entities": names, "action_on_non_existence": "skip"}
            self._send(kind.bulk, json={"actions": [action]})

    def _still(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those that are still there, as far as can be seen; the journal learns about the others."""
        requests = [self._request(self.target.kinds[entry.kind].get, entry) for entry in entries]
        left = []
        for entry, seen in zip(entries, self.target.all(requests), strict=True):
            if seen.status in _GONE:
                self.journal.gone(entry)
            else:  # the target may have said that it had deleted it
                left.append(entry if entry.there else self.journal.note(entry.kind, entry.ids))
        return left

    def _request(self, operation: str, entry: Entry, **more: Any) -> Request:
        return self.target.request(operation, params=self.target.kinds[entry.kind].params(entry.ids), **more)

    def _may(self, request: Request) -> bool:
        """Whether the guard lets it through."""
        with contextlib.suppress(GuardRefusal):
            self.target.guard.check(request)
            return True
        return False

    def _call(self, operation: str, entry: Entry, **more: Any) -> None:
        self._send(operation, params=self.target.kinds[entry.kind].params(entry.ids), **more)

    def _send(self, operation: str, **arguments: Any) -> None:
        """Send what may be refused: whether it helped is seen afterwards."""
        with contextlib.suppress(GuardRefusal):
            self.target.call(operation, **arguments)

    def _try(self, undo: Callable[[Entry], bool], entry: Entry) -> bool:
        try:
            done = undo(entry)
        except (LoginError, GuardRefusal, NotJson):
            return False
        if done:
            self.journal.gone(entry)
        return done

    def _pause_again(self, entry: Entry) -> bool:
        write, was = self.target.api.pausing["write"], bool(entry.before.get("is_paused"))
        if self.target.interface.operations[write].parameter("paused", "path"):
            return self.target.call(write, params={**entry.ids, "paused": str(was).lower()}).status == 200
        return self.target.call(write, params=entry.ids, json={"is_paused": was}).status == 200

    def _unfavorite(self, entry: Entry) -> bool:
        return self.target.call("unfavorite_dag", params=entry.ids).status in (200, 204, 404, 409)

    def _cancel(self, entry: Entry) -> bool:
        """Stop the backfills of a DAG that are this run's; their records stay, for the API cannot delete them.

        Their runs go. What they have in their conf tells whose they are.
        """
        done = all(self._stopped(one) for one in self._listed("list_backfills", query=entry.ids, limit=100))
        for run in self._listed("get_dag_runs", params=entry.ids, query={"run_type": "backfill"}, limit=100):
            self.target.guard.own("dag_run_id", run["dag_run_id"])
            self.journal.note("dag_run", {"dag_id": entry.ids["dag_id"], "dag_run_id": run["dag_run_id"]})
        runs = [each for each in self.journal.open_entries() if each.kind == "dag_run"]
        return done and not self._delete(runs)

    def _stopped(self, backfill: dict[str, Any]) -> bool:
        if backfill.get("completed_at"):
            return True
        self.target.guard.own("backfill_id", backfill["id"])
        return self.target.call("cancel_backfill", params={"backfill_id": backfill["id"]}).status in (200, 404, 409)

    def _listed(self, operation: str, *, query: Mapping[str, Any], limit: int, **how: Any) -> list[dict[str, Any]]:
        """The items of a list, the latest first, whose conf has the run's prefix."""
        asked = {**query, "limit": limit, "order_by": "-id"}
        answer = self.target.call(operation, query=asked, **how)
        found = answer.json().get(self.target.interface.operations[operation].items, ()) if answer.status == 200 else ()
        return [one for one in found if self.target.prefix in str(one.get("conf") or one.get("dag_run_conf"))]

    def _unqueue(self, entry: Entry) -> bool:
        """Take away what waits for an event, and the runs of the fixtures that it has started; the event stays."""
        kind = self.target.kinds[entry.kind]
        [of] = [each.name for each in self.target.interface.operations[kind.queued].parameters if each.where == "path"]
        self._send(kind.queued, params={of: entry.ids[kind.within]})
        runs = [self.journal.note("dag_run", run) for run in self._started(kind, entry)]
        return not runs or not self._delete(runs)

    def _started(self, kind: Kind, entry: Entry) -> list[dict[str, str]]:
        """The runs of the fixtures that an event started, as far as they are still there."""
        operation, query = self.target.interface.operations[kind.list], {"order_by": "-timestamp", "limit": PAGE}
        narrowed = {kind.within: entry.ids[kind.within]} if operation.parameter(kind.within) else {}
        answer = self.target.call(kind.list, query={**query, **narrowed})
        listed = answer.json().get(operation.items, []) if answer.status == 200 else []
        runs = [run for one in listed if str(one["id"]) == entry.ids[kind.field] for run in one["created_dagruns"]]
        found = [{"dag_id": run["dag_id"], "dag_run_id": run.get("dag_run_id") or run["run_id"]} for run in runs]
        found = [run for run in found if self.target.guard.lends("dag_id", run["dag_id"])]
        for run in found:
            self.target.guard.own("dag_run_id", run["dag_run_id"])
        return found
