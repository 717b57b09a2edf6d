"""Faults of Airflow 2 in pages, orders and totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.cursors import Step
from mockserver.deviations import STABLE, deviation, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.paging import Rows, resize

if TYPE_CHECKING:
    from mockserver.operations import Call
    from mockserver.stable import StableMock
    from profiles import Profile


def _limit_not_set(profile: Profile) -> bool:
    return admitting(profile) and not profile.is_set("api", "maximum_page_limit")


def _limit_of_its_own(profile: Profile) -> bool:
    return admitting(profile) and profile.page_limit < 100


def _window(mock: StableMock, cut: Callable[[Call, Rows, int, int], Rows]) -> None:
    """Cut pages in another way; `cut` gets the call, the rows, the limit and the offset."""
    wrap(mock.pages, "window", lambda _original, call, rows, limit, offset: cut(call, rows, limit, offset))


@deviation(
    "stable-cap-off-by-one",
    breaks=["STB-PAGE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="A page may hold one item more than the limit.",
)
def cap_off_by_one(mock: StableMock) -> None:
    """Cap one higher."""
    mock.pages.cap += 1


@deviation(
    "stable-cap-too-low",
    breaks=["STB-PAGE-003"],
    applies=admitting,
    apis=STABLE,
    sentence="A page holds one item less than the limit allows.",
)
def cap_too_low(mock: StableMock) -> None:
    """Cap one lower."""
    mock.pages.cap -= 1


@deviation(
    "stable-cap-not-configurable",
    breaks=["STB-PAGE-001"],
    applies=_limit_of_its_own,
    apis=STABLE,
    sentence="The limit is 100 whatever is configured.",
)
def cap_not_configurable(mock: StableMock) -> None:
    """Forget the option."""
    mock.pages.cap = 100


@deviation(
    "stable-cap-default-wrong",
    breaks=["STB-PAGE-002"],
    applies=_limit_not_set,
    apis=STABLE,
    sentence="The limit is 1,000 where none is configured.",
)
def cap_default_wrong(mock: StableMock) -> None:
    """Take another default."""
    mock.pages.cap = 1000


@deviation(
    "stable-cap-ignored-on-variables",
    breaks=["STB-PAGE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="The list of variables is not capped, all others are.",
)
def cap_ignored_on_variables(mock: StableMock) -> None:
    """Forget one collection."""
    resize(mock, lambda size, call, asked: asked if asked and call.operation.id == "get_variables" else size)


@deviation(
    "stable-cap-ignored-after-first-page",
    breaks=["STB-PAGE-001"],
    applies=admitting,
    apis=STABLE,
    sentence="Pages after the first are not capped.",
)
def cap_ignored_after_first_page(mock: StableMock) -> None:
    """Cap the first page only."""
    resize(mock, lambda size, call, asked: asked if asked and call.query.get("offset") else size)


@deviation(
    "stable-negative-limit-accepted",
    breaks=["STB-PAGE-005"],
    applies=admitting,
    apis=STABLE,
    sentence="A negative limit counts as none.",
)
def negative_limit_accepted(mock: StableMock) -> None:
    """Ignore the sign."""
    wrap(mock.pages, "admit", lambda _original, _call: None)
    resize(mock, lambda size, _call, _asked: size if size >= 0 else mock.pages.cap)


@deviation(
    "stable-offset-off-by-one",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="Pages after the first begin one item too late.",
)
def offset_off_by_one(mock: StableMock) -> None:
    """Skip an item."""
    _window(mock, lambda _call, rows, limit, offset: rows[offset + (offset > 0) :][:limit])


@deviation(
    "stable-pages-overlap",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="The last item of a page of connections is the first of the next.",
)
def pages_overlap(mock: StableMock) -> None:
    """Go one back."""
    _window(
        mock,
        lambda call, rows, limit, offset: rows[max(0, offset - (call.operation.id == "get_connections")) :][:limit],
    )


@deviation(
    "stable-batch-always-first-page",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="The list of runs that is asked for by POST does not look at page_offset.",
)
def batch_always_first_page(mock: StableMock) -> None:
    """Forget the body's offset."""

    def cut(call: Call, rows: Rows, limit: int, offset: int) -> Rows:
        return rows[0 if call.operation.id == "get_dag_runs_batch" else offset :][:limit]

    _window(mock, cut)


@deviation(
    "stable-total-is-page-size",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="total_entries is the number of items on the page.",
)
def total_is_page_size(mock: StableMock) -> None:
    """Count what is sent."""
    wrap(mock.pages, "total", lambda _original, _call, _rows, page: len(page))


@deviation(
    "stable-batch-total-is-page-size",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="In a list that is asked for by POST, total_entries is the number of items on the page.",
)
def batch_total_is_page_size(mock: StableMock) -> None:
    """Count what is sent, there alone."""

    def total(original: Callable[..., int], call: Call, rows: Rows, page: Rows) -> int:
        return len(page) if call.operation.method == "POST" else original(call, rows, page)

    wrap(mock.pages, "total", total)


@deviation(
    "stable-total-is-capped",
    breaks=["STB-PAGE-006"],
    applies=admitting,
    apis=STABLE,
    sentence="total_entries is never more than the page limit.",
)
def total_is_capped(mock: StableMock) -> None:
    """Count as far as a page goes."""
    wrap(mock.pages, "total", lambda _original, _call, rows, _page: min(len(rows), mock.pages.cap))


@deviation(
    "stable-descending-ignored",
    breaks=["STB-PAGE-007"],
    applies=admitting,
    apis=STABLE,
    sentence="A descending order of runs ascends.",
)
def descending_ignored(mock: StableMock) -> None:
    """Ignore the sign."""

    def ordered(original: Callable[..., Rows], call: Call, rows: Rows, steps: Sequence[Step]) -> Rows:
        runs = call.operation.id == "get_dag_runs"
        return original(call, rows, [Step(one.key, descends=False) for one in steps] if runs else steps)

    wrap(mock.pages, "ordered", ordered)


@deviation(
    "stable-unknown-order-ignored",
    breaks=["STB-PAGE-007"],
    applies=admitting,
    apis=STABLE,
    sentence="An order that there is not is answered in no order at all.",
)
def unknown_order_ignored(mock: StableMock) -> None:
    """Let it pass."""

    def steps(original: Callable[..., list[Step]], call: Call, names: Sequence[str], keys: Any) -> list[Step]:
        return original(call, [name for name in names if name.lstrip("-") in keys], keys)

    wrap(mock.pages, "steps", steps)
