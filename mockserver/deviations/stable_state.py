"""Faults of Airflow 2's memory: what is written and what is then there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import around, kept
from mockserver.errors import ApiError
from mockserver.operations import Call, Handler, Page

if TYPE_CHECKING:
    from mockserver.stable import StableMock


@deviation(
    "stable-created-variable-forgotten",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A variable is created with 200 and is not there.",
)
def created_variable_forgotten(mock: StableMock) -> None:
    """Answer, and keep nothing."""
    around(mock, "post_variables", lambda handler, call: kept(call.world.variables, lambda: handler(call)))


@deviation(
    "stable-changed-connection-forgotten",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A connection is changed with 200 and stays as it was.",
)
def changed_connection_forgotten(mock: StableMock) -> None:
    """Answer, and keep nothing."""
    around(mock, "patch_connection", lambda handler, call: kept(call.world.connections, lambda: handler(call)))


@deviation(
    "stable-variable-not-overwritten",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A variable that is there stays as it was when it is posted again, though the answer is 200.",
)
def variable_not_overwritten(mock: StableMock) -> None:
    """Keep the first."""

    def post(handler: Handler, call: Call) -> Any:
        there = call.body.get("key") in {each.key for each in call.world.variables}
        return kept(call.world.variables, lambda: handler(call)) if there else handler(call)

    around(mock, "post_variables", post)


@deviation(
    "stable-mask-ignored",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A change of a connection with an update mask changes all that the body says.",
)
def mask_ignored(mock: StableMock) -> None:
    """Take the whole body."""

    def patch(handler: Handler, call: Call) -> Any:
        return handler(replace(call, query={**call.query, "update_mask": None}))

    around(mock, "patch_connection", patch)


@deviation(
    "stable-mask-clears-the-rest",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A change of a connection with an update mask clears its login.",
)
def mask_clears_the_rest(mock: StableMock) -> None:
    """Set what the mask does not name to nothing."""

    def patch(handler: Handler, call: Call) -> Any:
        answer = handler(call)
        if call.query.get("update_mask"):
            for one in call.world.connections:
                if one.connection_id == call.path["connection_id"]:
                    one.login = None
        return answer

    around(mock, "patch_connection", patch)


@deviation(
    "stable-deleted-pool-listed",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A pool that was deleted is found no more, but listed still.",
)
def deleted_pool_listed(mock: StableMock) -> None:
    """Keep it in the list."""
    gone: list[Any] = []

    def delete(handler: Handler, call: Call) -> Any:
        named = [each for each in call.world.pools if each.name == call.path["pool_name"]]
        answer = handler(call)
        gone.extend(named)
        return answer

    def page(original: Callable[..., Page], call: Call, rows: Any, **options: Any) -> Page:
        return original(call, [*rows, *gone] if call.operation.id == "get_pools" else rows, **options)

    around(mock, "delete_pool", delete)
    wrap(mock.pages, "page", page)


@deviation(
    "stable-newest-pool-missing",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="The list of pools lacks the one that was created last.",
)
def newest_pool_missing(mock: StableMock) -> None:
    """Be late."""

    def page(original: Callable[..., Page], call: Call, rows: Any, **options: Any) -> Page:
        late = call.operation.id == "get_pools" and len(rows) > 1
        return original(call, list(rows)[:-1] if late else rows, **options)

    wrap(mock.pages, "page", page)


@deviation(
    "stable-deleted-user-stays",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A user is deleted with 204 and is still there.",
)
def deleted_user_stays(mock: StableMock) -> None:
    """Answer, and keep everything."""
    around(mock, "delete_user", lambda handler, call: kept(call.world.users, lambda: handler(call)))


@deviation(
    "stable-refused-pool-overwrites",
    breaks=["STB-STATE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A second pool of a name is refused with 409, and has changed the slots of the first.",
)
def refused_pool_overwrites(mock: StableMock) -> None:
    """Write first."""

    def post(handler: Handler, call: Call) -> Any:
        try:
            return handler(call)
        except ApiError as refusal:
            for pool in call.world.pools:
                if refusal.status == 409 and pool.name == call.body["name"]:
                    pool.slots = call.body["slots"]
            raise

    around(mock, "post_pool", post)
