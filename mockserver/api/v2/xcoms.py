"""XComs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v2 import lookup
from mockserver.api.v2.run_views import xcom_view
from mockserver.api.v2.wording import missing, say
from mockserver.errors import ApiError, Crash, conflict
from mockserver.operations import Call, Page, operation
from mockserver.world.habits import has
from mockserver.world.xcoms import Key, XCom

FIELDS: dict[str, Callable[[XCom], Any]] = {
    **order("task_id", "map_index", "map_index_filter=map_index", "timestamp", "xcom_key=key", "key"),
    "dag_id": lambda xcom: xcom.run.dag_id,
    "dag_display_name": lambda xcom: xcom.run.dag_id,
    "run_id": lambda xcom: xcom.run.run_id,
    "run_after": lambda xcom: xcom.run.run_after,
    "logical_date": lambda xcom: xcom.run.logical_date,
}


def _native(call: Call) -> bool:
    """Whether values that clients left are shown as they are, and not as their JSON text."""
    return has(call.world.version, "xcoms are shown as they are")


def _shown(call: Call, xcom: XCom) -> dict[str, Any]:
    value: Any = xcom.value
    if xcom.by_api and not _native(call) and not call.query.get("deserialize"):
        value = json.dumps(value)
    elif call.query.get("stringify"):
        value = value if isinstance(value, str) else repr(value)
    return {**xcom_view(xcom), "value": value}


@operation("get_xcom_entries")
def get_xcom_entries(call: Call) -> Page:
    """List XComs without their values; ~ stands for any DAG, run or task."""
    wanted = {"dag_id": call.path["dag_id"], "run_id": call.path["dag_run_id"], "task_id": call.path["task_id"]}
    given = {**call.query, **{name: value for name, value in wanted.items() if value != lookup.ALL}}
    keys = ("dag_id", "task_id", "run_id", "map_index", "key")
    rows = sorted(call.world.xcoms, key=lambda xcom: [FIELDS[name](xcom) for name in keys])
    return call.page(select(call, rows, given, FIELDS), key="xcom_entries", view=xcom_view, order=FIELDS)


def _key(call: Call, map_index: int) -> Key:
    path = call.path
    return (path["dag_id"], path["dag_run_id"], path["task_id"], map_index, path.get("xcom_key", ""))


@operation("get_xcom_entry")
def get_xcom_entry(call: Call) -> Any:
    """Show an XCom with its value."""
    if call.query.get("deserialize") and not has(call.world.version, "xcoms are deserialized"):
        raise ApiError(400, "XCom deserialization is disabled in configuration.")
    xcom = call.world.xcoms.get(_key(call, lookup.map_index(call)))
    if xcom is None:
        raise missing(call, "xcom")
    return _shown(call, xcom)


@operation("create_xcom_entry")
def create_xcom_entry(call: Call) -> Any:
    """Add an XCom to a task instance; one with an empty key, or of no instance, crashes Airflow (measured)."""
    world, body, path = call.world, call.body, call.path
    dag = lookup.dag(call, "dag of xcoms")
    if path["task_id"] not in dag.tasks:
        raise missing(call, "task of dag")
    run = world.runs.get((dag.dag_id, path["dag_run_id"]))
    if run is None:
        raise missing(call, "run of dag")
    xcom = XCom(run, path["task_id"], body.get("map_index", -1), body["key"], body["value"], world.now(), by_api=True)
    if xcom.full_key in world.xcoms or (not body["key"] and _any_key_is_it(call, xcom)):
        raise conflict(say(call, "xcom taken", xcom_key=body["key"]))
    if not body["key"] or run.instance(xcom.task_id, xcom.map_index) is None:
        raise Crash
    return _shown(call, world.xcoms.add(xcom.full_key, xcom))


def _any_key_is_it(call: Call, xcom: XCom) -> bool:
    """Whether an XCom of the task stands for one with an empty key, whatever its own is: so it does in 3.0."""
    if has(call.world.version, "an empty key is a key"):
        return False
    return any(one.run is xcom.run and one.task_id == xcom.task_id for one in call.world.xcoms)


def _stored(call: Call, map_index: int) -> XCom:
    xcom = call.world.xcoms.get(_key(call, map_index))
    if xcom is None:
        raise missing(call, "xcom to change")
    return xcom


@operation("update_xcom_entry")
def update_xcom_entry(call: Call) -> Any:
    """Change the value of an XCom; before 3.2 its JSON text is the value."""
    xcom = _stored(call, call.body.get("map_index", -1))
    xcom.value = call.body["value"] if _native(call) else json.dumps(call.body["value"])
    xcom.by_api = True
    if _native(call):  # then it is a new one
        xcom.timestamp = call.world.now()
    return _shown(call, xcom)


@operation("delete_xcom_entry")
def delete_xcom_entry(call: Call) -> None:
    """Delete an XCom."""
    call.world.xcoms.remove(_stored(call, lookup.map_index(call)).full_key)
