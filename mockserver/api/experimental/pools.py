"""Pools. Their name is `name` in requests and `pool` in answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockserver.api.experimental import operation, traits
from mockserver.api.experimental.refusing import broken, refused, storable
from mockserver.operations import Call
from mockserver.world.habits import has
from mockserver.world.pools import DEFAULT, Pool

_MEMBERS = {"name", "slots", "description"}
_LONGEST = 256
_LARGEST = 2**63


@operation("get_pools")
def get_pools(call: Call) -> Any:
    """List all pools."""
    return [view(call, pool) for pool in call.world.pools]


@operation("get_pool")
def get_pool(call: Call) -> Any:
    """Show a pool."""
    return view(call, _named(call, call.path["name"]))


@operation("create_pool")
def create_pool(call: Call) -> Any:
    """Create a pool, or give the one of that name other slots and another description."""
    body = _members(call)
    name = _name(call, body["name"])
    slots, given = _slots(call, body["slots"]), body["description"]
    description = _description(call, given)
    pool = call.world.pools.get(name)
    if pool is None:
        pool = call.world.add_pool(name, slots, description=description)
    else:
        pool.slots, pool.description = slots, description
    return {**view(call, pool), "description": given}


@operation("delete_pool")
def delete_pool(call: Call) -> Any:
    """Delete a pool, and show it a last time."""
    if call.path["name"] == DEFAULT:
        raise refused(400, f"{DEFAULT} cannot be deleted")
    pool = _named(call, call.path["name"])
    call.world.pools.remove(pool.name)
    return view(call, pool)


def view(call: Call, pool: Pool) -> dict[str, Any]:
    """A pool."""
    shown = {"description": pool.description, "id": pool.number, "pool": pool.name, "slots": pool.slots}
    deferred = {"include_deferred": pool.include_deferred}
    return {**shown, **deferred} if has(call.world.version, "pools may count what is deferred") else shown


def _named(call: Call, name: str) -> Pool:
    pool = call.world.pools.get(_some(name))
    if pool is None:
        raise refused(404, f"Pool '{name}' doesn't exist")
    return pool


def _some(name: str) -> str:
    if not name.strip():
        raise refused(400, "Pool name shouldn't be empty")
    return name


def _members(call: Call) -> Mapping[str, Any]:
    """The body, which must have all members of a pool and no other."""
    if not isinstance(call.body, dict) or call.body.keys() != _MEMBERS:
        raise broken(call, f"the body must be an object with {', '.join(sorted(_MEMBERS))}")
    return call.body


def _name(call: Call, name: Any) -> str:
    if not name:
        raise refused(400, "Pool name shouldn't be empty")
    if not isinstance(name, str):
        raise broken(call, f"name: {name!r} is no text")
    if traits(call).names_are_cut and len(name) > _LONGEST:
        raise refused(400, f"Pool name can't be more than {_LONGEST} characters")
    return storable(call, _some(name))


def _slots(call: Call, slots: Any) -> int:
    """The slots as Python makes an integer of them."""
    try:
        number = int(slots)
    except ValueError:
        raise refused(400, f"Bad value for `slots`: {slots}") from None
    except (TypeError, OverflowError):
        raise broken(call, f"slots: {slots!r} is no number") from None
    if not _keeps(number):
        raise broken(call, f"slots: {slots} is beyond what a database holds")
    return number


def _description(call: Call, text: Any) -> str | None:
    """A description as the database keeps it: it makes text of numbers."""
    if isinstance(text, list | dict) or (isinstance(text, int) and not _keeps(text)):
        raise broken(call, f"description: {text!r} is no text")
    return None if text is None else storable(call, str(int(text) if isinstance(text, bool) else text))


def _keeps(number: int) -> bool:
    """Whether a database holds an integer."""
    return -_LARGEST <= number < _LARGEST
