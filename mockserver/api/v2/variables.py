"""Variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.filters import order
from mockserver.api.v2.crud import Resource, absent, serve
from mockserver.errors import ApiError, Crash, conflict
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.masking import MASK
from mockserver.world.variables import Variable, as_text

Body = Mapping[str, Any]


def view(call: Call, variable: Variable) -> dict[str, Any]:
    """A VariableResponse."""
    return {
        "key": variable.key,
        "value": variable.shown_value(call.world.version),
        "description": variable.description,
        "is_encrypted": True,
        "team_name": variable.team_name,
    }


def make(call: Call, body: Body) -> Variable:
    """A variable of the body's values; bulk requests keep JSON in all versions."""
    text = as_text(body["value"], call.world.version, json_too=call.operation.id == "bulk_variables")
    rest = {"description": body.get("description"), "team_name": body.get("team_name")}
    return Variable(call.world.variables.next_id(), body["key"], text, **rest)


def values(call: Call, variable: Variable, body: Body) -> dict[str, Any]:
    """What a change sets; a mask sent back keeps the value; before 3.3 Airflow crashes on one that is no text."""
    found = {name: body[name] for name in ("description", "team_name") if name in body}
    if "value" in body:
        value = body["value"]
        if not isinstance(value, str) and not has(call.world.version, "variables change to what is no text"):
            raise Crash
        kept = value == MASK and variable.shown_value(call.world.version) == MASK
        found["value"] = variable.value if kept else as_text(value, call.world.version)
    return found


def check_patch(call: Call, _variable: Variable, _body: Body, mask: list[str] | None) -> None:
    """Refuse a mask that names the key."""
    if mask and "key" in mask and has(call.world.version, "keys of variables are never changed"):
        text = "Update not allowed: the following fields are immutable and cannot be modified: {'key'}"
        raise ApiError(400, text)


serve(
    Resource(
        noun="variable",
        path="variable_key",
        key="key",
        store=lambda world: world.variables,
        view=view,
        make=make,
        values=values,
        missing=absent("The Variable with key"),
        mismatch="Invalid body, key from request body doesn't match uri parameter",
        taken=lambda key: conflict(f"The Variable with key: `{key}` already exists"),
        bulk_noun="variables with these keys",
        order={
            **order("id=number", "key", "description", "team_name", "_val=value"),
            "is_encrypted": lambda _: True,
        },
        fields=order("variable_key=key"),
        check_patch=check_patch,
        merge_twins=True,
        keeps_unsaid=False,
    )
)
