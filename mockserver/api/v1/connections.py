"""Connections (measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from mockserver.api.crud import serve
from mockserver.api.filters import order
from mockserver.api.v1 import masks, media, operation
from mockserver.api.v1.crud import Resource
from mockserver.api.v1.forms import Field, Form, anything, integer, text
from mockserver.api.v1.problems import already_exists, bad_request, not_found, permission_denied
from mockserver.errors import Crash
from mockserver.operations import Answer, Call
from mockserver.world.connections import Connection
from mockserver.world.habits import has

Body = Mapping[str, Any]

_FIELDS = ("connection_id", "conn_type", "description", "host", "login", "schema", "port")
_NAME = re.compile(r"[\w.-]+\n?")
_KEPT = re.compile(r"[\w.-]+", re.ASCII)
_LONGEST_ID = 200
_DISABLED = "Testing connections is disabled in Airflow configuration. Contact your deployment admin to enable it."

FORM = Form(
    connection_id=Field(text, required=True, longest=250),
    conn_type=Field(text, required=True, longest=500),
    description=Field(text, null=True, since="2.2"),
    host=Field(text, null=True, longest=500),
    login=Field(text, null=True),
    schema=Field(text, null=True, longest=500),
    port=Field(integer, null=True),
    password=Field(text, null=True),
    extra=Field(anything, null=True),
)


class Connections(Resource[Connection]):
    """Connections. The body of a change needs nothing, and must not name another connection."""

    def target(self, call: Call) -> tuple[Connection, Body]:
        """Find out what a change does."""
        values = self.load(call, partial=True)
        connection = self.get(call)
        named = values.get("connection_id")
        if named and named != connection.connection_id:
            raise bad_request("The connection_id cannot be updated.")
        return connection, masks.chosen(call, values, fixed=["connection_id"])


def view(call: Call, connection: Connection) -> dict[str, Any]:
    """A connection: never its password, and no secrets in its extra."""
    shown = {name: getattr(connection, name) for name in _FIELDS}
    hides = has(call.world.version, "extras are masked")
    return {**shown, "extra": connection.shown_extra(call.world.version) if hides else connection.extra}


def make(call: Call, body: Body) -> Connection:
    """A connection of the body's values; ids with letters beyond ASCII pass the check, but are not kept."""
    if has(call.world.version, "connection ids are ASCII") and not _KEPT.fullmatch(body["connection_id"]):
        raise Crash("a connection without an id")
    return Connection(call.world.connections.next_id(), **body)


def check(call: Call, values: Body) -> None:
    """Refuse an id that is too long or has letters that ids must not have."""
    if not has(call.world.version, "connection ids are checked"):
        return
    name = values["connection_id"]
    if len(name) > _LONGEST_ID:
        raise bad_request(f"The key has to be less than {_LONGEST_ID} characters")
    if not _NAME.fullmatch(name):
        only = "has to be made of alphanumeric characters, dashes, dots and underscores exclusively"
        raise bad_request(f"The key {name!r} {only}")


serve(
    Connections(
        noun="connection",
        path="connection_id",
        key="connection_id",
        store=lambda world: world.connections,
        view=view,
        form=FORM,
        check=check,
        make=make,
        missing=lambda _call, name: not_found(
            "Connection not found", f"The Connection with connection_id: `{name}` was not found"
        ),
        taken=lambda name: already_exists(f"Connection already exist. ID: {name}"),
        order=order("id=number", "connection_id", "conn_type", "description", "host", "port"),
    ),
    operation,
)


@operation("test_connection")
def test_connection(call: Call) -> Any:
    """Try a connection: the mock has no hooks to do it with. 403 where tests are not enabled, which is no problem."""
    if has(call.world.version, "connection tests are disabled") and not _tests(call):
        if call.mock.follow == "documents":
            raise permission_denied(_DISABLED)
        return Answer(403, _DISABLED.encode(), media=media.HTML)
    values = FORM.load(call)
    return {"status": False, "message": f'Unknown hook type "{values["conn_type"]}"'}


def _tests(call: Call) -> bool:
    return (call.mock.profile.option("core", "test_connection") or "").strip().lower() == "enabled"
