"""Pools."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api import views
from mockserver.api.filters import order
from mockserver.api.v2.crud import Resource, absent, serve
from mockserver.errors import ApiError, Crash, conflict_unique, invalid, problem
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.pools import DEFAULT, Pool
from specs.versions import Version

Body = Mapping[str, Any]


def make(call: Call, body: Body) -> Pool:
    """A pool of the body's values; 3.0 crashes on -1 slots (measured)."""
    if body["slots"] == -1 and not has(call.world.version, "pools may be endless"):
        raise Crash
    rest = {name: body[name] for name in ("description", "include_deferred", "team_name") if name in body}
    return Pool(call.world.pools.next_id(), body["name"], body["slots"], **rest)


def values(_call: Call, _pool: Pool, body: Body) -> dict[str, Any]:
    """What a change sets."""
    return {name: body[name] for name in ("slots", "description", "include_deferred", "team_name") if name in body}


def check_patch(call: Call, pool: Pool, body: Body, mask: list[str] | None) -> None:
    """Refuse what Airflow refuses although the contract allows it.

    Default pool: only its slots can be changed. Other pools need more fields than the contract says, from 3.2 on even
    with a mask; the errors have a `url` and no "body" in `loc` (measured).
    """
    if pool.name == DEFAULT and (not mask or not set(mask) <= {"slots", "include_deferred"}):
        raise ApiError(400, "Only slots and included_deferred can be modified on Default Pool")
    version = call.world.version
    if pool.name == DEFAULT:
        return
    if mask and not has(version, "pools need all fields with a mask too"):
        return
    needed = ["pool", "slots", "description", "include_deferred"]
    if has(version, "pools need no description"):
        needed.remove("description")
    body = {"pool" if name == "name" else name: value for name, value in body.items()}
    errors = [_complaint(name, body, version) for name in needed if _lacks(name, body)]
    if errors:
        raise invalid(*errors)


def _lacks(name: str, body: Body) -> bool:
    return name not in body or (body[name] is None and name in ("slots", "include_deferred"))


def _complaint(name: str, body: Body, version: Version) -> dict[str, Any]:
    kind, noun = ("int_type", "integer") if name == "slots" else ("bool_type", "boolean")
    found = problem(kind, [name], f"Input should be a valid {noun}", None)
    if name not in body:
        found = problem("missing", [name], "Field required", dict(body))
    return {**found, "url": f"https://errors.pydantic.dev/{'2.14' if version >= (3, 1) else '2.11'}/v/{found['type']}"}


def check_delete(name: str) -> None:
    """Refuse to delete the default pool (a bulk request may)."""
    if name == DEFAULT:
        raise ApiError(400, "Default Pool can't be deleted")


serve(
    Resource(
        noun="pool",
        path="pool_name",
        key="name",
        body_key="pool",
        store=lambda world: world.pools,
        view=views.pool,
        volatile=True,
        make=make,
        values=values,
        missing=absent("The Pool with name"),
        mismatch="Invalid body, pool name from request body doesn't match uri parameter",
        taken=lambda _: conflict_unique("slot_pool", "pool, slots, description, include_deferred", "pool"),
        bulk_noun="pools with these pool names",
        order=order("id=number", "pool=name", "name"),
        fields=order("pool_name=name"),
        check_patch=check_patch,
        check_delete=check_delete,
    )
)
