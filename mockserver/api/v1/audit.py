"""What the use of an operation leaves in the event log: whoever may use it is written down, whatever comes of it.

Measured on 2.6.3 and 2.11.2, read in the packages between.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from mockserver.errors import Crash
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.masking import masked
from specs import yamlfile
from specs.versions import Version, within

_IN_COLUMNS = frozenset({"is_paused", "dag_id", "task_id", "dag_run_id", "run_id", "execution_date"})
_NO_JSON = "Encountered non-JSON in `extra` field"


def record(call: Call) -> None:
    """Write the events of the call's operation, if its version has any."""
    for event in events(call.operation.id, call.world.version):
        texts = _texts(call)
        columns = {name: texts[name] for name in ("dag_id", "task_id") if name in texts}
        if (run_id := texts.get("run_id") or texts.get("dag_run_id")) and has(call.world.version, "events are JSON"):
            columns["run_id"] = run_id
        call.world.note(_prefix(call) + event, _owner(call), _extra(call, event), **columns)


@cache
def events(operation: str, version: Version) -> Sequence[str]:
    """The names of the events that an operation leaves."""
    rows = yamlfile.read("mockserver.api.v1", "audit.yaml")
    return [row["event"] for row in rows if row["by"] == operation and within(version, row["since"], row.get("until"))]


def _prefix(call: Call) -> str:
    """What the names of events begin with: a page of the server itself counts as its user interface."""
    if not has(call.world.version, "events are JSON"):
        return ""
    own = f"http://{call.headers.get('host', '')}"
    return "ui." if call.headers.get("origin") == own else "api."


def _owner(call: Call) -> str:
    """The user, by the names that the version writes down."""
    name, version = call.user.name, call.world.version
    user = call.world.users.named(name)
    if user is None or version < (2, 6) or version > (2, 7):
        return name or "anonymous"
    full = f"{user.first_name} {user.last_name}".strip()
    return f"{name} ({full})" if version == (2, 6) else full


def _texts(call: Call) -> Mapping[str, Any]:
    return dict(_sent(call))


def _sent(call: Call) -> Iterator[tuple[str, Any]]:
    """The names and values in the query and in the path."""
    yield from parse_qsl(call.raw_query, keep_blank_values=True)
    yield from call.path.items()


def _extra(call: Call, event: str) -> str:
    if not has(call.world.version, "events are JSON"):
        return str([(name, masked(value, call.world.version, name)) for name, value in _sent(call)])
    sent = {name: masked(value, call.world.version, name) for name, value in _sent(call) if name not in _IN_COLUMNS}
    return json.dumps(_with_body(call, event, sent))


def _with_body(call: Call, event: str, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was sent, and the members of a body; variables and connections are told by their body alone."""
    body = call.body if call.body and "application/json" in call.headers.get("content-type", "") else None
    if event.startswith("variable."):
        return _variable(call, body or sent)
    if event.startswith("connection."):
        return _connection(call, body or sent)
    return {**sent, **_hidden(call, body or {})}


def _hidden(call: Call, members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: masked(value, call.world.version, name) for name, value in members.items()}


def _variable(call: Call, members: Mapping[str, Any]) -> dict[str, Any]:
    """The members as they are, but for a value under a key that sounds secret and came before it."""
    shown, key = dict[str, Any](), ""
    for name, value in members.items():
        shown[name] = masked(value, call.world.version, key) if key and name == "value" else value
        key = value if name == "key" else key
    return shown


def _connection(call: Call, members: Mapping[str, Any]) -> dict[str, Any]:
    """The members, with secrets hidden, also those within the extra."""
    shown = _hidden(call, members)
    if members.get("extra"):
        shown["extra"] = _opened(call, members["extra"])
    return shown


def _opened(call: Call, extra: str) -> Any:
    """The members of an extra; one that is JSON and no object breaks Airflow down (measured on 2.11.2)."""
    try:
        members = json.loads(extra)
    except ValueError:
        return _NO_JSON
    if not isinstance(members, dict):
        raise Crash("an extra must be an object")
    return _hidden(call, members)
