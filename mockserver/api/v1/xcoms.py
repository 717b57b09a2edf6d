"""XComs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.problems import bad_request
from mockserver.api.v1.run_views import xcom_view
from mockserver.api.v1.wording import missing
from mockserver.operations import Call, Page
from mockserver.world.habits import has
from mockserver.world.xcoms import XCom

FIELDS: dict[str, Callable[[XCom], Any]] = {
    **order("task_id", "map_index", "key", "xcom_key=key"),
    "dag_id": lambda xcom: xcom.run.dag_id,
    "run_id": lambda xcom: xcom.run.run_id,
    "execution_date": lambda xcom: xcom.run.logical_date,
}
_KEY = ("dag_id", "task_id", "run_id", "map_index", "key")
_OLD_KEY = ("execution_date", "task_id", "dag_id", "key", "map_index")


def _of_task(call: Call, given: dict[str, Any]) -> list[XCom]:
    """The XComs of the DAGs, runs and tasks of the path that meet what is given."""
    wanted = {"dag_id": call.path["dag_id"], "run_id": call.path["dag_run_id"], "task_id": call.path["task_id"]}
    given = {**given, **{name: value for name, value in wanted.items() if value != lookup.ALL}}
    rows = select(call, call.world.xcoms, given, FIELDS)
    names = _KEY if has(call.world.version, "XComs are ordered by instance") else _OLD_KEY
    return sorted(rows, key=lambda xcom: [FIELDS[name](xcom) for name in names])


@operation("get_xcom_entries")
def get_xcom_entries(call: Call) -> Page:
    """List XComs without their values; ~ stands for any DAG, run or task."""
    return call.page(_of_task(call, dict(call.query)), key="xcom_entries", view=xcom_view, order={})


@operation("get_xcom_entry")
def get_xcom_entry(call: Call) -> Any:
    """Show an XCom with its value: as text, unless something else is asked for."""
    version = call.world.version
    if call.query.get("deserialize") and has(version, "XComs are not deserialized"):
        raise bad_request("XCom deserialization is disabled in configuration.")
    given = {"key": call.path["xcom_key"]}
    if has(version, "XComs are of one instance"):
        given["map_index"] = call.query.get("map_index", -1)
    found = _of_task(call, given)
    if len(found) > 1:
        break_down(call, "one XCom was expected")
    if not found:
        raise missing(call, "xcom")
    value = found[0].value
    return {**xcom_view(found[0]), "value": str(value) if call.query.get("stringify", True) else value}
