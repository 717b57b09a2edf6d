"""How thorough a run is."""

from __future__ import annotations

from typing import Literal

Depth = Literal["smoke", "standard", "deep"]
DEPTHS: tuple[Depth, ...] = ("smoke", "standard", "deep")
#: How many examples a property-based check draws, unless its own settings say otherwise.
EXAMPLES: dict[str, int] = {"smoke": 10, "standard": 40, "deep": 500}
#: How many lives a state machine leads, and of how many steps each.
LIVES: dict[str, tuple[int, int]] = {"smoke": (2, 10), "standard": (9, 15), "deep": (60, 25)}


def reaches(depth: Depth, least: str) -> bool:
    """Whether a run of that depth includes what needs at least `least`."""
    return DEPTHS.index(depth) >= [str(name) for name in DEPTHS].index(least)
