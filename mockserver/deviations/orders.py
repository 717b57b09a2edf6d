"""Faults in pages and orders of collections that few people look at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mockserver.cursors import Step
from mockserver.deviations import STABLE, Change, deviation, in_both, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.filtering import since_3_1
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.deviations.paging import Rows
    from mockserver.mock import Mock
    from mockserver.operations import Answer, Call
    from mockserver.request import Request

Order = Callable[..., "Rows"]


def ordering(mock: Mock, operation: str, order: Callable[[Order, Call, Rows, Sequence[Step]], Rows]) -> None:
    """Let a list be ordered otherwise."""

    def ordered(original: Order, call: Call, rows: Rows, steps: Sequence[Step]) -> Rows:
        return order(original, call, rows, steps) if call.operation.id == operation else original(call, rows, steps)

    wrap(mock.pages, "ordered", ordered)


def cutting(mock: Mock, operation: str, cut: Callable[[Rows, int, int], Rows]) -> None:
    """Let the pages of a list be cut otherwise; `cut` gets the ordered rows, limit and offset."""

    def window(original: Callable[..., Rows], call: Call, rows: Rows, limit: int, offset: int) -> Rows:
        mine = call.operation.id == operation
        return cut(rows, limit, offset) if mine else original(call, rows, limit, offset)

    wrap(mock.pages, "window", window)


def counting(mock: Mock, operation: str, count: Callable[[int], int]) -> None:
    """Let the total of a list be counted otherwise."""

    def total(original: Callable[..., int], call: Call, rows: Rows, page: Rows) -> int:
        found = original(call, rows, page)
        return count(found) if call.operation.id == operation else found

    wrap(mock.pages, "total", total)


def _rising(steps: Sequence[Step]) -> list[Step]:
    return [Step(one.key, descends=False) for one in steps]


def since_3_3(profile: Profile) -> bool:
    """What earlier ones do not have."""
    return profile.airflow >= (3, 3)


@deviation(
    "batch-never-descends",
    breaks=["PUB-PAGE-007"],
    sentence="The list of runs that is asked for by POST ascends whatever the direction.",
)
def batch_never_descends(mock: Mock) -> None:
    """Ignore the sign."""
    ordering(mock, "get_list_dag_runs_batch", lambda original, call, rows, steps: original(call, rows, _rising(steps)))


@deviation(
    "nulls-in-the-middle",
    breaks=["PUB-PAGE-007"],
    applies=since_3_1,
    sentence="Runs without the date that they are ordered by come after the first one that has it.",
)
def nulls_in_the_middle(mock: Mock) -> None:
    """Move them."""

    def order(original: Order, call: Call, rows: Rows, steps: Sequence[Step]) -> Rows:
        found = list(original(call, rows, steps))
        there = [row for row in found if steps[0].key(row) is not None] if steps else found
        missing = [row for row in found if steps[0].key(row) is None] if steps else []
        return [*there[:1], *missing, *there[1:]]

    ordering(mock, "get_dag_runs", order)


@deviation(
    "second-order-wins",
    breaks=["PUB-PAGE-007"],
    applies=since_3_1,
    sentence="Task instances that are ordered by their state are ordered by their number.",
)
def second_order_wins(mock: Mock) -> None:
    """Forget the order that was asked for, where there are ties."""

    def order(original: Order, call: Call, rows: Rows, steps: Sequence[Step]) -> Rows:
        tied = len({str(step.key(row)) for step in steps for row in rows}) < len(rows)
        return original(call, rows, [] if tied else steps)

    ordering(mock, "get_task_instances", order)


@deviation(
    "last-asset-event-lost",
    breaks=["PUB-PAGE-006"],
    sentence="The last page of asset events lacks its last item.",
)
def last_asset_event_lost(mock: Mock) -> None:
    """Cut one off, but never the only one."""
    cutting(mock, "get_asset_events", lambda rows, limit, offset: rows[: max(1, len(rows) - 1)][offset:][:limit])


@deviation(
    "mapped-pages-repeat",
    breaks=["PUB-PAGE-006"],
    sentence="A page of mapped task instances begins with the last of the page before.",
)
def mapped_pages_repeat(mock: Mock) -> None:
    """Go one back."""
    cutting(mock, "get_mapped_task_instances", lambda rows, limit, offset: rows[max(0, offset - 1) :][:limit])


@deviation(
    "states-are-miscounted",
    breaks=["PUB-PAGE-006"],
    applies=since_3_3,
    sentence="total_entries of a task's states is one more than there are.",
)
def states_are_miscounted(mock: Mock) -> None:
    """Count from the wrong end."""
    counting(mock, "list_task_state_store", lambda total: total + 1)


@deviation(
    "versions-one-per-page",
    breaks=["PUB-PAGE-006"],
    sentence="Every second page of DAG versions is the one before it.",
)
def versions_one_per_page(mock: Mock) -> None:
    """Halve the offset."""
    cutting(mock, "get_dag_versions", lambda rows, limit, offset: rows[offset - offset % (2 * limit or 1) :][:limit])


def _stable(name: str, requirement: str, sentence: str) -> Callable[[Change], Change]:
    return deviation(name, breaks=[requirement], applies=admitting, apis=STABLE, sentence=sentence)


@_stable("stable-users-repeat", "STB-PAGE-006", "A page of users begins with the last of the page before.")
def users_repeat(mock: Mock) -> None:
    """Go one back."""
    cutting(mock, "get_users", lambda rows, limit, offset: rows[max(0, offset - 1) :][:limit])


@_stable("stable-roles-lost", "STB-PAGE-006", "The list of roles lacks the last of them.")
def roles_lost(mock: Mock) -> None:
    """Cut one off."""
    cutting(mock, "get_roles", lambda rows, limit, offset: rows[:-1][offset:][:limit])


@_stable("stable-batch-never-descends", "STB-PAGE-007", "Runs that are listed by POST ascend whatever the direction.")
def stable_batch_never_descends(mock: Mock) -> None:
    """Ignore the sign."""
    ordering(mock, "get_dag_runs_batch", lambda original, call, rows, steps: original(call, rows, _rising(steps)))


@deviation(
    "second-order-ignored",
    breaks=["PUB-PAGE-007"],
    applies=since_3_1,
    sentence="Of two names in order_by of runs the second does not count.",
)
def second_order_ignored(mock: Mock) -> None:
    """Take the first."""
    ordering(mock, "get_dag_runs", lambda order, call, rows, steps: order(call, rows, steps[:1]))


@in_both("tasks-only-rise", breaks="PAGE-007", sentence="A minus in the order of the tasks of a DAG does not count.")
def tasks_only_rise(mock: Mock) -> None:
    """Look at the name alone."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        if request.path.endswith("/tasks"):
            request.query = request.query.replace("order_by=-", "order_by=")
        return original(request)

    wrap(mock, "answer", answer)
