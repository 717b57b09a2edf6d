"""Pools (measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from mockserver.api import views
from mockserver.api.crud import serve
from mockserver.api.filters import order
from mockserver.api.v1 import masks, operation
from mockserver.api.v1.crud import Resource
from mockserver.api.v1.forms import Field, Form, boolean, integer, text
from mockserver.api.v1.problems import already_exists, bad_request, not_found, unknown
from mockserver.errors import Crash
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.pools import DEFAULT, ENDLESS, Pool

Body = Mapping[str, Any]

FORM = Form(
    name=Field(text, null=True, longest=256),
    slots=Field(integer, null=True),
    description=Field(text, null=True, since="2.3"),
    include_deferred=Field(boolean, default=False, since="2.7"),
)
_NEEDED = {"name", "slots"}
_SHOWN = Form(
    occupied_slots=Field(),
    running_slots=Field(),
    queued_slots=Field(),
    open_slots=Field(),
    scheduled_slots=Field(since="2.4"),
    deferred_slots=Field(since="2.7"),
)


def view(call: Call, pool: Pool) -> dict[str, Any]:
    """A pool. One without end has more open slots than any integer, which Airflow's own check of answers refuses."""
    if pool.slots == ENDLESS and call.mock.follow == "airflow":
        raise unknown("inf is not of type 'integer'", "Response body does not conform to specification")
    return views.pool(call, pool)


def make(call: Call, body: Body) -> Pool:
    """A pool of the body's values."""
    return Pool(call.world.pools.next_id(), **body)


def demand(call: Call) -> None:
    """Refuse a body without what a pool needs."""
    if missing := _NEEDED.difference(call.body):
        raise bad_request(f"Missing required property(ies): {sorted(missing)}")


class Pools(Resource[Pool]):
    """Pools. A new name is a change, but for the default pool's."""

    def target(self, call: Call) -> tuple[Pool, Body]:
        """Find out what a change does."""
        mask = masks.names(call)
        _keep_default(call, mask)
        pool = self.get(call)
        values = self.load(call)
        if not mask:
            demand(call)
        return pool, masks.chosen(call, values, refuse=partial(_refuse, call))


def _keep_default(call: Call, mask: Sequence[str]) -> None:
    must, may = has(call.world.version, "the default pool's name must be sent"), {"slots"}
    if call.path["pool_name"] != DEFAULT or call.body.get("name", None if must else DEFAULT) == DEFAULT:
        return
    if must:
        may.add("include_deferred")
    if not mask or not may.issuperset(mask):
        raise bad_request("Default Pool's name can't be modified")


def _refuse(call: Call, name: str) -> Exception:
    """Word the refusal of a name in a mask; those that the body lacks break Airflow down."""
    if FORM.knows(name, call.world.version) or _SHOWN.knows(name, call.world.version):
        return Crash(f"{name} is in the mask but not in the body")
    return bad_request(f"Invalid field: {name} in update mask")


def check_delete(name: str) -> None:
    """Refuse to delete the default pool."""
    if name == DEFAULT:
        raise bad_request("Default Pool can't be deleted")


serve(
    Pools(
        noun="pool",
        path="pool_name",
        key="name",
        store=lambda world: world.pools,
        view=view,
        volatile=True,
        form=FORM,
        demand=demand,
        make=make,
        missing=lambda _call, name: not_found(detail=f"Pool with name:'{name}' not found"),
        taken=lambda name: already_exists(f"Pool: {name} already exists"),
        order=order("id=number", "name", "slots"),
        check_delete=check_delete,
    ),
    operation,
)
