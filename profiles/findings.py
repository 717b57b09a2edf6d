"""What the checks of a profile have found so far, and the reading of text, which all of them share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from profiles.errors import Place, Problem, shown
from profiles.tree import Branch, Items, Node, Scalar


@dataclass
class Findings:
    """Problems, the dotted keys that they spoil, and the places of the values that are good."""

    problems: list[Problem] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)

    def add(self, place: Place, key: str, text: str) -> None:
        """Record one problem with the value of `key`."""
        self.problems.append(Problem(place, text))
        self.spoiled.add(key)

    def text(self, node: Node, key: str, *, name: str = "", secret: bool = False) -> str | None:
        """The text of a value that must be text, else None and a problem. A secret is never part of a message."""
        fault = _text_fault(node, secret)
        if fault is None and isinstance(node, Scalar):
            return node.text
        self.add(node.place, key, f"{name or key} {fault}")
        return None


def called(node: Node) -> str:
    """What kind of value it is, in words."""
    if isinstance(node, Scalar):
        return {"text": "text", "integer": "a number", "boolean": "true or false", "null": "nothing"}.get(
            node.kind, "a bare word"
        )
    return "a list" if isinstance(node, Items) else "a mapping"


def child(root: Branch, key: str, default: Node) -> Node:
    """The value of `key`, or the default."""
    entry = root.entries.get(key)
    return entry.value if entry else default


def _text_fault(node: Node, secret: bool) -> str | None:
    if not isinstance(node, Scalar):
        return f"must be text, this is {called(node)}"
    if node.kind == "null":
        return "has no value; write one, or remove the line"
    if node.kind != "text":
        why = f"this is {called(node)}" if secret or not node.trap else node.trap
        return f"must be text; {why}; write it in quotes" + ("" if secret else f": {shown(node.text)}")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in node.text):
        return "contains a control character; remove it"
    return None
