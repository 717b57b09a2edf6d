"""Connections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.filters import order
from mockserver.api.v2.crud import Resource, absent, serve
from mockserver.errors import conflict, conflict_unique, forbidden, not_found
from mockserver.operations import Call, operation
from mockserver.world.connections import Connection, ConnectionTest, defaults, unmasked
from specs.versions import within

Body = Mapping[str, Any]
FIELDS = ("conn_type", "description", "host", "login", "schema", "port", "password", "extra", "team_name")
COLUMNS = (
    "conn_id, conn_type, description, host, schema, login, password, port, is_encrypted, is_extra_encrypted, extra"
)
UNREACHED = "The mock does not connect to anything."
_DISABLED = "Testing connections is disabled in Airflow configuration. Contact your deployment admin to enable it."


def view(call: Call, connection: Connection) -> dict[str, Any]:
    """A ConnectionResponse."""
    shown = {name: getattr(connection, name) for name in ("connection_id", *FIELDS)}
    secret = {"password": connection.shown_password, "extra": connection.shown_extra(call.world.version)}
    return {**shown, **secret}


def make(call: Call, body: Body) -> Connection:
    """A connection of the body's values; an empty extra is an empty object."""
    given = {name: body[name] for name in FIELDS if name in body}
    if given.get("extra") == "":
        given["extra"] = "{}"
    return Connection(call.world.connections.next_id(), body["connection_id"], **given)


def values(_call: Call, connection: Connection, body: Body) -> dict[str, Any]:
    """What a change sets; masks sent back keep what they hide."""
    found = {name: body[name] for name in FIELDS if name in body}
    for name in ("password", "extra"):
        if name in found:
            found[name] = unmasked(getattr(connection, name), found[name])
    return found


serve(
    Resource(
        noun="connection",
        path="connection_id",
        key="connection_id",
        store=lambda world: world.connections,
        view=view,
        make=make,
        values=values,
        missing=absent("The Connection with connection_id"),
        mismatch="The connection_id in the request body does not match the URL parameter",
        taken=lambda _: conflict_unique("connection", COLUMNS, "conn_id"),
        bulk_noun="connections with these connection_ids",
        bulk_masks=False,
        order={
            **order("id=number", "conn_id=connection_id", "connection_id"),
            **order("conn_type", "description", "host", "port", "team_name"),
        },
        fields=order("connection_id"),
    )
)


@operation("create_default_connections")
def create_default_connections(call: Call) -> None:
    """Create the connections that Airflow offers, those that are not there yet."""
    world = call.world
    for given in defaults():
        if within(world.version, given.get("since"), None) and given["connection_id"] not in world.connections:
            world.connections.add(given["connection_id"], make(call, given))


@operation("test_connection")
def test_connection(call: Call) -> Any:
    """Try a connection: the mock reaches nothing, and says so, where tests are enabled; 403 elsewhere."""
    _enabled(call)
    return {"status": False, "message": UNREACHED}


def _enabled(call: Call) -> None:
    if (call.mock.profile.option("core", "test_connection") or "Disabled").lower() != "enabled":
        raise forbidden(_DISABLED)


@operation("enqueue_connection_test")
def enqueue_connection_test(call: Call) -> Any:
    """Try a connection later, one at a time: as `test_connection`, 403 unless tests are enabled."""
    _enabled(call)
    name, now = call.body["connection_id"], call.world.now()
    if any(one.connection_id == name and not one.over(now) for one in call.world.connection_tests):
        raise conflict(f"An active connection test already exists for connection_id `{name}`.")
    test = ConnectionTest(call.world.ids.letters(32), name, now)
    return _test_view(call, call.world.connection_tests.add(test.token, test))


@operation("get_connection_test")
def get_connection_test(call: Call) -> Any:
    """Show what came of a test."""
    token = call.headers.get("airflow-connection-test-token", "")
    test = call.world.connection_tests.get(token)
    if test is None:
        raise not_found(f"No connection test found for token: `{token}`")
    return _test_view(call, test)


def _test_view(call: Call, test: ConnectionTest) -> dict[str, Any]:
    """A ConnectionTestQueuedResponse, and an AsyncConnectionTestResponse."""
    over = test.over(call.world.now())
    outcome = {"state": "failed" if over else "pending", "result_message": UNREACHED if over else None}
    return {"token": test.token, "connection_id": test.connection_id, "created_at": test.created_at, **outcome}
