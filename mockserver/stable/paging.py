"""Pages of the stable API's collections (api-authentication, Page size limit; measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mockserver.api.v1.problems import bad_request
from mockserver.cursors import Step
from mockserver.errors import Crash
from mockserver.operations import SortKey
from mockserver.paging import BATCH_LIMIT, Pages
from mockserver.stable.validation import MOST

if TYPE_CHECKING:
    from mockserver.operations import Call
    from mockserver.traits import StableTraits
    from profiles import Profile

# Their lists keep to no maximum, and take any number for a limit.
_FREE = frozenset(
    {
        "get_task_instances",
        "get_mapped_task_instances",
        "get_task_instance_tries",
        "get_mapped_task_instance_tries",
    }
)


class StablePages(Pages):
    """The paging rules of one deployment.

    A limit is cut down to maximum_page_limit; 0 means fallback_page_limit, which may be more. The POST lists and those
    of task instances know no maximum. With follow="documents" it holds everywhere.
    """

    ties_descend = False

    def __init__(self, profile: Profile, traits: StableTraits) -> None:
        self.cap = profile.page_limit
        self.caps_lists = True
        self.caps_batches = traits.caps_batches
        self.caps_instances = traits.caps_instances
        self.fallback = (
            profile.fallback_page_limit if traits.falls_back_freely else min(self.cap, profile.fallback_page_limit)
        )
        self.nulls_last = False
        self.offers = True

    def is_free(self, call: Call) -> bool:
        """Tell whether the operation takes any limit."""
        if call.operation.method == "POST":
            return not self.caps_batches
        return call.operation.id in _FREE and not self.caps_instances

    def admit(self, call: Call) -> None:
        """Refuse a limit below 0 before anything else is done; Crash for one that the database cannot hold."""
        limit = call.query.get("limit", 0)
        if self.is_free(call) and limit >= MOST:
            raise Crash("a limit that the database cannot hold")
        if limit < 0 and limit <= self.cap and not self.is_free(call):
            raise bad_request(None, "Page limit must be a positive integer")

    def size(self, call: Call, asked: int | None) -> int:
        """How many items the page may hold when `asked` of them are wanted; below 0: any number."""
        if asked is None:
            asked = BATCH_LIMIT
        if not self.caps_lists or self.is_free(call):
            return asked
        return self.cap if asked > self.cap else asked or self.fallback

    def window(self, call: Call, rows: Sequence[Any], limit: int, offset: int) -> Sequence[Any]:  # noqa: ARG002
        """Cut the page out of the ordered rows, as the database does it: a limit below 0 is none."""
        return rows[offset:] if limit < 0 else rows[offset : offset + limit]

    def steps(self, call: Call, names: Sequence[str], keys: Mapping[str, SortKey]) -> list[Step]:
        """Turn an order into a step; an operation that offers no order at all ignores it, if it is in the query."""
        offers = call.operation.order_by or call.operation.method == "POST"
        return super().steps(call, names, keys) if offers else []

    def refuse_order(self, name: str) -> Exception:
        """400 for an order that is not offered."""
        return bad_request(f"Ordering with '{name}' is disallowed or the attribute does not exist on the model")
