"""The logs of task instances, as text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.api.v1 import lookup, media, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.problems import bad_request
from mockserver.operations import Answer, Call
from mockserver.world.dags import FOLDER, signed, unsigned
from mockserver.world.habits import has
from mockserver.world.task_instances import TaskInstance

PLAIN, JSON = "text/plain", "application/json"
_FOLDER = FOLDER.replace("dags", "logs")
_SOURCES = {"task.stdout": "logging_mixin.py:190", "task": "python.py:240"}


@operation("get_log")
def get_log(call: Call) -> Any:
    """Show the log of one try: as plain text, or as JSON that holds a Python list of hosts and texts (measured)."""
    read = _position(call)
    number = call.path["task_try_number"]
    if not _counts(call) and len(lookup.of_task(call)) > 1:
        break_down(call, "one instance was expected")
    instance = lookup.instance(call, "instance of logs")
    host, text = _log(call, instance, number)
    if media.best(call, PLAIN, JSON) == PLAIN:
        return Answer(body=f"{host}\n{text}\n".encode(), media=PLAIN)
    end = {"end_of_log": True} | ({"log_pos": len(text)} if _counts(call) and number else {})
    shown = text[read:] if _counts(call) else text
    token = signed(json.dumps(end, separators=(",", ":")))
    return {"content": repr([(host, shown)]), "continuation_token": token}


def _counts(call: Call) -> bool:
    """Whether a token says how far a log was read; before, it begins anew each time (measured on 2.2.5)."""
    return has(call.world.version, "logs are found by run")


def _position(call: Call) -> int:
    """How much of the log a client has already, by its token."""
    if not (token := call.query.get("token")):
        return 0
    try:
        known: Mapping[str, Any] = json.loads(unsigned(token))
    except ValueError:
        raise bad_request(None, "Bad Signature. Please use only the tokens provided by the API.") from None
    return int(known.get("log_pos", 0))


def _log(call: Call, instance: TaskInstance, number: int) -> tuple[str, str]:
    """The host on which a try ran, and what it wrote."""
    if number == 0:
        return "default_host", "Error fetching the logs. Try number 0 is invalid."
    written = instance.logs.get(number, ())
    head = _head(call, instance, number, there=bool(written))
    return instance.hostname, head + "\n".join(_line(call, instance, one) for one in written)


def _head(call: Call, instance: TaskInstance, number: int, *, there: bool) -> str:
    """Where the log comes from; a try that ran elsewhere cannot be read."""
    path, version = _path(call, instance, number), call.world.version
    if not has(version, "logs are found by run"):
        return f"*** Reading local file: {path}\n" if there else f"*** Log file does not exist: {path}\n"
    unread = "*** Could not read served logs: no host supplied\n" if instance.state else ""
    head = f"*** Found local files:\n***   * {path}\n" if there else unread
    if has(version, "logs fold their source"):
        return f" INFO - ::group::Log message source details\n{head} INFO - ::endgroup::\n"
    return head


def _path(call: Call, instance: TaskInstance, number: int) -> str:
    run = instance.run
    if not has(call.world.version, "logs are found by run"):
        date = run.logical_date.isoformat() if run.logical_date else ""
        return f"{_FOLDER}/{run.dag_id}/{instance.task_id}/{date}/{number}.log"
    place = f"dag_id={run.dag_id}/run_id={run.run_id}/task_id={instance.task_id}"
    if instance.map_index >= 0:
        place += f"/map_index={instance.map_index}"
    return f"{_FOLDER}/{place}/attempt={number}.log"


def _line(call: Call, instance: TaskInstance, line: Mapping[str, Any]) -> str:
    when: datetime = line["timestamp"]
    text = when.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    if not has(call.world.version, "logs are found by run"):
        text = when.strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
    source = _SOURCES.get(line.get("logger", ""), f"taskinstance.py:{instance.run.number}")
    return f"[{text}] {{{source}}} {line['level'].upper()} - {line['event']}"
