"""The pages that are made from data, and where they lie."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.docs import alarms, reality

DOCS = Path(__file__).parents[2] / "docs"
PAGES: Mapping[str, Callable[[], str]] = {reality.PAGE: reality.page, alarms.PAGE: alarms.page}


def write() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


def stale() -> list[Path]:
    """The pages that are not what the data says."""
    return [DOCS / name for name, page in PAGES.items() if not _is(DOCS / name, page())]


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
