"""Faults of what is written: a part of it is lost, or more is changed than was said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, in_both, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import afterwards, around
from mockserver.errors import ApiError
from mockserver.operations import Call, Handler, Page
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock


def admitting_lately(profile: Profile) -> bool:
    """Somebody is let in, and variables and runs have descriptions and notes."""
    return admitting(profile) and profile.airflow >= (2, 8)


def changed(mock: Mock, operation: str, spoil: Callable[[Call, Any, dict[str, Any]], None]) -> None:
    """Let `spoil` change what an operation has changed; it also gets what the record was before."""

    def change(handler: Handler, call: Call) -> Any:
        found = _named(call)
        was = {key: value for key, value in vars(found).items() if key != "cache"} if found else {}
        answer = handler(call)
        if found:
            spoil(call, found, was)
        return answer

    around(mock, operation, change)


def unsaid(call: Call, member: str) -> bool:
    """A request says nothing of a member."""
    return member not in call.body


def unsaid_without_a_mask(call: Call, member: str) -> bool:
    """A request says nothing of a member, and names none of the members that it is about."""
    return unsaid(call, member) and not call.query.get("update_mask")


def not_in_the_mask(call: Call, member: str) -> bool:
    """A request names the members that it is about, and this is none of them."""
    return member not in (call.query.get("update_mask") or [member])


def clearing(mock: Mock, operation: str, member: str, when: Callable[[Call, str], bool] = unsaid) -> None:
    """Let an operation set a member of what it changes to nothing."""

    def spoil(call: Call, record: Any, _was: dict[str, Any]) -> None:
        if when(call, member):
            setattr(record, member, None)

    changed(mock, operation, spoil)


def _named(call: Call) -> Any:
    world, path = call.world, call.path
    for store, name in (
        (world.pools, "pool_name"),
        (world.variables, "variable_key"),
        (world.connections, "connection_id"),
    ):
        if name in path:
            return store.get(path[name])
    return world.runs.get((path.get("dag_id", ""), path.get("dag_run_id", "")))


@in_both(
    "masked-change-clears-description",
    breaks="STATE-001",
    applies=admitting_lately,
    sentence="A change of a pool with an update mask clears its description.",
)
def masked_change_clears_description(mock: Mock) -> None:
    """Set what the mask does not name to nothing."""
    clearing(mock, "patch_pool", "description", not_in_the_mask)


@in_both(
    "unsaid-port-reset",
    breaks="STATE-001",
    sentence="A change of a connection that does not say its port takes the port away.",
)
def unsaid_port_reset(mock: Mock) -> None:
    """Take what is absent for null."""
    clearing(mock, "patch_connection", "port", unsaid_without_a_mask)


@in_both(
    "description-lost-on-change",
    breaks="STATE-001",
    applies=admitting_lately,
    sentence="A variable whose value is changed loses the description that the change does not mention.",
)
def description_lost_on_change(mock: Mock) -> None:
    """Create the variable anew."""
    clearing(mock, "patch_variable", "description")


@in_both(
    "no-slots-taken-for-one",
    breaks="STATE-001",
    sentence="A pool that is changed to 0 slots keeps those it had.",
)
def no_slots_taken_for_one(mock: Mock) -> None:
    """Take zero for nothing said."""

    def keep(_call: Call, pool: Any, was: dict[str, Any]) -> None:
        pool.slots = pool.slots or was["slots"]

    changed(mock, "patch_pool", keep)


@deviation(
    "state-clears-note",
    breaks=["PUB-STATE-001"],
    sentence="A run whose state is set loses its note.",
)
def state_clears_note(mock: Mock) -> None:
    """Forget the note."""
    clearing(mock, "patch_dag_run", "note")


@deviation(
    "stable-state-clears-note",
    breaks=["STB-STATE-001"],
    applies=admitting_lately,
    apis=STABLE,
    sentence="A run whose state is set loses its note.",
)
def stable_state_clears_note(mock: Mock) -> None:
    """Forget the note."""
    clearing(mock, "update_dag_run_state", "note")


@in_both(
    "refused-connection-overwrites",
    breaks="STATE-001",
    sentence="A second connection of a name is refused with 409, and has changed the host of the first.",
)
def refused_connection_overwrites(mock: Mock) -> None:
    """Write first."""

    def post(handler: Handler, call: Call) -> Any:
        try:
            return handler(call)
        except ApiError:
            there = call.world.connections.get(call.body["connection_id"])
            if there and call.body.get("host"):
                there.host = call.body["host"]
            raise

    around(mock, "post_connection", post)


@in_both(
    "neighbour-deleted-too",
    breaks="STATE-001",
    sentence="With a pool goes a pool whose name begins with its name.",
)
def neighbour_deleted_too(mock: Mock) -> None:
    """Delete by prefix."""

    def delete(call: Call, _answer: Any) -> None:
        for pool in call.world.pools:
            if pool.name.startswith(call.path["pool_name"]):
                call.world.pools.remove(pool.name)

    afterwards(mock, "delete_pool", delete)


@in_both(
    "deleted-connection-listed",
    breaks="STATE-001",
    sentence="A connection that was deleted is found no more, but listed still.",
)
def deleted_connection_listed(mock: Mock) -> None:
    """Keep it in the list."""
    gone: list[Any] = []

    def delete(handler: Handler, call: Call) -> Any:
        named = call.world.connections.get(call.path["connection_id"])
        answer = handler(call)
        gone.extend([named] if named else [])
        return answer

    def page(original: Callable[..., Page], call: Call, rows: Any, **options: Any) -> Page:
        pattern = call.query.get("connection_id_pattern") or ""
        ghosts = [one for one in gone if pattern in one.connection_id]
        return original(call, [*rows, *ghosts] if call.operation.id == "get_connections" else rows, **options)

    around(mock, "delete_connection", delete)
    wrap(mock.pages, "page", page)


@deviation(
    "total-counts-the-deleted",
    breaks=["PUB-STATE-001"],
    sentence="The total of the list of variables still counts the one that was deleted last.",
)
def total_counts_the_deleted(mock: Mock) -> None:
    """Count too late."""
    gone: list[str] = []

    def delete(call: Call, _answer: Any) -> None:
        gone[:] = [call.path["variable_key"]]

    def total(original: Callable[..., int], call: Call, rows: Any, page: Any) -> int:
        pattern = call.query.get("variable_key_pattern") or "\0"
        late = call.operation.id == "get_variables" and any(pattern in key for key in gone)
        return original(call, rows, page) + late

    afterwards(mock, "delete_variable", delete)
    wrap(mock.pages, "total", total)


@in_both(
    "ports-ordered-as-texts",
    breaks="STATE-001",
    sentence="Connections are ordered by their ports as by texts.",
)
def ports_ordered_as_texts(mock: Mock) -> None:
    """Compare the digits."""

    def page(original: Callable[..., Page], call: Call, rows: Any, *, order: Any, **options: Any) -> Page:
        if call.operation.id == "get_connections":
            order = {**order, "port": lambda one: None if one.port is None else str(one.port)}
        return original(call, rows, order=order, **options)

    wrap(mock.pages, "page", page)


@deviation(
    "order-of-age-is-of-names",
    breaks=["PUB-STATE-001"],
    sentence="Runs that are to be in the order of their creation are in that of their ids.",
)
@deviation(
    "stable-order-of-age-is-of-names",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="Variables that are to be in the order of their creation are in that of their keys.",
)
def order_of_age_is_of_names(mock: Mock) -> None:
    """Sort by what is at hand."""
    keys: dict[str, Callable[[Any], str]] = {
        "get_dag_runs": lambda run: run.run_id,
        "get_variables": lambda one: one.key,
    }
    if mock.profile.api in STABLE:
        del keys["get_dag_runs"]

    def page(original: Callable[..., Page], call: Call, rows: Any, *, order: Any, **options: Any) -> Page:
        if call.operation.id in keys and "id" in order:
            order = {**order, "id": keys[call.operation.id]}
        return original(call, rows, order=order, **options)

    wrap(mock.pages, "page", page)


@deviation(
    "pattern-minds-case",
    breaks=["PUB-STATE-001"],
    sentence="Pools that are narrowed to a part of their name have to have it in the same case.",
)
def pattern_minds_case(mock: Mock) -> None:
    """Compare as it stands."""

    def show(handler: Handler, call: Call) -> Any:
        found: Page = handler(call)
        pattern = call.query.get("pool_name_pattern") or ""
        rows = [pool for pool in found.rows if pattern in pool.name]
        return Page(found.key, rows, found.view, found.total, found.extra)

    around(mock, "get_pools", show)


@deviation(
    "stable-old-name-stays",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A pool that gets another name is there under its old one, too.",
)
def old_name_stays(mock: Mock) -> None:
    """Copy it."""

    def patch(handler: Handler, call: Call) -> Any:
        store, name = call.world.pools, call.path["pool_name"]
        was = store.get(name)
        copy = replace(was, number=store.next_id()) if was else None
        answer = handler(call)
        if copy and name not in store:
            store.add(name, copy)
        return answer

    around(mock, "patch_pool", patch)


@deviation(
    "stable-masked-user-changed-whole",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A change of a user with a mask for the first name changes the last name, too.",
)
def masked_user_changed_whole(mock: Mock) -> None:
    """Look at half of the mask."""

    def change(call: Call, _answer: Any) -> None:
        user = call.world.users.named(call.path["username"])
        if call.query.get("update_mask") and user:
            user.last_name = call.body["last_name"]

    afterwards(mock, "patch_user", change)


@deviation(
    "null-value-forgotten",
    breaks=["PUB-STATE-001"],
    sentence="An XCom whose value is null is created with 201 and is not there.",
)
def null_value_forgotten(mock: Mock) -> None:
    """Take null for nothing."""

    def forget(call: Call, _answer: Any) -> None:
        for xcom in call.world.xcoms:
            if xcom.value is None:
                call.world.xcoms.remove(xcom.full_key)

    afterwards(mock, "create_xcom_entry", forget)


@deviation(
    "state-of-one-asset-for-all",
    breaks=["PUB-STATE-001"],
    sentence="Deleting a key of an asset's state store deletes the one that was set last.",
)
def state_of_one_asset_for_all(mock: Mock) -> None:
    """Take the wrong one."""

    def delete(handler: Handler, call: Call) -> Any:
        there = [key for key, _ in call.world.states.items() if key[0] == "asset"]
        last = next(reversed(there), None)
        return handler(replace(call, path={**call.path, "key": last[-1]})) if last else handler(call)

    around(mock, "delete_asset_state_store", delete)
