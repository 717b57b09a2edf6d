"""Orders of users and roles, which Airflow reads otherwise than those of all other collections.

Measured on 2.2.5, 2.3.4, 2.6.3 and 2.11.2: since 2.3 nothing descends, and names count to the letter; some of the names
that are allowed are no columns, and break the query.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from mockserver.api.filters import Getter
from mockserver.api.v1.problems import bad_request
from mockserver.errors import Crash
from mockserver.operations import Call
from mockserver.world.habits import has

R = TypeVar("R")


def ordered(call: Call, rows: Iterable[R], orders: Mapping[str, Getter], broken: Collection[str] = ()) -> list[R]:
    """The rows as the request's order_by wants them, the first of `orders` without one.

    400 for an order that there is not; Crash for one of the `broken` ones, unless documents are followed.
    """
    name = call.query.get("order_by")
    if name is None:
        return sorted(rows, key=next(iter(orders.values())))
    plain, descends = str(name), False
    if not has(call.world.version, "users and roles only ascend"):
        plain, descends = plain.lstrip("-"), plain.startswith("-")
    if plain in broken and call.mock.follow == "airflow":
        raise Crash(f"there is no column {plain}")
    if plain not in orders:
        raise bad_request(f"Ordering with '{plain}' is disallowed or the attribute does not exist on the model")
    return sorted(rows, key=orders[plain], reverse=descends)


def shown(moment: Any) -> str | None:
    """A point in time without its zone, as users have it."""
    return None if moment is None else str(moment.replace(tzinfo=None).isoformat())
