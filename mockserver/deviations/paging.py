"""Faults in how collections are cut, counted and ordered."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.cursors import Step
from mockserver.deviations import deviation, wrap
from mockserver.deviations.conditions import capping, capping_by_default
from mockserver.errors import ApiError, Crash

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.operations import Call
    from mockserver.public import PublicMock
    from mockserver.validation import Checked

Rows = Sequence[Any]
_HUGE = 10**6


def resize(mock: Mock, change: Callable[[int, Call, int | None], int]) -> None:
    """Change how many items a page may hold; `change` gets that number, the call, and the limit asked for."""
    wrap(mock.pages, "size", lambda original, call, asked: change(original(call, asked), call, asked))


def _window(mock: PublicMock, cut: Callable[[Rows, int, int], Rows]) -> None:
    """Cut pages in another way; `cut` gets the ordered rows, limit and offset."""
    wrap(mock.pages, "window", lambda _original, _call, rows, limit, offset: cut(rows, limit, offset))


@deviation("cap-ignored", breaks=["PUB-PAGE-001"], applies=capping, sentence="Pages are as large as the request wants.")
def cap_ignored(mock: PublicMock) -> None:
    """Do not cap."""
    mock.pages.caps_lists = False


@deviation(
    "cap-off-by-one", breaks=["PUB-PAGE-001"], applies=capping, sentence="A page may hold one item more than the limit."
)
def cap_off_by_one(mock: PublicMock) -> None:
    """Cap one higher."""
    mock.pages.cap += 1


@deviation(
    "cap-too-low",
    breaks=["PUB-PAGE-003"],
    applies=capping,
    sentence="A page holds one item less than the limit allows.",
)
def cap_too_low(mock: PublicMock) -> None:
    """Cap one lower."""
    mock.pages.cap -= 1


@deviation(
    "cap-not-configurable",
    breaks=["PUB-PAGE-001", "PUB-PAGE-003"],
    applies=lambda profile: capping(profile) and profile.page_limit != 100,
    sentence="The limit is 100 whatever is configured.",
)
def cap_not_configurable(mock: PublicMock) -> None:
    """Forget the option."""
    mock.pages.cap = 100


@deviation(
    "cap-default-wrong",
    breaks=["PUB-PAGE-002"],
    applies=capping_by_default,
    sentence="The limit is 1,000 where none is configured.",
)
def cap_default_wrong(mock: PublicMock) -> None:
    """Take another default."""
    mock.pages.cap = 1000


@deviation(
    "cap-ignored-on-variables",
    breaks=["PUB-PAGE-001"],
    applies=capping,
    sentence="The list of variables is not capped, all others are.",
)
def cap_ignored_on_variables(mock: PublicMock) -> None:
    """Forget one collection."""
    resize(mock, lambda size, call, asked: asked if asked and call.operation.id == "get_variables" else size)


@deviation(
    "cap-ignored-when-huge",
    breaks=["PUB-PAGE-001"],
    applies=capping,
    sentence="A limit of a million or more is not capped.",
)
def cap_ignored_when_huge(mock: PublicMock) -> None:
    """Treat large numbers as: all."""
    resize(mock, lambda size, _call, asked: asked if asked is not None and asked >= _HUGE else size)


@deviation(
    "cap-ignored-with-offset",
    breaks=["PUB-PAGE-001"],
    applies=capping,
    sentence="Pages after the first are not capped.",
)
def cap_ignored_with_offset(mock: PublicMock) -> None:
    """Cap the first page only."""
    resize(mock, lambda size, call, asked: asked if asked and call.query.get("offset") else size)


@deviation(
    "cap-ignored-with-order",
    breaks=["PUB-PAGE-001"],
    applies=capping,
    sentence="A page in descending order is not capped.",
)
def cap_ignored_with_order(mock: PublicMock) -> None:
    """Cap the ascending only."""

    def descends(call: Call) -> bool:
        return any(str(name).startswith("-") for name in call.query.get("order_by") or ())

    resize(mock, lambda size, call, asked: asked if asked and descends(call) else size)


@deviation(
    "default-page-not-capped",
    breaks=["PUB-PAGE-001"],
    applies=capping,
    sentence="A request that names no limit gets the whole collection.",
)
def default_page_not_capped(mock: PublicMock) -> None:
    """Send all."""
    mock.pages.caps_lists = True

    def size(original: Callable[..., int], call: Call, asked: int | None) -> int:
        named = call.operation.method == "POST" or "limit=" in call.raw_query
        return original(call, asked) if named else _HUGE

    wrap(mock.pages, "size", size)


@deviation(
    "zero-limit-means-all", breaks=["PUB-PAGE-001"], applies=capping, sentence="limit=0 gives the whole collection."
)
def zero_limit_means_all(mock: PublicMock) -> None:
    """Take zero for none."""
    resize(mock, lambda size, _call, asked: _HUGE if asked == 0 else size)


def _lift(mock: PublicMock, fits: Callable[[str], bool]) -> None:
    """Take a limit that is not valid for one that is not there."""

    def check(original: Callable[..., Checked], *arguments: Any, **options: Any) -> Checked:
        try:
            return original(*arguments, **options)
        except ApiError as refusal:
            request = arguments[2]
            errors = refusal.detail if isinstance(refusal.detail, list) else []
            if not errors or any(one["loc"] != ["query", "limit"] or not fits(str(one["input"])) for one in errors):
                raise
            kept = "&".join(pair for pair in request.query.split("&") if not pair.startswith("limit="))
            request.query = f"{kept}&limit={mock.pages.cap}".lstrip("&")
            return original(*arguments, **options)

    wrap(mock.validator, "check", check)


@deviation("negative-limit-accepted", breaks=["PUB-PAGE-005"], sentence="A negative limit counts as none.")
def negative_limit_accepted(mock: PublicMock) -> None:
    """Ignore the sign."""
    _lift(mock, lambda text: text.startswith("-"))


@deviation("limit-text-accepted", breaks=["PUB-PAGE-005"], sentence="A limit that is no number counts as none.")
def limit_text_accepted(mock: PublicMock) -> None:
    """Ignore what is not understood."""
    _lift(mock, lambda text: not text.lstrip("-").isdigit())


@deviation("negative-offset-crashes", breaks=["PUB-PAGE-005"], sentence="A negative offset is an error of the server.")
def negative_offset_crashes(mock: PublicMock) -> None:
    """Give it to the database."""

    def check(original: Callable[..., Checked], *arguments: Any, **options: Any) -> Checked:
        try:
            return original(*arguments, **options)
        except ApiError as refusal:
            errors = refusal.detail if isinstance(refusal.detail, list) else []
            if any(one["loc"] == ["query", "offset"] for one in errors):
                raise Crash("a negative offset") from None
            raise

    wrap(mock.validator, "check", check)


@deviation("offset-ignored", breaks=["PUB-PAGE-006"], sentence="Every page is the first.")
def offset_ignored(mock: PublicMock) -> None:
    """Cut at the beginning."""
    _window(mock, lambda rows, limit, _offset: rows[:limit])


@deviation("offset-off-by-one", breaks=["PUB-PAGE-006"], sentence="Pages after the first begin one item too late.")
def offset_off_by_one(mock: PublicMock) -> None:
    """Skip an item."""
    _window(mock, lambda rows, limit, offset: rows[offset + (offset > 0) :][:limit])


@deviation("offset-counts-pages", breaks=["PUB-PAGE-006"], sentence="offset counts pages, not items.")
def offset_counts_pages(mock: PublicMock) -> None:
    """Multiply."""
    _window(mock, lambda rows, limit, offset: rows[offset * limit :][:limit])


@deviation("pages-overlap", breaks=["PUB-PAGE-006"], sentence="The last item of a page is the first of the next.")
def pages_overlap(mock: PublicMock) -> None:
    """Go one back."""
    _window(mock, lambda rows, limit, offset: rows[max(0, offset - 1) :][:limit])


@deviation("last-page-lost", breaks=["PUB-PAGE-006"], sentence="A last page that is not full is empty.")
def last_page_lost(mock: PublicMock) -> None:
    """Give full pages only."""
    _window(
        mock, lambda rows, limit, offset: rows[offset:][:limit] if offset + limit <= len(rows) or not offset else []
    )


@deviation("total-is-page-size", breaks=["PUB-PAGE-006"], sentence="total_entries is the number of items on the page.")
def total_is_page_size(mock: PublicMock) -> None:
    """Count what is sent."""
    wrap(mock.pages, "total", lambda _original, _call, _rows, page: len(page))


@deviation("total-shrinks", breaks=["PUB-PAGE-006"], sentence="total_entries is what is left from the offset on.")
def total_shrinks(mock: PublicMock) -> None:
    """Count the rest."""
    wrap(mock.pages, "total", lambda _original, call, rows, _page: max(0, len(rows) - (call.query.get("offset") or 0)))


@deviation(
    "total-is-capped",
    breaks=["PUB-PAGE-006"],
    applies=capping,
    sentence="total_entries is never more than the page limit.",
)
def total_is_capped(mock: PublicMock) -> None:
    """Count as far as a page goes."""
    wrap(mock.pages, "total", lambda _original, _call, rows, _page: min(len(rows), mock.pages.cap))


def _order(mock: PublicMock, change: Callable[[Callable[..., Rows], Call, Rows, list[Step]], Rows]) -> None:
    """Order in another way; `change` gets the right ordering, the call, the rows and the steps."""
    wrap(mock.pages, "ordered", change)


@deviation("order-ignored", breaks=["PUB-PAGE-007"], sentence="order_by is read and not followed.")
def order_ignored(mock: PublicMock) -> None:
    """Leave the rows as they are."""
    _order(mock, lambda _original, _call, rows, _steps: rows)


@deviation(
    "unknown-descending-order-ignored",
    breaks=["PUB-PAGE-007"],
    sentence="A descending order that there is not is answered in no order at all; an ascending one is refused.",
)
def unknown_descending_order_ignored(mock: PublicMock) -> None:
    """Look for the name only where it stands without a sign."""

    def steps(original: Callable[..., list[Step]], call: Call, names: Sequence[str], keys: Any) -> list[Step]:
        return original(call, [name for name in names if name[:1] != "-" or name[1:] in keys], keys)

    wrap(mock.pages, "steps", steps)


@deviation("descending-ignored", breaks=["PUB-PAGE-007"], sentence="A descending order ascends.")
def descending_ignored(mock: PublicMock) -> None:
    """Ignore the sign."""
    _order(
        mock, lambda original, call, rows, steps: original(call, rows, [Step(one.key, descends=False) for one in steps])
    )


@deviation(
    "order-within-page",
    breaks=["PUB-PAGE-007", "PUB-PAGE-006"],
    sentence="Only the items of a page are ordered, not the collection.",
)
def order_within_page(mock: PublicMock) -> None:
    """Cut first."""
    steps_of: list[tuple[Any, list[Step]]] = []

    def ordered(_original: Callable[..., Rows], call: Call, rows: Rows, steps: list[Step]) -> Rows:
        steps_of[:] = [(call, steps)]
        return rows

    right = mock.pages.ordered
    _order(mock, ordered)
    wrap(
        mock.pages,
        "window",
        lambda original, call, rows, limit, offset: right(call, original(call, rows, limit, offset), steps_of[0][1]),
    )


@deviation(
    "order-by-key-wrong", breaks=["PUB-PAGE-007"], sentence="Variables ordered by key come by a checksum of the key."
)
def order_by_key_wrong(mock: PublicMock) -> None:
    """Compare something else."""

    def ordered(original: Callable[..., Rows], call: Call, rows: Rows, steps: list[Step]) -> Rows:
        if call.operation.id != "get_variables" or "key" not in call.raw_query:
            return original(call, rows, steps)
        return original(call, rows, [Step(lambda row: zlib.crc32(row.key.encode()), one.descends) for one in steps])

    _order(mock, ordered)


@deviation(
    "ties-shuffled",
    breaks=["PUB-PAGE-006"],
    sentence="Items that are equal in the order come in another sequence on each page.",
)
def ties_shuffled(mock: PublicMock) -> None:
    """Break ties anew for each request."""
    turn = [0]

    def ordered(original: Callable[..., Rows], call: Call, rows: Rows, steps: list[Step]) -> Rows:
        turn[0] += 1
        shift = turn[0] % max(1, len(rows))
        return original(call, [*rows[shift:], *rows[:shift]], steps)

    _order(mock, ordered)
