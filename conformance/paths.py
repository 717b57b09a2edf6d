"""Where the checks lie, and what they are called."""

from __future__ import annotations

from pathlib import Path

CHECKS = Path(__file__).parent / "checks"


def check_name(module: Path, function: str) -> str:
    """The name of a check: `folder.module.function[parameters]`, without the word test."""
    folders = module.relative_to(CHECKS).parent.parts if module.is_relative_to(CHECKS) else ()
    return ".".join([*folders, module.stem.removeprefix("test_"), function.removeprefix("test_")])
