"""Things that a check creates, to see whether what must not happen to them happens. The data is in things.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from conformance.exchange import Exchange, Request
from conformance.strategies.headers import Attempt
from conformance.target import Target
from specs.versions import within

_WORD = re.compile(r"\{(own|new|date|new_date|dag)\}")


def _data(target: Target) -> dict[str, dict[str, Any]]:
    return dict(target.api.data("things"))


def kinds(target: Target, *, logged: bool = False) -> list[str]:
    """The kinds of things that can be created on the target; `logged`: of which the event log tells."""
    claimed = {None, *target.profile.capabilities}
    operations = target.interface.operations.keys()
    ours = ((kind, data) for kind, data in _data(target).items() if _asked_of(data) <= operations)
    there = [(kind, data) for kind, data in ours if data.get("capability") in claimed]
    return [kind for kind, data in there if not logged or _logged(target, data.get("logged", {}))]


def _asked_of(data: Mapping[str, Any]) -> set[str]:
    """The operations that make, show, change and remove a thing; an older version has not all of them."""
    return {each["operation"] for each in data.values() if isinstance(each, Mapping) and "operation" in each}


class Thing:
    """One thing of a kind, not created yet.

    `new` is the name of another that nobody is to create; `role` the least that may write it.
    """

    def __init__(self, target: Target, kind: str) -> None:
        self.target = target
        self.kind = kind
        self.own, self.new = target.new_name(kind), target.new_name(f"{kind}_new")
        self._data = _data(target)[kind]
        self._words = {"own": self.own, "new": self.new}
        self.role: str = self._data["role"]

    def __repr__(self) -> str:
        return self.kind.replace("_", " ")

    def create(self, role: str = "admin") -> Exchange:
        """Create it."""
        return self.target.send(self._request(self._data["create"], role=role))

    @property
    def place(self) -> dict[str, Any]:
        """The path parameters with which it is found."""
        found: dict[str, Any] = self._named(self._data["read"]["params"])
        return found

    def change(self, role: str) -> Exchange:
        """Change it."""
        return self.target.send(self._request(self._data["change"], role=role))

    def delete(self, role: str) -> Exchange:
        """Delete it."""
        return self.target.send(self._request(self._data["delete"], role=role))

    def state(self) -> tuple[Exchange, Any]:
        """How an admin sees it: the exchange, and the fields that count; None when it is not there."""
        exchange = self.target.send(self._request(self._data["read"]))
        found = exchange.json() if exchange.status == 200 else None
        return exchange, found and {name: found.get(name) for name in self._data["kept"]}

    def other(self) -> Exchange:
        """How an admin sees the other one, which is not to be there: 404."""
        return self.target.send(self._request(self._data["new"]))

    def events(self) -> tuple[Exchange, list[dict[str, Any]]]:
        """What the event log tells of it, as an admin sees it: the exchange, and the entries that name it."""
        exchange = self.target.call("get_event_logs", query={"order_by": "-event_log_id", "limit": 50})
        entries = exchange.json().get("event_logs", []) if exchange.status == 200 else []
        return exchange, [one for one in entries if self.own in f"{one.get('extra')} {one.get('run_id')}"]

    def writes(self, attempt: Attempt | None = None, **proof: Any) -> list[Request]:
        """Every write about it, and those that would create the other one; `attempt` or `proof` say who asks."""
        asked = [*self._data["writes"], *(self._data[name] for name in ("change", "delete") if name in self._data)]
        there = self.target.interface.operations.keys()
        return [self._request(each, attempt, **proof) for each in asked if each["operation"] in there]

    def _request(self, how: dict[str, Any], attempt: Attempt | None = None, **proof: Any) -> Request:
        body = {"json": self._named(how["json"])} if "json" in how else {}
        query = self._named(how.get("query", {}))
        if attempt:
            proof, query = {"role": None, "headers": attempt.headers}, attempt.query
        params = self._named(how.get("params", {}))
        return self.target.request(how["operation"], params=params, query=query, **body, **proof)

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._named(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._named(each) for each in value]
        return _WORD.sub(self._word, value) if isinstance(value, str) else value

    def _word(self, found: re.Match[str]) -> str:
        """What stands for a word in braces; made when it is first asked for."""
        word = found[1]
        if word not in self._words:
            self._words[word] = self.target.spare_dag() if word == "dag" else self.target.new_date()
        return self._words[word]


def _logged(target: Target, how: dict[str, str] | None) -> bool:
    """Whether the event log of this version tells of a kind: None for never, else since when and until when it does."""
    return how is not None and within(target.version, how.get("since"), how.get("until"))


def created(target: Target, kinds: Iterable[str]) -> list[Thing]:
    """One thing of each kind, created by an admin; those that could not be created are left out."""
    things = [Thing(target, kind) for kind in kinds]
    return [thing for thing in things if (thing.create().status or 0) in (200, 201)]
