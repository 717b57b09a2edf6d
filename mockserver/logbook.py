"""The event log that an attempt to change something leaves (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mockserver.world.habits import has
from mockserver.world.masking import MASK, masked, sensitive

if TYPE_CHECKING:
    from mockserver.operations import User
    from mockserver.world.world import World
    from specs.contract import Operation

# What has a column of its own in the log, under the names that path parameters and bodies have for it.
_COLUMNS = {"dag_id": "dag_id", "task_id": "task_id", "dag_run_id": "run_id", "run_id": "run_id"}

# What is not told of a query, and what leaves nothing when it is tried only.
_UNTOLD = ("is_paused", "logical_date")
_DRY = ("clear_dag_run", "post_clear_task_instances")

_NO_JSON = "Encountered non-JSON in `extra` field"


def record(
    world: World, operation: Operation, user: User, path: Mapping[str, str], query: Mapping[str, str], body: Any
) -> None:
    """Write that `user` used `operation`, or tried to. Secrets are masked; dry runs leave nothing."""
    sent: dict[str, Any] = body if isinstance(body, dict) else {}
    asked = {**query, **path}
    tried_only = operation.id in _DRY and isinstance(body, dict) and body.get("dry_run", True)
    if tried_only and has(world.version, "dry runs are not logged"):
        return
    columns: dict[str, Any] = {
        _COLUMNS[name]: str(value) for name, value in (asked | sent).items() if name in _COLUMNS and value is not None
    }
    extra: dict[str, Any] = {} if sent and _alone(operation) else _told(asked, world)
    extra |= _masked(operation, sent, world)
    if "is_paused" in sent and not has(world.version, "logs have what was paused"):
        extra["is_paused"] = False
    event = operation.id.removesuffix("_by_map_index")  # one function does both
    world.note(event, user.name, json.dumps(extra | {"method": operation.method}), **columns)


def _alone(operation: Operation) -> bool:
    """Whether a body stands in the log alone, without what the path and the query say."""
    return "variable" in operation.id or "connection" in operation.id


def _told(asked: Mapping[str, str], world: World) -> dict[str, Any]:
    """What path and query say that has no column of its own."""
    shown: dict[str, Any] = masked(
        {name: text for name, text in asked.items() if name not in (*_COLUMNS, *_UNTOLD)}, world.version
    )
    return shown


def fits(path: Mapping[str, str], body: Any) -> bool:
    """Whether the columns can hold what was sent for them: text and numbers do, lists and objects do not.

    The id of a run has two names; empty, the first does not count (measured on 3.3.2).
    """
    sent: dict[str, Any] = body if isinstance(body, dict) else {}
    found = sent | dict(path)
    columns = found.get("dag_id"), found.get("task_id"), found.get("run_id") or found.get("dag_run_id") or None
    return not any(isinstance(one, dict | list) for one in columns)


def _masked(operation: Operation, body: Mapping[str, Any], world: World) -> dict[str, Any]:
    fields = dict(body)
    if operation.id.endswith("_variable") and _hides_value(fields, world):
        fields |= {"value": MASK} if "value" in fields else {}
    if "connection" in operation.id:
        whole = has(world.version, "logs open what comes in bulk")
        fields = _with_opened(fields) if whole else {**fields, **_extra_of(fields)}
    plain: dict[str, Any] = masked(fields, world.version)
    return plain


def _hides_value(fields: Mapping[str, Any], world: World) -> bool:
    all_of_them = has(world.version, "logs hide all values of variables")
    return all_of_them or sensitive(str(fields.get("key", "")), world.version)


def _extra_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"extra": _opened(fields["extra"])} if "extra" in fields else {}


def _with_opened(value: Any) -> Any:
    """What is said of connections, one or, in a bulk request, many: each extra opened."""
    if isinstance(value, dict):
        return {name: _opened(each) if name == "extra" else _with_opened(each) for name, each in value.items()}
    return [_with_opened(each) for each in value] if isinstance(value, list) else value


def _opened(extra: Any) -> Any:
    """The extra of a connection, with every value masked."""
    if not isinstance(extra, str):
        return extra
    try:
        values = json.loads(extra)
    except ValueError:
        return _NO_JSON
    return dict.fromkeys(values, MASK) if isinstance(values, dict) else MASK
