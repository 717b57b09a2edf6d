"""Faults in walking through a collection by cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.deviations import deviation
from mockserver.deviations.state import around
from mockserver.operations import Call, Handler, Page
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.public import PublicMock


def with_cursors(profile: Profile) -> bool:
    """A version that has cursors."""
    return profile.airflow >= (3, 3)


@deviation(
    "cursor-skips-an-item",
    breaks=["PUB-PAGE-006"],
    applies=with_cursors,
    sentence="A page of runs by cursor lacks its last item, and the next one begins after it.",
)
def cursor_skips_an_item(mock: PublicMock) -> None:
    """Cut one too many where there is more to come."""

    def cut(handler: Handler, call: Call) -> Any:
        page: Page = handler(call)
        if page.extra.get("next_cursor"):
            page.rows = page.rows[:-1]
        return page

    around(mock, "get_dag_runs", cut)
