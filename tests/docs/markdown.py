"""Pieces of Markdown as GitHub reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell is escaped, a line break there becomes a blank."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(_cell(each) for each in line)} |\n" for line in lines)


def code(text: str) -> str:
    """A span of code, whatever backticks the text has."""
    fence = "`" * (max((len(run) for run in _runs(text)), default=0) + 1)
    blank = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{blank}{text}{blank}{fence}"


def anchor(name: str) -> str:
    """A place that `link` leads to."""
    return f'<a id="{name.lower()}"></a>{name}'


def link(name: str, page: str = "") -> str:
    """A link to the anchor of a name."""
    return f"[{name}]({page}#{name.lower()})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _runs(text: str) -> list[str]:
    return [run for run in "".join(each if each == "`" else " " for each in text).split() if run]
