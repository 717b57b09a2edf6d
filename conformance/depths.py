"""How thorough a run is."""

from __future__ import annotations

from typing import Literal

Depth = Literal["smoke", "standard", "deep"]
DEPTHS: tuple[Depth, ...] = ("smoke", "standard", "deep")


def reaches(depth: Depth, least: str) -> bool:
    """Whether a run of that depth includes what needs at least `least`."""
    return DEPTHS.index(depth) >= [str(name) for name in DEPTHS].index(least)
