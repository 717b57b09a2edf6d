"""The folders in which a profile's own backend modules are found."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from profiles.errors import shown
from profiles.findings import Findings, called
from profiles.tree import Branch, Entry, Items, Node, Scalar

KEY = "pythonpath"


def anchored(root: Branch, folder: Path) -> Branch:
    """The tree of a profile in which the folders of its `pythonpath` begin at `folder`, that of its file."""
    entry = root.entries.get(KEY)
    if entry is None or not isinstance(entry.value, Items):
        return root
    nodes = tuple(_under(folder, node) for node in entry.value.nodes)
    return Branch(root.place, {**root.entries, KEY: Entry(entry.key, Items(entry.value.place, nodes))})


def pythonpath(node: Node, findings: Findings) -> tuple[Path, ...]:
    """The folders, absolute; one that is not there is left out."""
    if not isinstance(node, Items):
        findings.add(node.place, KEY, f"{KEY} must be a list of folders, this is {called(node)}; write [FOLDER]")
        return ()
    texts = [(item, findings.text(item, KEY)) for item in node.nodes]
    return tuple(Path(text).absolute() for item, text in texts if text is not None and _there(item, text, findings))


def find(module: str, folders: Sequence[Path]) -> Path | None:
    """The file of a module below one of the folders, without importing anything."""
    path = Path(*module.split("."))
    files = (folder / file for folder in folders for file in (path.with_suffix(".py"), path / "__init__.py"))
    return next((file for file in files if file.is_file()), None)


def installed(module: str) -> bool:
    """Whether the package that the module belongs to is installed beside us; nothing is imported."""
    return importlib.util.find_spec(module.partition(".")[0]) is not None


def _under(folder: Path, node: Node) -> Node:
    if isinstance(node, Scalar) and node.kind == "text":
        return Scalar(node.place, str(folder / node.text))
    return node


def _there(item: Node, text: str, findings: Findings) -> bool:
    try:
        found = Path(text).is_dir()
    except (OSError, ValueError):
        found = False
    if not found:
        advice = "name one, relative to the file of the profile"
        findings.add(item.place, KEY, f"there is no folder {shown(text, 200)}; {advice}")
    return found
