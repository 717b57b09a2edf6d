"""Faults of bulk requests: what they do, and what they tell of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import deviation
from mockserver.deviations.state import afterwards, around
from mockserver.operations import Call, Handler
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.public import PublicMock

Action = Mapping[str, Any]
Amend = Callable[[Handler, Call, Action, dict[str, Any]], None]


def masking(profile: Profile) -> bool:
    """Updates in bulk take masks."""
    return profile.airflow >= (3, 2)


def with_bulk_runs(profile: Profile) -> bool:
    """Runs are changed in bulk, too."""
    return profile.airflow >= (3, 3)


def _rewritten(mock: PublicMock, operation: str, change: Any) -> None:
    """Read each action of a bulk request in another way."""

    def bulk(handler: Handler, call: Call) -> Any:
        actions = [change(action) for action in call.body["actions"]]
        return handler(replace(call, body={**call.body, "actions": actions}))

    around(mock, operation, bulk)


def _one_by_one(call: Call, handler: Handler) -> list[Mapping[str, Any]]:
    """What comes of each action by itself."""
    return [handler(replace(call, body={"actions": [action]})) for action in call.body["actions"]]


def _failing(mock: PublicMock, operation: str, amend: Amend) -> None:
    """Carry out each action by itself; `amend` comes after every creation that fails."""

    def bulk(handler: Handler, call: Call) -> Any:
        parts = _one_by_one(call, handler)
        for action, part in zip(call.body["actions"], parts, strict=True):
            if action["action"] == "create" and part["create"]["errors"]:
                amend(handler, call, action, part["create"])
        return _joined(parts)

    around(mock, operation, bulk)


def _joined(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(("create", "update", "delete"))
    for part in parts:
        for kind, outcome in part.items():
            if outcome is not None:
                into = found[kind] = found[kind] or {"success": [], "errors": []}
                into["success"] = [*into["success"], *outcome["success"]]
                into["errors"] = [*into["errors"], *outcome["errors"]]
    return found


@deviation(
    "bulk-stops-at-failure",
    breaks=["PUB-API-008"],
    sentence="After an action that fails a bulk request about variables does nothing more.",
)
def bulk_stops_at_failure(mock: PublicMock) -> None:
    """Give up."""

    def bulk(handler: Handler, call: Call) -> Any:
        done: list[Mapping[str, Any]] = []
        for action in call.body["actions"]:
            done.append(handler(replace(call, body={"actions": [action]})))
            if any(outcome and outcome["errors"] for outcome in done[-1].values()):
                break
        return _joined(done)

    around(mock, "bulk_variables", bulk)


@deviation(
    "bulk-failure-told-as-success",
    breaks=["PUB-API-008"],
    sentence="A bulk request tells of pools that could not be created as of those that were.",
)
def bulk_failure_told_as_success(mock: PublicMock) -> None:
    """Tell what was asked for."""

    def tell(_handler: Handler, _call: Call, action: Action, told: dict[str, Any]) -> None:
        told.update(success=[each["name"] for each in action["entities"]], errors=[])

    _failing(mock, "bulk_pools", tell)


@deviation(
    "bulk-success-not-told",
    breaks=["PUB-API-008"],
    sentence="A bulk request tells of one connection only that it has deleted, whatever it has.",
)
def bulk_success_not_told(mock: PublicMock) -> None:
    """Tell of the first."""

    def cut(_call: Call, found: Any) -> None:
        if found["delete"]:
            found["delete"]["success"] = found["delete"]["success"][:1]

    afterwards(mock, "bulk_connections", cut)


@deviation(
    "bulk-failure-in-part",
    breaks=["PUB-API-008"],
    sentence="An action that is to fail where a variable is there already creates the others all the same.",
)
def bulk_failure_in_part(mock: PublicMock) -> None:
    """Refuse, and do what can be done."""

    def create(handler: Handler, call: Call, action: Action, _told: dict[str, Any]) -> None:
        handler(replace(call, body={"actions": [{**action, "action_on_existence": "skip"}]}))

    _failing(mock, "bulk_variables", create)


@deviation(
    "bulk-overwrite-skips",
    breaks=["PUB-API-008"],
    sentence="A bulk request that is to overwrite pools tells that it has, and leaves them as they were.",
)
def bulk_overwrite_skips(mock: PublicMock) -> None:
    """Skip."""

    def bulk(handler: Handler, call: Call) -> Any:
        parts = []
        for action in call.body["actions"]:
            over = action.get("action_on_existence") == "overwrite"
            part = handler(
                replace(call, body={"actions": [{**action, "action_on_existence": "skip"} if over else action]})
            )
            if over and part["create"]:
                part["create"]["success"] = [each["name"] for each in action["entities"]]
            parts.append(part)
        return _joined(parts)

    around(mock, "bulk_pools", bulk)


@deviation(
    "bulk-skip-fails",
    breaks=["PUB-API-008"],
    sentence="A bulk request that is to skip variables that are not there fails for them.",
)
def bulk_skip_fails(mock: PublicMock) -> None:
    """Look at no rule."""
    _rewritten(mock, "bulk_variables", lambda action: {**action, "action_on_non_existence": "fail"})


@deviation(
    "bulk-mask-ignored",
    breaks=["PUB-API-008"],
    applies=masking,
    sentence="An update of variables in bulk changes all that the entities say, whatever its mask.",
)
def bulk_mask_ignored(mock: PublicMock) -> None:
    """Take all of it."""
    _rewritten(mock, "bulk_variables", lambda action: {**action, "update_mask": None})


@deviation(
    "bulk-last-entity-left-out",
    breaks=["PUB-API-008"],
    sentence="Of several connections that are to be created in bulk the last is left out, and told of.",
)
def bulk_last_entity_left_out(mock: PublicMock) -> None:
    """Count from one."""

    def leave_out(call: Call, found: Any) -> None:
        for action in call.body["actions"]:
            if action["action"] == "create" and len(action["entities"]) > 1 and found["create"]["success"]:
                call.world.connections.remove(action["entities"][-1]["connection_id"])

    afterwards(mock, "bulk_connections", leave_out)


@deviation(
    "bulk-runs-keep-their-notes",
    breaks=["PUB-API-008"],
    applies=with_bulk_runs,
    sentence="An update of runs in bulk sets their states and not their notes, and tells that it has done all of it.",
)
def bulk_runs_keep_their_notes(mock: PublicMock) -> None:
    """Set the state."""

    def silent(action: Mapping[str, Any]) -> Mapping[str, Any]:
        if action["action"] != "update":
            return action
        entities = [{name: value for name, value in one.items() if name != "note"} for one in action["entities"]]
        return {**action, "entities": entities}

    _rewritten(mock, "bulk_dag_runs", silent)
