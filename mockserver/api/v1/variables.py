"""Variables (measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.api.crud import serve
from mockserver.api.filters import order
from mockserver.api.v1 import masks, operation
from mockserver.api.v1.crud import Resource
from mockserver.api.v1.forms import Field, Form, text
from mockserver.api.v1.problems import already_exists, bad_request, not_found
from mockserver.errors import ApiError, Crash
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.variables import Variable

Body = Mapping[str, Any]

FORM = Form(
    key=Field(text, required=True),
    value=Field(text, required=True),
    description=Field(text, since="2.4"),
)


class Variables(Resource[Variable]):
    """Variables: to create one that there is overwrites it, and the answer is what was sent."""

    def create(self, call: Call) -> Body:
        """Put the variable, and show what was sent."""
        values = self.read(call)
        self.put(call, values)
        return values

    def put(self, call: Call, values: Body) -> None:
        """Create a variable in the place of the one that has its key."""
        self.store(call.world).remove(values["key"])
        self.add(call, values)

    def target(self, call: Call) -> tuple[Variable, Body]:
        """Find out what a change does: before 2.5 it is a creation."""
        values, version = self.load(call), call.world.version
        if values["key"] != call.path[self.path]:
            raise bad_request("key from request body doesn't match uri parameter", title="Invalid post body")
        if not has(version, "variables change by name"):
            _check_mask(masks.names(call))
            self.put(call, values)
            return Variable(0, **values), {}
        absent = values["key"] not in call.world.variables
        if absent and has(version, "a missing variable has a detail"):
            raise self.missing(call, values["key"])
        chosen = _chosen(call, values)
        if absent:
            raise Crash("there is no such variable")
        return self.get(call), chosen


def make(call: Call, body: Body) -> Variable:
    """A variable of the body's values; before 2.8 it has no description however the body describes it."""
    description = body.get("description") if has(call.world.version, "variables keep descriptions") else None
    return Variable(call.world.variables.next_id(), body["key"], body["value"], description)


def view(_call: Call, variable: Variable) -> dict[str, Any]:
    """A variable; nothing of it is hidden."""
    return {"key": variable.key, "value": variable.value, "description": variable.description}


def missing(call: Call, _key: str) -> ApiError:
    """404; that of a deletion says less."""
    told = has(call.world.version, "a missing variable has a detail") and call.operation.method != "DELETE"
    return not_found("Variable not found", "Variable does not exist" if told else None)


def _chosen(call: Call, values: Body) -> Body:
    """Those of the values that the mask names. It has to call the value val, unless the documents are followed."""
    name = "value" if call.mock.follow == "documents" else "val"
    known = {name if one == "value" else one: value for one, value in values.items()}
    found = masks.chosen(call, known, fixed=["key"])
    return {"value" if one == name else one: value for one, value in found.items()}


def _check_mask(mask: Sequence[str]) -> None:
    if "key" in mask:
        raise bad_request(None, title="key is a ready only field")
    if mask and "value" not in mask:
        raise bad_request(None, title="No field to update")


serve(
    Variables(
        noun="variable",
        path="variable_key",
        key="key",
        store=lambda world: world.variables,
        view=view,
        form=FORM,
        title="Invalid Variable schema",
        make=make,
        missing=missing,
        taken=already_exists,
        order=order("id=number", "key", "value"),
    ),
    operation,
    creates="post_variables",
)
