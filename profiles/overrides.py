"""``--set KEY=VALUE``: values from the command line, laid over the profile as one more child."""

from __future__ import annotations

from collections.abc import Sequence

from profiles import tree
from profiles.errors import Place, Problem, meant
from profiles.tree import Branch, Entry, Items, Node, Scalar

TEXTS = ("airflow", "title")
LISTS = ("documents", "capabilities")


def lay_over(root: Branch, overrides: Sequence[str], problems: list[Problem]) -> Branch:
    """`root` with every override; one that cannot be read is added to `problems` and left out.

    An override is ``SECTION.OPTION=VALUE`` (value as in airflow.cfg; the word null takes the option back),
    ``airflow=VERSION``, ``title=TEXT``, or ``capabilities=A,B`` and ``documents=A,B``.
    """
    for number, override in enumerate(overrides, start=1):
        place = Place(f"--set {number}")
        key, equals, value = override.partition("=")
        if not equals:
            problems.append(Problem(place, f"there is no = in it; write {_FORM}"))
        elif branch := _branch(key.strip(), value, place, problems):
            merged = tree.merge(root, branch)
            root = merged if isinstance(merged, Branch) else root
    return root


_FORM = "SECTION.OPTION=VALUE, such as api.maximum_page_limit=5"


def _branch(key: str, value: str, place: Place, problems: list[Problem]) -> Branch | None:
    path = key.removeprefix("config.").split(".")
    if len(path) == 2 and all(path):
        return _nested(["config", *path], Scalar(place, value, "null" if value == "null" else "text"), place)
    if key in TEXTS:
        return _nested([key], Scalar(place, value), place)
    if key in LISTS:
        words = [word.strip() for word in value.split(",") if word.strip()]
        return _nested([key], Items(place, tuple(Scalar(place, word) for word in words)), place)
    if key in ("users", "profile", "extends"):
        text = f"{key} cannot be set on the command line; write a file with extends: and set it there"
    else:
        text = f"{key or 'nothing'} is no key to set; write {_FORM}, or one of {meant(key, (*TEXTS, *LISTS))}"
    problems.append(Problem(place, text))
    return None


def _nested(path: Sequence[str], value: Node, place: Place) -> Branch:
    for name in reversed(path):
        value = Branch(place, {name: Entry(Scalar(place, name), value)})
    assert isinstance(value, Branch)  # noqa: S101 (the path is never empty)
    return value
