"""Faults of the experimental API in keeping pools."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any

from mockserver.deviations import wrap
from mockserver.deviations.experimental import (
    answered,
    around,
    asked,
    experimental,
    instead,
    member,
    refused,
    with_body,
    with_path,
)
from mockserver.errors import ApiError, Crash, PlainError
from mockserver.operations import Call, Handler
from mockserver.rendering import JSON
from mockserver.world.pools import DEFAULT, Pool


def _there(call: Call) -> Pool | None:
    """The pool that the body names, if there is one."""
    found: Pool | None = call.world.pools.get(str(member(call, "name")))
    return found


# ---- created ---------------------------------------------------------------------------------------------------------


@experimental("pool-twice", "EXP-POOL-006", "A pool that is created again is listed twice.")
def pool_twice(mock: Any) -> None:
    """Insert, rather than change."""
    again: list[Any] = []

    def create(handler: Handler, call: Call) -> Any:
        there = _there(call)
        answer = handler(call)
        again.extend([answer] if there else [])
        return answer

    around(mock, "create_pool", create)
    answered(mock, "get_pools", lambda _, pools: [*pools, *again])


@experimental(
    "pool-first-wins", "EXP-POOL-006", "A pool that is created again stays as it was, though the answer has the new."
)
def pool_first_wins(mock: Any) -> None:
    """Insert or ignore."""

    def create(handler: Handler, call: Call) -> Any:
        there = _there(call)
        before = (there.slots, there.description) if there else None
        answer = handler(call)
        if there and before:
            there.slots, there.description = before
        return answer

    around(mock, "create_pool", create)


@experimental("pool-description-forgotten", "EXP-POOL-006", "A pool that is created again keeps its old description.")
def pool_description_forgotten(mock: Any) -> None:
    """Change the slots only."""

    def create(call: Call) -> Call:
        there = _there(call)
        return with_body(call, description=there.description) if there else call

    asked(mock, "create_pool", create)


@experimental(
    "pool-null-keeps", "EXP-POOL-006", "A pool that is created again without a description keeps the one it has."
)
def pool_null_keeps(mock: Any) -> None:
    """Take null for "leave it"."""

    def create(call: Call) -> Call:
        there = _there(call)
        unset = there is not None and member(call, "description") is None
        return with_body(call, description=there.description) if there and unset else call

    asked(mock, "create_pool", create)


@experimental(
    "pool-no-slots-keeps", "EXP-POOL-006", "A pool that is created again with no slots keeps those that it has."
)
def pool_no_slots_keeps(mock: Any) -> None:
    """Take 0 for "not given"."""

    def create(call: Call) -> Call:
        there = _there(call)
        return with_body(call, slots=there.slots) if there and member(call, "slots") == 0 else call

    asked(mock, "create_pool", create)


@experimental(
    "pool-changes-all", "EXP-POOL-006", "A pool that is created again changes every pool whose name begins so."
)
def pool_changes_all(mock: Any) -> None:
    """Update by a prefix."""

    def create(handler: Handler, call: Call) -> Any:
        there, answer = _there(call), handler(call)
        for pool in call.world.pools:
            if there and pool.name.startswith(there.name):
                pool.slots = there.slots
        return answer

    around(mock, "create_pool", create)


@experimental("pool-unlisted", "EXP-POOL-002", "The list of pools lacks the one that was created last.")
def pool_unlisted(mock: Any) -> None:
    """Be late."""
    answered(mock, "get_pools", lambda _, pools: pools[:-1] if len(pools) > 1 else pools)


@experimental("pool-name-plus-is-blank", "EXP-POOL-005", "A plus in the name of a pool is read as a blank, in paths.")
def pool_name_plus_is_blank(mock: Any) -> None:
    """Decode the path as if it was a form."""
    for operation in ("get_pool", "delete_pool"):
        asked(mock, operation, lambda call: with_path(call, name=call.path["name"].replace("+", " ")))


@experimental("pool-name-ascii", "EXP-POOL-005", "A pool whose name is not all ASCII is refused.")
def pool_name_ascii(mock: Any) -> None:
    """Know one alphabet."""

    def create(handler: Handler, call: Call) -> Any:
        if not str(member(call, "name")).isascii():
            raise PlainError(400, "the name has letters that no name has")
        return handler(call)

    around(mock, "create_pool", create)


@experimental(
    "pool-without-a-description", "EXP-POOL-002 EXP-POOL-005", "A pool whose description is null gets an empty one."
)
def pool_without_a_description(mock: Any) -> None:
    """Take null for an empty text."""
    asked(mock, "create_pool", lambda call: with_body(call, description=member(call, "description") or ""))


@experimental("pool-markup-escaped", "EXP-POOL-005", "The description of a pool is kept with its markup escaped.")
def pool_markup_escaped(mock: Any) -> None:
    """Write for a page."""

    def create(call: Call) -> Call:
        text = member(call, "description")
        return with_body(call, description=text.replace("&", "&amp;").replace("<", "&lt;")) if text else call

    asked(mock, "create_pool", create)


@experimental("pool-null-slots", "EXP-POOL-007", "A pool whose slots are null is created, with none.")
def pool_null_slots(mock: Any) -> None:
    """Take nothing for nothing."""

    def create(call: Call) -> Call:
        unset = isinstance(call.body, dict) and call.body.get("slots", "") is None
        return with_body(call, slots=0) if unset else call

    asked(mock, "create_pool", create)


@experimental("pool-refused-changes", "EXP-POOL-007", "A pool whose new slots are refused has the new description.")
def pool_refused_changes(mock: Any) -> None:
    """Write member by member."""

    def describe(call: Call, _error: ApiError | Crash) -> None:
        if (there := _there(call)) and isinstance(text := member(call, "description"), str):
            there.description = text

    refused(mock, "create_pool", describe)


@experimental("pool-broken-json", "EXP-POOL-007", "A body that ends too early is taken for the pool that it has.")
def pool_broken_json(mock: Any) -> None:
    """Close what was left open."""
    operate = mock.experimental.operate

    def lenient(operation: Any, request: Any) -> Any:
        answer = operate(operation, request)
        if operation.id == "create_pool" and answer.status == 400 and request.body and not request.body.endswith(b"}"):
            request.body += b"}"
            answer = operate(operation, request)
        return answer

    mock.experimental.operate = lenient


@experimental("broken-json-breaks", "EXP-RUN-008 EXP-POOL-007", "A body that is no JSON is an error of the server.")
def broken_json_breaks(mock: Any) -> None:
    """Do not expect it."""

    def careless(operate: Any, operation: Any, request: Any) -> Any:
        answer = operate(operation, request)
        if operation.body is not None and answer.status == 400 and answer.media != JSON:
            raise Crash("no JSON")
        return answer

    wrap(mock.experimental, "operate", careless)


# ---- shown and deleted -----------------------------------------------------------------------------------------------


@experimental("pool-found-by-prefix", "EXP-POOL-003", "A pool is found by the beginning of its name.")
def pool_found_by_prefix(mock: Any) -> None:
    """Search for what is like it."""

    def near(call: Call) -> Call:
        name = call.path["name"]
        found = [pool.name for pool in call.world.pools if pool.name.startswith(name)]
        return with_path(call, name=found[0]) if found and not call.world.pools.get(name) else call

    asked(mock, "get_pool", near)


@experimental("pool-shown-bare", "EXP-POOL-004", "Asked for by its name a pool is shown without its description.")
def pool_shown_bare(mock: Any) -> None:
    """Leave it out."""
    answered(mock, "get_pool", lambda _, answer: {**answer, "description": None})


@experimental("default-pool-unlisted", "EXP-POOL-001", "The list of pools lacks the default pool.")
def default_pool_unlisted(mock: Any) -> None:
    """List what users made."""
    answered(mock, "get_pools", lambda _, pools: [pool for pool in pools if pool["pool"] != DEFAULT])


@experimental(
    "deleted-by-prefix", "EXP-POOL-008", "With a pool every other is deleted whose name begins with its name."
)
def deleted_by_prefix(mock: Any) -> None:
    """Delete by a prefix."""
    _deleting(mock, lambda name, other: other.startswith(name))


@experimental("deleted-by-pattern", "EXP-POOL-008", "The name of a pool to delete is a pattern of SQL.")
def deleted_by_pattern(mock: Any) -> None:
    """Delete what is LIKE it."""

    def like(name: str, other: str) -> bool:
        return fnmatchcase(other, name.replace("*", "[*]").replace("%", "*").replace("_", "?"))

    _deleting(mock, like)


def _deleting(mock: Any, fits: Any) -> None:
    def delete(handler: Handler, call: Call) -> Any:
        answer = handler(call)
        for name in [pool.name for pool in call.world.pools if pool.name != DEFAULT]:
            if fits(call.path["name"], name):
                call.world.pools.remove(name)
        return answer

    around(mock, "delete_pool", delete)


@experimental("deleted-pool-listed", "EXP-POOL-008", "A pool that was deleted is found no more, but listed still.")
def deleted_pool_listed(mock: Any) -> None:
    """Keep it in the list."""
    gone: list[Any] = []

    def delete(_: Call, answer: Any) -> Any:
        gone.append(answer)
        return answer

    answered(mock, "delete_pool", delete)
    answered(mock, "get_pools", lambda _, pools: [*pools, *gone])


@experimental("unknown-pool-deleted", "EXP-POOL-009", "To delete a pool that there is not is answered with success.")
def unknown_pool_deleted(mock: Any) -> None:
    """Be idempotent."""

    def absent(call: Call) -> Any:
        name = call.path["name"]
        gone = {"description": None, "id": 0, "pool": name, "slots": 0}
        return None if call.world.pools.get(name) else gone

    instead(mock, "delete_pool", absent)


@experimental(
    "pool-of-never-deleted",
    "EXP-POOL-009",
    "To delete a pool that there never was is answered with success; one that was deleted is not found.",
)
def pool_of_never_deleted(mock: Any) -> None:
    """Know what was deleted, and take the rest for done."""
    gone: set[str] = set()

    def deleted(handler: Handler, call: Call) -> Any:
        name = call.path["name"]
        if call.world.pools.get(name) or name in gone:
            gone.add(name)
            return handler(call)
        return {"description": None, "id": 0, "pool": name, "slots": 0}

    around(mock, "delete_pool", deleted)
