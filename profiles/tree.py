"""YAML text as a tree in which every key and value knows its line and column.

PyYAML's own constructors lose the places and follow YAML 1.1, where `no` is false, `3.10` is 3.1 and `1:30` is ninety.
Here a scalar keeps its text as written, and says when YAML would make something else of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import yaml

from profiles.errors import Place, Problem, ProfileError, shown

MAX_DEPTH = 12
"""Deeper nesting than any profile has; it bounds the recursion of the composer."""

Kind = Literal["text", "integer", "boolean", "null", "trap"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value: its text as written, what kind YAML takes it for, and for a trap why."""

    place: Place
    text: str
    kind: Kind = "text"
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: Scalar
    value: Node


@dataclass(frozen=True, slots=True)
class Branch:
    """A mapping."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Node = Scalar | Items | Branch


def read(text: str, source: str, problems: list[Problem]) -> Node | None:
    """The tree of one YAML document, None if it is empty.

    A duplicate key or a key that is no text is added to `problems`; text that is no YAML raises `ProfileError`.
    """
    try:
        root = _compose(_Loader(text), source)
    except yaml.reader.ReaderError as error:  # met by the constructor already
        raise ProfileError(Problem(_character_place(text, error.position, source), _NOT_PRINTABLE)) from None
    return None if root is None else _node(root, source, problems)


def _compose(loader: _Loader, source: str) -> yaml.Node | None:
    try:
        return loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ProfileError(Problem(_place(mark, source), _explain(error))) from None
    except (ValueError, OverflowError):  # an escape such as "\UFFFFFFFF" that names no character
        raise ProfileError(Problem(_place(loader.get_mark(), source), _NO_CHARACTER)) from None


def merge(parent: Branch, child: Branch) -> Branch:
    """`parent` with everything that `child` says laid over it; mappings merge key by key, all else is replaced."""
    entries = dict(parent.entries)
    for name, entry in child.entries.items():
        old = entries.get(name)
        entries[name] = Entry(entry.key, _over(old.value, entry.value)) if old else entry
    return Branch(child.place, entries)


def under(path: str, value: Node) -> Branch:
    """A tree with one value, at a dotted path."""
    first, _, rest = path.partition(".")
    return Branch(value.place, {first: Entry(Scalar(value.place, first), under(rest, value) if rest else value)})


def _over(old: Node, new: Node) -> Node:
    return merge(old, new) if isinstance(old, Branch) and isinstance(new, Branch) else new


class _Loader(yaml.SafeLoader):
    """Composes nodes, but no anchors, aliases or tags: a profile has no use for them and they hide the places."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise yaml.MarkedYAMLError(problem=_NO_ALIAS, problem_mark=event.start_mark)
        if getattr(event, "tag", None) is not None:
            raise yaml.MarkedYAMLError(problem=_NO_TAG, problem_mark=event.start_mark)
        if self.depth == MAX_DEPTH:
            raise yaml.MarkedYAMLError(problem=_TOO_DEEP, problem_mark=event.start_mark)
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


_NO_ALIAS = "anchors (&name) and aliases (*name) have no place in a profile; put text that starts with & or * in quotes"
_NO_TAG = "tags have no place in a profile; put text that starts with ! in quotes"
_TOO_DEEP = "nested more deeply than any profile; take some brackets or indentation away"
_NOT_PRINTABLE = "a control character stands here; remove it, a profile is plain text"
_NO_CHARACTER = "not valid YAML: an escape that names no character; write the character itself"
_ADVICE = {
    r"'\t'": "indent with blanks, not with tabs",
    "cannot start any token": "put the text in quotes",
    "mapping values are not allowed": 'put text that contains ": " in quotes, or check the indentation',
    "expected <block end>": "check the indentation and the quotes of the lines before",
    "could not find expected ':'": 'write "key: value", with a blank after the colon',
    "found unexpected end of stream": "close the quotes",
}


def _place(mark: yaml.Mark | None, source: str) -> Place:
    return Place(source, mark.line + 1, mark.column + 1) if mark else Place(source)


def _character_place(text: str, position: int, source: str) -> Place:
    before = text[:position]
    return Place(source, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = " ".join((error.problem or error.context or "unreadable").split())
    if problem in (_NO_ALIAS, _NO_TAG, _TOO_DEEP):
        return problem
    if "single document" in (error.context or ""):
        return "a second YAML document starts here; a profile file holds one"
    advice = [text for symptom, text in _ADVICE.items() if symptom in problem]
    return f"not valid YAML: {problem}" + (f"; {advice[0]}" if advice else "")


def _node(node: yaml.Node, source: str, problems: list[Problem]) -> Node:
    place = _place(node.start_mark, source)
    if isinstance(node, yaml.MappingNode):
        return _branch(node, place, source, problems)
    if isinstance(node, yaml.SequenceNode):
        return Items(place, tuple(_node(item, source, problems) for item in node.value))
    return _scalar(cast("yaml.ScalarNode", node), place)


def _branch(node: yaml.MappingNode, place: Place, source: str, problems: list[Problem]) -> Branch:
    branch = Branch(place)
    for key_node, value_node in node.value:
        key, value = _node(key_node, source, problems), _node(value_node, source, problems)
        if not isinstance(key, Scalar):
            problems.append(Problem(key.place, "a key must be a single word"))
        elif key.kind != "text":
            problems.append(Problem(key.place, f"a key must be text; write it in quotes: {shown(key.text)}"))
        elif first := branch.entries.get(key.text):
            problems.append(Problem(key.place, _duplicate(key, first.key.place)))
        else:
            branch.entries[key.text] = Entry(key, value)
    return branch


def _duplicate(key: Scalar, first: Place) -> str:
    return f"{shown(key.text)} stands twice, first in line {first.line}; keep one of the two"


def _scalar(node: yaml.ScalarNode, place: Place) -> Scalar:
    text: str = node.value
    if node.style is not None:  # quoted, or a block of text
        return Scalar(place, text)
    match node.tag.rpartition(":")[2]:
        case "null":
            return Scalar(place, text, "null")
        case "bool" if text.lower() in ("true", "false"):
            return Scalar(place, text, "boolean")
        case "bool":
            meaning = "true" if text.lower() in ("yes", "on") else "false"
            return Scalar(place, text, "trap", f"YAML reads the bare word {text} as {meaning}")
        case "int" if re.fullmatch(r"[-+]?(0|[1-9][0-9]*)", text):
            return Scalar(place, text, "integer")
        case "int":
            return Scalar(place, text, "trap", f"YAML reads {shown(text)} as {_odd_integer(text)}")
        case "float":
            return Scalar(place, text, "trap", f"YAML reads {shown(text)} as {_decimal(text)}")
        case "timestamp":
            return Scalar(place, text, "trap", f"YAML reads {shown(text)} as a date")
    return Scalar(place, text)


def _odd_integer(text: str) -> str:
    digits = text.lstrip("+-").lower()
    if ":" in digits:
        return "a number to the base 60, as in times"
    if digits.startswith(("0x", "0b")):
        return "a hexadecimal number" if digits[1] == "x" else "a binary number"
    return "an octal number" if digits.startswith("0") else "a number without the underscores"


def _decimal(text: str) -> str:
    try:
        return f"the number {float(text):g}"
    except ValueError:
        return "a number"
