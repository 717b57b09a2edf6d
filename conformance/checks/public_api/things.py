"""Things that a check creates, to see whether what must not happen to them happens. The data is in things.yaml."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from conformance import apis
from conformance.exchange import Exchange, Request
from conformance.strategies.headers import Attempt
from conformance.target import Target


@cache
def _data() -> dict[str, dict[str, Any]]:
    return dict(apis.load("public-v2").data("things"))


def kinds(target: Target) -> list[str]:
    """The kinds of things that can be created on the target."""
    claimed = {None, *target.profile.capabilities}
    return [kind for kind, data in _data().items() if data.get("capability") in claimed]


class Thing:
    """One thing of a kind, not created yet.

    `new` is the name of another that nobody is to create; `role` the least that may write it; `event` what the event
    log calls its creation.
    """

    def __init__(self, target: Target, kind: str) -> None:
        self.target = target
        self.kind = kind
        self.own, self.new = target.new_name(kind), target.new_name(f"{kind}_new")
        self._data = _data()[kind]
        self.role: str = self._data["role"]
        self.event: str = self._data["create"]["operation"]

    def __repr__(self) -> str:
        return self.kind.replace("_", " ")

    def create(self, role: str = "admin") -> Exchange:
        """Create it."""
        return self.target.send(self._request(self._data["create"], role=role))

    def create_wrongly(self) -> Exchange:
        """Try to create it with a field that the contract does not have."""
        how = self._data["create"]
        return self.target.send(self._request({**how, "json": {**how["json"], "conformance_unknown": 1}}))

    def as_created(self) -> dict[str, Any]:
        """The fields that count, as creating it sends them."""
        return self._sent(self._data["create"])

    def as_changed(self) -> dict[str, Any]:
        """Those of the fields that count which changing it sends."""
        return self._sent(self._data["change"])

    def listed(self) -> tuple[Exchange, int]:
        """How often its collection lists it: the exchange, and the number."""
        how = self._data["listed"]
        exchange = self.target.send(self._request(how))
        page = exchange.json() if exchange.status == 200 else {}
        items = page.get(how["items"]) if isinstance(page, dict) else None
        return exchange, sum(isinstance(one, dict) and one.get(how["name"]) == self.own for one in items or ())

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

    def writes(self, attempt: Attempt | None = None, **proof: Any) -> list[Request]:
        """Every write about it, and those that would create the other one; `attempt` or `proof` say who asks."""
        asked = (*self._data["writes"], self._data["change"], self._data["delete"])
        there = self.target.interface.operations.keys()
        return [self._request(each, attempt, **proof) for each in asked if each["operation"] in there]

    def _sent(self, how: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in self._named(how["json"]).items() if name in self._data["kept"]}

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
        return {"{own}": self.own, "{new}": self.new}.get(value, value) if isinstance(value, str) else value


def created(target: Target, kinds: Iterable[str]) -> list[Thing]:
    """One thing of each kind, created by an admin; those that could not be created are left out."""
    things = [Thing(target, kind) for kind in kinds]
    return [thing for thing in things if (thing.create().status or 0) in (200, 201)]
