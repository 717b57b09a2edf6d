"""What the bodies of Airflow 3 must keep to beyond what their schemas tell, by the names of those schemas.

Measured on 3.3.2; read in 3.0.6, 3.1.8 and 3.2.2. A rule says with a ValueError what is wrong, and raises Crash where
Airflow fails unhandled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from mockserver.errors import Crash
from specs.versions import Version

FIRST = Version(3, 0)
NEW_STATES = ["success", "failed", "skipped"]


@dataclass(frozen=True)
class Rule:
    """A rule of one member of the named schemas, or of the whole (member is None).

    `early`: it looks at what was sent before the schema does, and a member that breaks it is not looked at any further;
    else only what the schema takes is looked at. `check` gives the value that is gone on with.
    """

    schemas: Collection[str]
    member: str | None
    check: Callable[[Any], Any]
    early: bool = False
    since: Version = FIRST


def of(version: Version) -> list[Rule]:
    """The rules of a version."""
    return [one for one in RULES if one.since <= version]


def _json_object(extra: str | None) -> str | None:
    if not extra:
        return extra
    text = "The `extra` field must be a valid JSON object (e.g., {'key': 'value'})"
    try:
        found = json.loads(extra)
    except ValueError:
        raise ValueError(f"{text}, but encountered non-JSON in `extra` field") from None
    if not isinstance(found, dict):
        raise ValueError(text)
    return extra


def _new_state(state: Any) -> str:
    if state is None:
        raise ValueError("'new_state' should not be empty")
    if not isinstance(state, str):
        raise Crash("a state that is no text")
    if state.lower() not in NEW_STATES:
        raise ValueError(f"'{state.lower()}' is not one of {NEW_STATES}")
    return state.lower()


def _no_team(body: Any) -> Any:
    """There are no teams: no profile has an option for them."""
    if body.get("team_name") is not None:
        raise ValueError("team_name cannot be set when multi_team mode is disabled. Please contact your administrator.")
    return body


def _has_members(body: Any) -> Any:
    if not isinstance(body, dict):
        raise Crash("a body that is no object")
    return body


def _exclusive(body: Any) -> Any:
    if _has_members(body).get("only_new") and body.get("only_failed"):
        raise ValueError("only_new and only_failed are mutually exclusive")
    return body


def _one_kind(body: Any) -> Any:
    if _has_members(body).get("only_failed") and body.get("only_running"):
        raise ValueError("only_failed and only_running both are set to True")
    return body


def _one_of(name: str, told: str) -> Callable[[Any], Any]:
    """Which runs are meant is said in one way: by a member, by the key of a partition, or by a window of dates."""

    def check(body: Any) -> Any:
        window = body.get("partition_date_start") is not None or body.get("partition_date_end") is not None
        if [bool(body.get(name)), body.get("partition_key") is not None, window].count(True) != 1:
            raise ValueError(
                f"Exactly one of {told}, partition_key, or a partition date window "
                "(partition_date_start / partition_date_end) must be provided."
            )
        return body

    return check


_CONNECTIONS = ("ConnectionBody", "ConnectionTestRequestBody")
RULES = (
    Rule(_CONNECTIONS, "extra", _json_object),
    Rule(("PatchTaskInstanceBody", "BulkTaskInstanceBody"), "new_state", _new_state, early=True),
    Rule((*_CONNECTIONS, "PoolBody", "PoolPatchBody", "VariableBody"), None, _no_team, since=Version(3, 3)),
    Rule(("ClearTaskInstancesBody",), None, _has_members, early=True),
    Rule(("ClearTaskInstancesBody",), None, _one_kind, early=True, since=Version(3, 3)),
    Rule(("DAGRunClearBody", "BulkDAGRunClearBody"), None, _exclusive, early=True, since=Version(3, 2)),
    Rule(("BulkDAGRunClearBody",), None, _one_of("dag_runs", "dag_runs (non-empty)")),
    Rule(("ClearPartitionsBody",), None, _one_of("run_id", "run_id")),
)
