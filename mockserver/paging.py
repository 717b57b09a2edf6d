"""Pages of collections: how many items, which, in which order (public-api, Page size limit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mockserver import cursors
from mockserver.cursors import Step
from mockserver.errors import ApiError
from mockserver.operations import Page, SortKey, View
from mockserver.world.habits import has

if TYPE_CHECKING:
    from mockserver.operations import Call
    from mockserver.traits import Traits
    from profiles import Profile

BATCH_LIMIT = 100  # the default of page_limit in the bodies of the POST lists, whatever the options say
_FALLBACK = 50  # the page size of 3.0 where a request names none, whatever the options say
_MOST_ORDERS = 10


@dataclass(frozen=True)
class Asked:
    """What a request says about paging; `limit` is None when it says nothing."""

    limit: int | None
    offset: int
    order: Sequence[str]
    cursor: str | None

    @classmethod
    def by(cls, call: Call) -> Asked:
        """Read it from the query or, for the POST lists, from the body."""
        batch = call.operation.method == "POST"
        values: Mapping[str, Any] = (call.body or {}) if batch else call.query
        limit, offset = ("page_limit", "page_offset") if batch else ("limit", "offset")
        order = values.get("order_by")
        if batch and order == "" and has(call.world.version, "an empty order in a body is none"):
            order = None
        names = [order] if isinstance(order, str) else list(order or ())
        return cls(values.get(limit), values.get(offset) or 0, names, values.get("cursor"))


class Pages:
    """The paging rules of one deployment.

    Airflow 3.3 caps `limit` at maximum_page_limit and falls back to fallback_page_limit; 3.0 does neither; the POST
    lists never do (all measured). With follow="documents" the cap holds everywhere.
    """

    ties_descend = True  # the primary key goes with the first step

    def __init__(self, profile: Profile, traits: Traits) -> None:
        self.cap = profile.page_limit
        self.caps_lists = traits.caps_lists
        self.caps_batches = traits.caps_batches
        self.nulls_last = traits.nulls_last
        self.offers = traits.offers_orders
        self.fallback = profile.fallback_page_limit if traits.fallback_option else _FALLBACK

    def size(self, call: Call, asked: int | None) -> int:
        """How many items the page may hold when `asked` of them are wanted (None: nothing was said)."""
        batch = call.operation.method == "POST"
        if asked is None:
            asked = BATCH_LIMIT if batch else self.fallback
        return min(asked, self.cap) if (self.caps_batches if batch else self.caps_lists) else asked

    def total(self, call: Call, rows: Sequence[Any], page: Sequence[Any]) -> int:  # noqa: ARG002 - a rule may
        """Give `total_entries` of a collection; `page` is what is sent of it."""
        return len(rows)

    def window(self, call: Call, rows: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:  # noqa: ARG002
        """Cut the page out of the ordered rows."""
        return rows[offset : offset + limit]

    def steps(self, call: Call, names: Sequence[str], keys: Mapping[str, SortKey]) -> list[Step]:
        """Turn the names of an order ("-name" descends) into steps; ApiError 400 for a name that is not offered."""
        if len(names) > _MOST_ORDERS:
            text = f"Ordering with more than {_MOST_ORDERS} parameters is not allowed. Provided: {list(names)}"
            raise ApiError(400, text)
        return [Step(self.key(call, name.lstrip("-"), keys), name.startswith("-")) for name in names]

    def key(self, call: Call, name: str, keys: Mapping[str, SortKey]) -> SortKey:
        """Give the key of an order name."""
        offered = call.operation.order_by
        if name not in keys or (self.offers and offered and name not in offered):
            raise self.refuse_order(name)
        return keys[name]

    def refuse_order(self, name: str) -> Exception:
        """400 for an order that is not offered."""
        return ApiError(400, f"Ordering with '{name}' is disallowed or the attribute does not exist on the model")

    def ordered(self, call: Call, rows: Sequence[Any], steps: Sequence[Step]) -> Sequence[Any]:  # noqa: ARG002
        """Order rows that come by primary key. None is least, or always last."""
        result = list(rows)
        if self.ties_descend and steps and steps[0].descends:
            result.reverse()
        for step in reversed(steps):
            # Twice turned, so that equal rows stay as they were also where a step descends.
            if step.descends:
                result.reverse()
            last = self.nulls_last and not step.descends
            result.sort(key=(_nulls_last if last else _nulls_first)(step.key))
            if step.descends:
                result.reverse()
        return result

    def page(self, call: Call, rows: Sequence[Any], *, key: str, view: View, order: Mapping[str, SortKey]) -> Page:
        """Make the page that `call` asks for; see `Call.page`."""
        asked = Asked.by(call)
        steps = self.steps(call, asked.order, order)
        rows = self.ordered(call, rows, steps)
        size = self.size(call, asked.limit)
        if asked.cursor is not None and "id" in order:
            return self._by_cursor(call, rows, asked, Page(key, rows, view, None), _unique(steps, order))
        cut = self.window(call, rows, size, asked.offset)
        return Page(key, cut, view, self.total(call, rows, cut), _NO_CURSORS)

    def _by_cursor(self, call: Call, rows: Sequence[Any], asked: Asked, page: Page, steps: Sequence[Step]) -> Page:
        found = cursors.cut(rows, steps, self.size(call, asked.limit), asked.cursor or "")
        page.rows = found.rows
        page.total = min(self.total(call, rows, found.rows), cursors.COUNT_LIMIT)
        page.extra = {
            "next_cursor": found.following,
            "previous_cursor": found.previous,
            "total_entries_limit": cursors.COUNT_LIMIT,
        }
        return page


# The contract takes them out of the answers of versions and collections that have no cursors.
_NO_CURSORS: Mapping[str, Any] = {"next_cursor": None, "previous_cursor": None, "total_entries_limit": None}


def _unique(steps: list[Step], order: Mapping[str, SortKey]) -> list[Step]:
    """The steps with the primary key at the end, which tells equal rows apart."""
    if any(step.key is order["id"] for step in steps):
        return steps
    return [*steps, Step(order["id"], bool(steps) and steps[0].descends)]


def _nulls_first(key: SortKey) -> SortKey:
    return lambda row: ((value := key(row)) is not None, value)


def _nulls_last(key: SortKey) -> SortKey:
    return lambda row: ((value := key(row)) is None, value)
