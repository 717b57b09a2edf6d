"""Faults in walking through a collection by cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from mockserver.deviations import deviation, wrap
from mockserver.deviations.state import around
from mockserver.operations import Answer, Call, Handler, Page
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.public import PublicMock
    from mockserver.request import Request

Pairs = list[tuple[str, str]]


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


def _asked(mock: PublicMock, change: Callable[[Pairs], Pairs]) -> None:
    """Let lists be asked for otherwise where a cursor is given; `change` gets the pairs of the query."""

    def answer(original: Callable[[Request], Answer], request: Request) -> Answer:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        if any(name == "cursor" for name, _ in pairs):
            request.query = urlencode(change(pairs))
        return original(request)

    wrap(mock, "answer", answer)


@deviation(
    "cursor-forgets-a-filter",
    breaks=["PUB-PAGE-006"],
    applies=with_cursors,
    sentence="From the second page by cursor on the filter by state is not looked at.",
)
def cursor_forgets_a_filter(mock: PublicMock) -> None:
    """Remember the place alone."""

    def change(pairs: Pairs) -> Pairs:
        return [pair for pair in pairs if pair[0] != "state"] if dict(pairs)["cursor"] else pairs

    _asked(mock, change)


@deviation(
    "cursor-forgets-the-order",
    breaks=["PUB-PAGE-006"],
    applies=with_cursors,
    sentence="By cursor a list comes in the order of the ids, whatever order is asked for.",
)
def cursor_forgets_the_order(mock: PublicMock) -> None:
    """Know one order."""
    _asked(mock, lambda pairs: [pair for pair in pairs if pair[0] != "order_by"])


@deviation(
    "way-back-skips-an-item",
    breaks=["PUB-PAGE-006"],
    applies=with_cursors,
    sentence="A page of runs on the way back by cursor lacks the item next to where it came from.",
)
def way_back_skips_an_item(mock: PublicMock) -> None:
    """Begin one too far."""

    def cut(handler: Handler, call: Call) -> Any:
        page: Page = handler(call)
        if str(call.query.get("cursor") or "").startswith("~"):
            page.rows = page.rows[:-1]
        return page

    around(mock, "get_dag_runs", cut)
