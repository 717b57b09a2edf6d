"""Where profiles come from: the built-in ones, files, and the chain that `extends` makes of them."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from profiles import tree
from profiles.errors import Place, Problem, ProfileError, listed, meant, shown
from profiles.tree import Branch, Scalar

MAX_BYTES = 256 * 1024
"""More than any profile holds; a log or a database given by mistake is refused before it is parsed."""

OWN_KEYS = ("profile", "title", "extends")
"""Keys that a child does not inherit: they describe one file."""


@dataclass(frozen=True)
class Source:
    """One profile text: a built-in one (no folder) or a file."""

    shown: str
    text: str
    folder: Path | None
    stem: str


def names() -> list[str]:
    """The names of the built-in profiles, sorted."""
    files = resources.files("profiles").iterdir()
    return sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml"))


def find(name_or_path: str, folder: Path | None, asked: Place) -> Source:
    """The built-in profile of that name, else the file of that path, relative to `folder`; else `ProfileError`."""
    if name_or_path in names():
        file = resources.files("profiles").joinpath(f"{name_or_path}.yaml")
        return Source(f"{name_or_path}.yaml", file.read_text(encoding="utf-8"), None, name_or_path)
    path = (folder or Path()) / name_or_path
    return Source(str(path), _decode(_read(path, name_or_path, asked), str(path)), path.parent, path.stem)


def chain(source: Source, problems: list[Problem]) -> Branch:
    """The tree of the profile with everything it extends beneath it."""
    merged = _root(source, problems)
    seen, child = [source.shown], merged
    while entry := child.entries.get("extends"):
        parent = _parent(entry.value, source)
        if parent is None:
            break
        seen.append(parent.shown)
        if parent.shown in seen[:-1]:
            raise ProfileError(*problems, Problem(entry.value.place, f"a circle: {' extends '.join(seen)}; break it"))
        source, child = parent, _root(parent, problems)
        merged = _lay_over(child, merged)
    return merged


def _lay_over(parent: Branch, child: Branch) -> Branch:
    inherited = {name: entry for name, entry in parent.entries.items() if name not in OWN_KEYS}
    merged = tree.merge(Branch(parent.place, inherited), child)
    assert isinstance(merged, Branch)  # noqa: S101 (merging two branches gives a branch)
    return merged


def _parent(node: tree.Node, source: Source) -> Source | None:
    """The profile that `extends` names; None where the value is no text, which the check of the keys reports."""
    if not isinstance(node, Scalar) or node.kind != "text":
        return None
    return find(node.text, source.folder, node.place)


def _root(source: Source, problems: list[Problem]) -> Branch:
    root = tree.read(source.text, source.shown, problems)
    if isinstance(root, Branch):
        return root
    if root is None or (isinstance(root, Scalar) and root.kind == "null"):
        raise ProfileError(Problem(Place(source.shown), f"the file is empty; a profile begins {_BEGINNING}"))
    what = "a list" if not isinstance(root, Scalar) else "one piece of text"
    raise ProfileError(
        Problem(root.place, f"a profile is a mapping of keys to values, this is {what}; begin {_BEGINNING}")
    )


_BEGINNING = "with a line such as extends: airflow-3"


def _read(path: Path, name: str, asked: Place) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ProfileError(Problem(asked, f"{path} is not a file; name a YAML file or a built-in profile"))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ProfileError(Problem(asked, _not_found(path, name))) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or "not a path"
        raise ProfileError(Problem(asked, f"cannot read {shown(str(path))}: {reason}")) from None
    if len(content) > MAX_BYTES:
        raise ProfileError(Problem(Place(str(path)), f"more than {MAX_BYTES} bytes; that is no profile"))
    return content


def _not_found(path: Path, name: str) -> str:
    advice = meant(name.removesuffix(".yaml"), names())
    if "/" in name or name.endswith((".yaml", ".yml")):
        return f"there is no file {path}; {advice if advice.startswith('did') else f'built in are {listed(names())}'}"
    return f"there is no built-in profile {shown(name)} and no such file; {advice}"


def _decode(content: bytes, shown_path: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise ProfileError(Problem(Place(shown_path, line, column), "not UTF-8 text; save the file as UTF-8")) from None
