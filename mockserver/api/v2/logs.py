"""The logs of task instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.v2 import lookup
from mockserver.api.v2.media import choose
from mockserver.api.v2.wording import missing
from mockserver.errors import ApiError
from mockserver.operations import Answer, Call, operation
from mockserver.rendering import to_json
from mockserver.world.habits import has
from mockserver.world.task_instances import TaskInstance

NDJSON = "application/x-ndjson"
_NO_WORKER = (
    "Could not read served logs: Hostname not available for worker. "
    "Please check your `hostname_callable` configuration."
)
Line = Mapping[str, Any]


@operation("get_log")
def get_log(call: Call) -> Any:
    """Show the log of one try: as JSON, or line by line."""
    wanted = choose(call, "application/json", NDJSON)
    if call.query.get("token"):
        raise ApiError(400, "Bad Signature. Please use only the tokens provided by the API.")
    instance = lookup.instance(call, "instance of logs")
    number = call.path["try_number"]
    if number not in {one.try_number for one in (instance.current(), *instance.history)}:
        raise missing(call, "instance of logs")
    lines = _lines(call, instance, number)
    if wanted == NDJSON:
        return Answer(body=b"".join(to_json({"timestamp": None, **line}) + b"\n" for line in lines), media=NDJSON)
    return {"content": lines, "continuation_token": None}


def _lines(call: Call, instance: TaskInstance, number: int) -> list[Line]:
    """The lines of a log: where it comes from, then what was written (measured on 3.3.2)."""
    first, last = {"event": "::group::Log message source details"}, {"event": "::endgroup::"}
    if number == 0:
        return _nothing(call)
    if (written := instance.logs.get(number)) is None:
        text = _NO_WORKER if instance.state else "No logs available for this task."
        return [first, {"event": text}, last]
    place = f"dag_id={instance.run.dag_id}/run_id={instance.run.run_id}/task_id={instance.task_id}"
    if instance.map_index >= 0:
        place += f"/map_index={instance.map_index}"
    return [first, {"event": f"/opt/airflow/logs/{place}/attempt={number}.log"}, last, *written]


def _nothing(call: Call) -> list[Line]:
    if not has(call.world.version, "try 0 has a log"):
        return [{"event": "Error fetching the logs. Try number 0 is invalid.", "level": "error"}]
    group = [{"timestamp": None, "event": f"::{one}"} for one in ("group::Log message source details", "endgroup::")]
    return [*group, {"timestamp": call.world.now(), "event": "No logs available for this task."}]
