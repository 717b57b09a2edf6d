"""What the figures of the proof are told by: an area for each deviation, from the first requirement that it breaks."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import yaml

from mockserver.deviations import Deviation


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    kept = yaml.safe_load((Path(__file__).parent / "areas.yaml").read_text())
    return tuple((area, pattern) for area, pattern in kept)


@cache
def area(requirement: str) -> str:
    """The area of a requirement. StopIteration for one that no pattern fits."""
    return next(area for area, pattern in _patterns() if fnmatchcase(requirement, pattern))


def area_of(deviation: Deviation) -> str:
    """The area of a deviation."""
    return area(deviation.breaks[0])
