"""The least role that may do an operation, as measured on real Airflow. The data is in roles.yaml of each API."""

from __future__ import annotations

from typing import Any

from conformance.target import Target
from specs.predicate import holds
from specs.versions import within


def order(target: Target) -> tuple[str, ...]:
    """The roles, from the one who may least to the one who may most."""
    return tuple(_data(target)["order"])


def least(target: Target) -> dict[str, str]:
    """The least role that may do an operation, by operation; those that are not known are left out."""
    found: dict[str, str] = {}
    for entry in _data(target)["least"]:
        here = within(target.version, entry.get("since"), entry.get("until"))
        if here and holds(entry.get("applies", {}), target.facts):
            found |= {name: role for role, names in entry["may"].items() for name in names}
    return found


def _data(target: Target) -> dict[str, Any]:
    return dict(target.api.data("roles"))
