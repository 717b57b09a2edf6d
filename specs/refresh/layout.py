"""Contract files as text: JSON with one line for what fits in it, so that a change shows as a small difference."""

from __future__ import annotations

import json
from typing import Any

_WIDTH = 120


def lay_out(document: dict[str, Any]) -> str:
    """Return the text of a contract file; equal documents give equal texts."""
    return _lines(document, indent=0, taken=0) + "\n"


def _lines(node: Any, indent: int, taken: int) -> str:
    flat = json.dumps(node, ensure_ascii=False)
    if len(flat) + taken < _WIDTH or not node or not isinstance(node, (dict, list)):
        return flat
    inner = indent + 1
    names = [f"{json.dumps(key, ensure_ascii=False)}: " for key in node] if isinstance(node, dict) else [""] * len(node)
    children = node.values() if isinstance(node, dict) else node
    rows = [
        " " * inner + name + _lines(child, inner, inner + len(name) + 1)
        for name, child in zip(names, children, strict=True)
    ]
    start, end = "{}" if isinstance(node, dict) else "[]"
    return f"{start}\n" + ",\n".join(rows) + f"\n{' ' * indent}{end}"
