"""Bulk requests: several actions in one request, each with its own outcome (measured on Airflow 3.3.2 and 3.0.6).

An action that fails changes nothing; the actions after it are done all the same. Nothing at all is changed by a request
that is refused as a whole.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from mockserver.errors import ApiError, Crash
from mockserver.operations import Call, operation
from mockserver.world.store import Store

KINDS = ("create", "update", "delete")
Body = Mapping[str, Any]


@dataclass
class Outcome:
    """What came of an action: the keys it was done to, and the errors."""

    success: list[str] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def refused(cls, error: str, status: int) -> Outcome:
        """Nothing was done, for one reason."""
        return cls(errors=[{"error": error, "status_code": status}])


class Actions(Protocol):
    """What the actions do to one kind of thing."""

    def create(self, call: Call, action: Body) -> Outcome:
        """Create entities."""

    def update(self, call: Call, action: Body) -> Outcome:
        """Change entities."""

    def delete(self, call: Call, action: Body) -> Outcome:
        """Delete entities."""


def serve_bulk(operation_id: str, actions: Actions) -> None:
    """Register a bulk operation."""

    @operation(operation_id)
    def bulk(call: Call) -> Any:
        with _all_or_nothing(call):
            return _results(call, actions)


def _results(call: Call, actions: Actions) -> dict[str, Any]:
    found: dict[str, Outcome] = {}
    for action in call.body["actions"]:
        kind = action.get("action")
        if kind not in KINDS:
            raise Crash  # Airflow fails on an unknown action
        step: Callable[[Call, Body], Outcome] = getattr(actions, kind)
        outcome, sum_ = step(call, action), found.setdefault(kind, Outcome())
        sum_.success += outcome.success
        sum_.errors += outcome.errors
    return {kind: vars(found[kind]) if kind in found else None for kind in KINDS}


class _all_or_nothing:  # noqa: N801 (reads as a statement)
    """Puts the plain stores of the world back when the request fails as a whole."""

    def __init__(self, call: Call) -> None:
        world = call.world
        self._stores: tuple[Store[str, Any], ...] = (world.pools, world.variables, world.connections)

    def __enter__(self) -> None:
        self._before = [{key: copy.copy(row) for key, row in store.items()} for store in self._stores]

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, ApiError | Crash):
            for store, rows in zip(self._stores, self._before, strict=True):
                store.restore(rows)
