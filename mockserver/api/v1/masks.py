"""Update masks: which of the values of a body a change is to set."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from mockserver.api.v1.problems import bad_request
from mockserver.errors import ApiError
from mockserver.operations import Call

Refuse = Callable[[str], Exception]


def names(call: Call) -> Sequence[str]:
    """The names that the request's update_mask holds, without blanks around them; none if it has no mask."""
    return [name.strip() for name in call.query.get("update_mask") or ()]


def unknown(name: str) -> ApiError:
    """400 in the words that most resources have for it."""
    return bad_request(f"'{name}' is unknown or cannot be updated.")


def chosen(
    call: Call, values: Mapping[str, Any], *, fixed: Collection[str] = (), refuse: Refuse = unknown
) -> dict[str, Any]:
    """Those of `values` that the mask names, all of them without a mask.

    400 for a name that is not among the values or may not change (`fixed`); `refuse` words it.
    """
    mask = names(call)
    for name in mask:
        if name not in values or name in fixed:
            raise refuse(name)
    return {name: values[name] for name in mask} if mask else dict(values)
