"""Where profiles come from: the built-in ones, files, and the chain that `extends` makes of them."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from profiles import pythonpath, tree
from profiles.errors import Place, Problem, ProfileError, closest, listed, shown
from profiles.findings import Findings
from profiles.tree import Branch, Scalar

MAX_BYTES = 1024 * 1024
"""More than any profile or airflow.cfg holds; a log given by mistake is refused before it is parsed."""

OWN_KEYS = ("profile", "title", "extends")
"""Keys that a child does not inherit: they describe one file."""

BUILT_IN = Path(__file__).parent
BEGINNING = "begin with a line such as extends: airflow-3"


@dataclass(frozen=True)
class Source:
    """One profile text: of a built-in profile or of a file. `identity` is the same for the same file."""

    label: str
    text: str
    stem: str
    identity: str
    folder: Path


def names() -> list[str]:
    """The names of the built-in profiles, sorted."""
    return sorted(file.stem for file in BUILT_IN.glob("*.yaml"))


def find(name_or_path: str, folder: Path | None, asked: Place) -> Source:
    """The built-in profile of that name, else the file of that path, relative to `folder`; else `ProfileError`."""
    if name_or_path in names():
        text = BUILT_IN.joinpath(f"{name_or_path}.yaml").read_text(encoding="utf-8")
        return Source(f"{name_or_path}.yaml", text, name_or_path, name_or_path, BUILT_IN)
    if not name_or_path:
        raise ProfileError(Problem(asked, f"no profile is named; built in: {listed(names())}"))
    path = (folder or Path()) / name_or_path
    text = read_text(path, asked, missing=_not_found(path, name_or_path))
    return Source(str(path), text, path.stem, str(path.resolve()), path.parent)


def chain(source: Source, findings: Findings) -> Branch:
    """The tree of the profile, laid over that of the profile it extends, and so on."""
    merged = child = _root(source, findings.problems)
    line = [source]
    while parent := _parent(child, line[-1], findings):
        line.append(parent)
        if parent.identity in [earlier.identity for earlier in line[:-1]]:
            circle = " extends ".join(one.label for one in line)
            findings.add(child.entries["extends"].value.place, "extends", f"a circle: {circle}; break it")
            raise ProfileError(*findings.problems)
        child = _root(parent, findings.problems)
        merged = _lay_over(child, merged)
    return merged


def read_text(path: Path, asked: Place, missing: str) -> str:
    """The UTF-8 text of a file; `ProfileError` at `asked` if there is none (then saying `missing`) or it is none."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ProfileError(Problem(asked, f"{path} is not a file; name a file"))
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ProfileError(Problem(asked, missing)) from None
    except (OSError, ValueError) as error:
        if isinstance(error, ProfileError):
            raise
        reason = getattr(error, "strerror", None) or "not a path"
        raise ProfileError(Problem(asked, f"cannot read {shown(str(path), 200)}: {reason}")) from None
    if len(content) > MAX_BYTES:
        raise ProfileError(Problem(asked, f"{path} has more than {MAX_BYTES} bytes; name another file"))
    return _decode(content, str(path))


def _decode(content: bytes, label: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise ProfileError(Problem(Place(label, line, column), "not UTF-8 text; save the file as UTF-8")) from None


def _not_found(path: Path, name: str) -> str:
    likely = closest(Path(name).name.removesuffix(".yaml"), names())
    advice = f"did you mean {likely}?" if likely else f"built in: {listed(names())}"
    if "/" in name or name.endswith((".yaml", ".yml")):
        return f"there is no file {path}; {advice}"
    return f"there is no built-in profile {shown(name)} and no such file; {advice}"


def _root(source: Source, problems: list[Problem]) -> Branch:
    root = tree.read(source.text, source.label, problems)
    if isinstance(root, Branch):
        return pythonpath.anchored(root, source.folder)
    if root is None or (isinstance(root, Scalar) and root.kind == "null"):
        raise ProfileError(*problems, Problem(Place(source.label), f"the file is empty; {BEGINNING}"))
    what = "one value" if isinstance(root, Scalar) else "a list"
    text = f"a profile is a mapping of keys to values, this is {what}; {BEGINNING}"
    raise ProfileError(*problems, Problem(root.place, text))


def _parent(child: Branch, source: Source, findings: Findings) -> Source | None:
    """The profile that `extends` names, if there is one."""
    entry = child.entries.get("extends")
    name = findings.text(entry.value, "extends") if entry else None
    return None if entry is None or name is None else find(name, source.folder, entry.value.place)


def _lay_over(parent: Branch, child: Branch) -> Branch:
    inherited = {name: entry for name, entry in parent.entries.items() if name not in OWN_KEYS}
    return tree.merge(Branch(parent.place, inherited), child)
