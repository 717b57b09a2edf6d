"""Roles, and the actions that they may grant (measured on 2.2.5, 2.3.4, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mockserver.api.filters import order
from mockserver.api.v1 import masks, operation
from mockserver.api.v1.forms import Field, Form, each, nested, text
from mockserver.api.v1.orders import ordered
from mockserver.api.v1.problems import already_exists, bad_request, not_found
from mockserver.errors import ApiError, Crash
from mockserver.operations import Call, Page
from mockserver.world.habits import has
from mockserver.world.users import Permission, Role

Body = Mapping[str, Any]

_ORDERS = order("name", "role_id=number")
_ACTION = nested(Form(name=Field(text, required=True, longest=100)))
_RESOURCE = nested(Form(name=Field(text, required=True, longest=250)))
_GRANT = nested(Form(action=Field(_ACTION), resource=Field(_RESOURCE)))
FORM = Form(name=Field(text, required=True, longest=64), actions=Field(each(_GRANT)))


def view(role: Role) -> dict[str, Any]:
    """A role and what it grants."""
    grants = [{"action": {"name": action}, "resource": {"name": resource}} for action, resource in role.grants]
    return {"name": role.name, "actions": grants}


@operation("get_role")
def get_role(call: Call) -> Body:
    """Show a role."""
    return view(_get(call))


@operation("get_roles")
def get_roles(call: Call) -> Page:
    """List the roles."""
    return call.page(ordered(call, call.world.roles, _ORDERS), key="roles", view=view, order=_ORDERS)


@operation("get_permissions")
def get_permissions(call: Call) -> Page:
    """List the actions that roles may grant."""
    return call.page(call.world.roles.actions, key="actions", view=lambda name: {"name": name}, order={})


@operation("post_role")
def post_role(call: Call) -> Body:
    """Create a role; Airflow answers with nothing, the document with the role."""
    values = FORM.load(call)
    name = values["name"]
    if call.world.roles.named(name):
        raise _taken(call, name)
    role = call.world.roles.make(name, _checked(call, _grants(call, values)))
    return {} if call.mock.follow == "airflow" else view(role)


@operation("patch_role")
def patch_role(call: Call) -> Body:
    """Change a role: its name, and what it grants more; nothing is taken away from it."""
    values = FORM.load(call)
    role = call.world.roles.named(call.path["role_name"])
    if role is None:
        raise _missing(call, "Role with name: `{} was not found")
    values = _chosen(call, values)
    if call.mock.follow == "airflow" and not has(call.world.version, "roles change in parts"):
        return _change_as_before(call, role, values)
    if "actions" in values:
        _grant(role, _checked(call, _grants(call, values)))
    _rename(call, role, values.get("name"))
    return view(role)


@operation("delete_role")
def delete_role(call: Call) -> None:
    """Delete a role; who had it has it no more."""
    role = _get(call)
    call.world.roles.remove(role.number)
    for user in call.world.users:
        user.roles = tuple(one for one in user.roles if one is not role)


def _get(call: Call) -> Role:
    role = call.world.roles.named(call.path["role_name"])
    if role is None:
        raise _missing(call, "The Role with name `{}` was not found")
    return role


def _missing(call: Call, before: str) -> ApiError:
    """404 for a role that there is not; `before` is how 2.2 tells it."""
    name = call.path["role_name"]
    quoted = has(call.world.version, "a missing role is quoted")
    return not_found("Role not found", f"Role with name {name!r} was not found" if quoted else before.format(name))


def _taken(call: Call, name: str) -> ApiError:
    if has(call.world.version, "a missing role is quoted"):
        return already_exists(f"Role with name {name!r} already exists; please update with the PATCH endpoint")
    return already_exists(f"Role with name `{name}` already exist. Please update with patch endpoint")


def _grants(call: Call, values: Body) -> list[Permission]:
    """The permissions of a body; Airflow breaks down without them, and over half a one."""
    items: Sequence[Body] = values.get("actions", [])
    complete = "actions" in values and all("action" in one and "resource" in one for one in items if one)
    if not complete and call.mock.follow == "airflow":
        raise Crash("a role without all of its actions")
    return [(one["action"]["name"], one["resource"]["name"]) for one in items if "action" in one and "resource" in one]


def _checked(call: Call, grants: list[Permission]) -> tuple[Permission, ...]:
    """Refuse actions and resources that there are not."""
    for action, resource in grants:
        if action not in call.world.roles.actions:
            raise bad_request(f"The specified action: {action!r} was not found")
        if resource not in call.world.roles.resources:
            raise bad_request(f"The specified resource: {resource!r} was not found")
    return tuple(dict.fromkeys(grants))


def _chosen(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    chosen = {}
    for name in masks.names(call):
        if name not in ("name", "actions") or name not in values:
            if name == "actions" and call.mock.follow == "airflow":
                raise Crash("a mask for actions that are not there")
            raise bad_request(f"'{name}' in update_mask is unknown")
        chosen[name] = values[name]
    return chosen or values


def _grant(role: Role, more: tuple[Permission, ...]) -> None:
    role.grants = tuple(dict.fromkeys([*role.grants, *more]))


def _rename(call: Call, role: Role, name: str | None) -> None:
    """Give a role another name, unless there is one of that name: then nothing happens, and nothing is told."""
    if name and not call.world.roles.named(name):
        role.name = name


def _change_as_before(call: Call, role: Role, values: Body) -> Body:
    """Change a role as 2.2 does: it needs the name, sets that first, and breaks down without new actions."""
    if "name" not in values:
        raise Crash("a change of a role without its name")
    more = _checked(call, _grants(call, values)) if values.get("actions") else ()
    _rename(call, role, values["name"])
    if not more:
        raise Crash("a change of a role without actions")
    _grant(role, more)
    return view(role)
