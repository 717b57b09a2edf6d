"""Pages of collections: how many items, which, in which order (public-api, Page size limit)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.errors import ApiError
from mockserver.operations import Page, SortKey, View

if TYPE_CHECKING:
    from mockserver.operations import Call
    from profiles import Profile

_BATCH_LIMIT = 100  # the default of page_limit in the bodies of the POST lists, whatever the options say
_MOST_ORDERS = 10


class Pages:
    """The paging rules of one deployment.

    Airflow 3.3 caps `limit` at maximum_page_limit and falls back to fallback_page_limit; 3.0 does neither; the POST
    lists never do (all measured). With follow="documents" the cap holds everywhere.
    """

    def __init__(self, profile: Profile, follow: str) -> None:
        documents = follow == "documents"
        self.cap = profile.page_limit
        self.caps_lists = documents or profile.airflow >= (3, 1)
        self.caps_batches = documents
        self.fallback = profile.fallback_page_limit if self.caps_lists else 50

    def size(self, call: Call, asked: int | None) -> int:
        """How many items the page may hold when `asked` of them are wanted (None: nothing was said)."""
        if call.operation.method == "POST":
            asked = _BATCH_LIMIT if asked is None else asked
            return min(asked, self.cap) if self.caps_batches else asked
        asked = self.fallback if asked is None else asked
        return min(asked, self.cap) if self.caps_lists else asked

    def total(self, call: Call, rows: Sequence[Any]) -> int:  # noqa: ARG002 - a rule may depend on the call
        """Give `total_entries` of the whole collection."""
        return len(rows)

    def window(self, call: Call, rows: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:  # noqa: ARG002
        """Cut the page out of the ordered rows."""
        return rows[offset:offset + limit]

    def ordered(self, call: Call, rows: Sequence[Any], names: Sequence[str],
                keys: Mapping[str, SortKey]) -> Sequence[Any]:
        """Order `rows`, which come by primary key, by `names` ("-name" descends; None is the least value)."""
        if len(names) > _MOST_ORDERS:
            raise ApiError(400, f"Ordering with more than {_MOST_ORDERS} parameters is not allowed. "
                                f"Provided: {list(names)}")
        steps = [(self._key(call, name.lstrip("-"), keys), name.startswith("-")) for name in names]
        result = list(rows)
        if steps and steps[0][1]:
            result.reverse()  # the primary key descends with the first name
        for key, descends in reversed(steps):
            result.sort(key=_nulls_first(key), reverse=False) if not descends else _sort_descending(result, key)
        return result

    def _key(self, call: Call, name: str, keys: Mapping[str, SortKey]) -> SortKey:
        offered = call.operation.order_by
        if name not in keys or (offered and name not in offered):
            raise ApiError(400, f"Ordering with '{name}' is disallowed or the attribute does not exist on the model")
        return keys[name]

    def page(self, call: Call, rows: Sequence[Any], *, key: str, view: View, order: Mapping[str, SortKey]) -> Page:
        """Make the page that `call` asks for; see `Call.page`."""
        asked = _asked(call)
        rows = self.ordered(call, rows, asked.order, order)
        cut = self.window(call, rows, self.size(call, asked.limit), asked.offset)
        return Page(key, cut, view, self.total(call, rows))


class _Asked:
    """What a request says about paging, in its query or, for the POST lists, in its body."""

    def __init__(self, values: Mapping[str, Any], limit: str, offset: str) -> None:
        self.limit: int | None = values.get(limit)
        self.offset: int = values.get(offset) or 0
        order = values.get("order_by")
        self.order: list[str] = [order] if isinstance(order, str) else list(order or ())


def _asked(call: Call) -> _Asked:
    if call.operation.method == "POST":
        return _Asked(call.body or {}, "page_limit", "page_offset")
    return _Asked(call.query, "limit", "offset")


def _nulls_first(key: SortKey) -> SortKey:
    return lambda row: ((value := key(row)) is not None, value)


def _sort_descending(rows: list[Any], key: SortKey) -> None:
    rows.reverse()  # `reverse=True` keeps equal rows in order: turned before and after, they stay as the last sort left them
    rows.sort(key=_nulls_first(key))
    rows.reverse()
