"""Values for the braces of paths that name what is there: what a check has created for it, and what is lent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.exchange import SAFE
from conformance.guard import GuardRefusal
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Operation

_MADE = (200, 201, 204)


class Own:
    """Creates things of a check's own when a path asks for them. `harmless` has what is asked for instead."""

    def __init__(self, target: Target, harmless: Harmless) -> None:
        self.target = target
        self.harmless = harmless
        self._data: Mapping[str, Any] = target.api.data("generated")["own"]
        self._made: dict[tuple[str, str | None], Any] = {}

    def path(self, operation: Operation) -> dict[str, Any]:
        """Values for the path of an operation. A name that nothing has, where nothing can be created."""
        values = self.harmless.path(operation)
        if operation.id in self.target.api.data("harmless")["absent"]:
            return values
        for name in values:
            if name in self._fixed(operation):
                values[name] = self._fixed(operation)[name]
        for name in values:
            if name in self._data["kinds"] or name in self._data["put"] or name in self._data["found"]:
                values[name] = self._there(name, operation, values)
        return values

    def _fixed(self, operation: Operation) -> Mapping[str, Any]:
        """What is there anyhow; a write may only have it beside something of the check's own."""
        always = self.harmless.always()
        if operation.id == self.target.api.pausing["write"]:  # other checks' runs are to stay as they are
            always |= {"dag_id": self.target.spare_dag()}
        owned = any(each in operation.path for each in (f"{{{name}}}" for name in self._data["kinds"]))
        return always if owned or operation.method in SAFE or operation.id in self._data["lent"] else {}

    def _there(self, name: str, operation: Operation, values: Mapping[str, Any]) -> Any:
        lent = self._lent(name, operation)
        if (name, lent) not in self._made:
            try:
                made = self._create(name, lent, operation, values)
            except GuardRefusal:
                made = None
            self._made[name, lent] = values[name] if made is None else made
        return self._made[name, lent]

    def _lent(self, name: str, operation: Operation) -> str | None:
        """Which of the fixtures is meant; None where something of the check's own is."""
        found: Mapping[str, Any] = self._data["found"].get(name, {})
        lent: str | None = found.get("apart", {}).get(operation.id, found.get("name"))
        return lent

    def _create(self, name: str, lent: str | None, operation: Operation, values: Mapping[str, Any]) -> Any:
        """The name of something new, or of what is lent; None where it cannot be created."""
        if "writes" not in self.target.profile.capabilities:
            return None
        if lent:
            return getattr(self.target, self._data["found"][name]["by"])(lent)
        if name in self._data["put"]:
            return self._put(self._data["put"][name], operation, values)
        kind = self.target.kinds[self._data["kinds"][name]]
        own = self.target.new_name(kind.name)
        within = {kind.within: self.harmless.always().get(kind.within)} if kind.within else {}
        if None in within.values():
            return None
        return own if self.target.create(kind.name, name=own, **within).status in _MADE else None

    def _put(self, how: Mapping[str, Any], operation: Operation, values: Mapping[str, Any]) -> Any:
        """Create what belongs to what the rest of a path names, by the first operation of which it is the path."""
        own = self.target.new_name()
        there = self.target.interface.operations
        for each in (there[one] for one in how["do"] if one in there):
            if operation.path.startswith(each.path.rpartition("/{")[0] if each.path.endswith("}") else each.path):
                params = {p.name: values[p.name] for p in each.parameters if p.where == "path" and p.name in values}
                params |= {name: own for name in how.get("names", ()) if f"{{{name}}}" in each.path}
                body = {key: own if value == "{own}" else value for key, value in how["json"].items()}
                return own if self.target.call(each.id, params=params, json=body).status in _MADE else None
        return None
