"""The state stores of tasks and assets (Airflow 3.3): values under keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from mockserver.api.v2 import lookup
from mockserver.api.v2.instance_changes import value_error
from mockserver.api.v2.wording import missing
from mockserver.errors import not_found
from mockserver.operations import Answer, Call, Page, before_the_body, operation
from mockserver.world.states import StoredState

KEPT = timedelta(days=30)  # how long a task's value is kept by default
_BY_API = {"kind": "api", "dag_id": None, "run_id": None, "task_id": None, "map_index": None}


def view(state: StoredState) -> dict[str, Any]:
    """A TaskStateStoreResponse and an AssetStateStoreResponse."""
    return {
        "key": state.key,
        "value": state.value,
        "updated_at": state.updated_at,
        "expires_at": state.expires_at,
        "last_updated_by": _BY_API,
    }


def _owner(call: Call, map_index: int | None = None) -> tuple[object, ...]:
    """Whose values the path names; an asset must exist."""
    if "asset_id" in call.path:
        if call.path["asset_id"] not in call.world.assets:
            raise missing(call, "asset of states")
        return ("asset", call.path["asset_id"])
    index = lookup.map_index(call) if map_index is None else map_index
    return ("task", call.path["dag_id"], call.path["dag_run_id"], call.path["task_id"], index)


def _of(call: Call, owner: tuple[object, ...]) -> list[StoredState]:
    return [state for key, state in call.world.states.items() if key[:-1] == owner]


@operation("list_task_state_store", "list_asset_state_store")
def list_states(call: Call) -> Page:
    """List the values of a task or asset."""
    key = "asset_state_store" if "asset_id" in call.path else "task_state_store"
    return call.page(_of(call, _owner(call)), key=key, view=view, order={})


def _state(call: Call) -> StoredState:
    state = call.world.states.get((*_owner(call), call.path["key"]))
    if state is None:
        noun = "Asset" if "asset_id" in call.path else "Task"
        raise not_found(f"{noun} state store key '{call.path['key']}' not found")
    return state


@operation("get_task_state_store", "get_asset_state_store")
def get_state(call: Call) -> Any:
    """Show a value."""
    return view(_state(call))


def _check(value: Any) -> None:
    if value is None:
        raise value_error(["body", "value"], "value cannot be null", None)


@before_the_body("set_asset_state_store")
def check_asset(call: Call) -> None:
    """Refuse what is about an asset that there is not."""
    _owner(call)


@before_the_body("set_task_state_store", "patch_task_state_store", "delete_task_state_store", "clear_task_state_store")
def check_instance(call: Call) -> None:
    """Refuse what is about an instance that there is not; to read none is fine."""
    path, index, whole = call.path, lookup.map_index(call), call.query.get("all_map_indices")
    run = call.world.runs.get((path["dag_id"], path["dag_run_id"]))
    if run is None or not (run.of_task(path["task_id"]) if whole else run.instance(path["task_id"], index)):
        place = f"dag_id={path['dag_id']!r}, run_id={path['dag_run_id']!r}, task_id={path['task_id']!r}"
        raise not_found(
            f"Task instance not found for {place}, {'all_map_indices=True' if whole else f'map_index={index}'}"
        )


@operation("set_task_state_store", "set_asset_state_store")
def set_state(call: Call) -> None:
    """Set a value; that of a task is kept for thirty days unless the body says otherwise."""
    _check(call.body["value"])
    owner, now = _owner(call), call.world.now()
    expires = call.body.get("expires_at", "default")
    if owner[0] == "task":
        expires = now + KEPT if expires == "default" else expires
    key = (*owner, call.path["key"])
    call.world.states.remove(key)
    call.world.states.add(key, StoredState(call.path["key"], call.body["value"], now, expires))


@operation("patch_task_state_store")
def patch_state(call: Call) -> Answer:
    """Change a value and leave alone until when it is kept: 200 with the body `null` (measured on 3.3.2)."""
    _check(call.body["value"])
    state = _state(call)
    state.value, state.updated_at = call.body["value"], call.world.now()
    return Answer(200, b"null", media="application/json")


@operation("delete_task_state_store", "delete_asset_state_store")
def delete_state(call: Call) -> None:
    """Delete a value; one that is not there is gone already."""
    call.world.states.remove((*_owner(call), call.path["key"]))


@operation("clear_task_state_store", "clear_asset_state_store")
def clear_states(call: Call) -> None:
    """Delete all values of a task or asset."""
    owner = _owner(call)
    length = -2 if call.query.get("all_map_indices") else -1
    for key, _ in call.world.states.items():  # noqa: PERF102 (a store, not a dict)
        if key[:length] == (owner[:-1] if call.query.get("all_map_indices") else owner):
            call.world.states.remove(key)
