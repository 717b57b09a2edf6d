"""Which checks run, and why the others do not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest

from conformance.depths import DEPTHS, Depth, reaches
from conformance.needs import lacking
from conformance.paths import check_name
from profiles.errors import closest
from specs.predicate import why_not
from specs.requirements import Requirement

#: Why a check is left out that `--only` does not select.
NOT_SELECTED = "not selected by --only"


class SelectionError(ValueError):
    """A check with an unknown requirement, or a selector that selects nothing. One sentence."""


@dataclass(frozen=True)
class Case:
    """One check before it runs, as its marks describe it."""

    name: str
    title: str
    requirements: tuple[str, ...]
    needs: tuple[str, ...]
    depth: str
    lawful: bool
    about: tuple[str, ...] = ()

    @classmethod
    def of(cls, item: pytest.Item) -> Case:
        """The case of a collected test. `lawful` says that it asks for `operations`: a law over the contract.

        `about`: the operations that it is about; where it names none and is lawful, all.
        """
        return cls(
            name=check_name(item.path, item.name),
            title=_title(item),
            requirements=_arguments(item, "requirement"),
            needs=_arguments(item, "needs"),
            depth=(_arguments(item, "depth") or ("smoke",))[0],
            lawful="operations" in getattr(item, "fixturenames", ()),
            about=_arguments(item, "about"),
        )

    def concerns(self, operations: Collection[str]) -> bool:
        """Whether it says something about one of these operations."""
        return not set(self.about).isdisjoint(operations) if self.about else self.lawful


@dataclass(frozen=True)
class Skipped:
    """A check that does not run. `claimed`: False when only a capability that nobody claims kept it back."""

    case: Case
    reason: str
    applicable: bool


def verify(cases: Iterable[Case], known: Collection[str]) -> None:
    """SelectionError for the first check that names no requirement, or one that no document has, or an odd depth."""
    for case in cases:
        if not case.requirements:
            raise SelectionError(f"the check {case.name} names no requirement; mark it with @requirement(...)")
        for name in case.requirements:
            if name not in known:
                raise SelectionError(
                    f"the check {case.name} names the requirement {name}, which no document has{_hint(name, known)}"
                )
        if case.depth not in DEPTHS:
            raise SelectionError(f"the check {case.name} has the depth {case.depth}; there are: {', '.join(DEPTHS)}")


def applicable(case: Case, requirements: Mapping[str, Requirement], facts: Mapping[str, object]) -> tuple[str, ...]:
    """Which of the requirements of a check apply to a deployment with these facts."""
    return tuple(name for name in case.requirements if name in requirements and requirements[name].applicable(facts))


def skipped(
    case: Case, requirements: Mapping[str, Requirement], facts: Mapping[str, object], depth: Depth
) -> Skipped | None:
    """Why a check does not run, or None."""
    if not applicable(case, requirements, facts):
        return Skipped(case, _inapplicable(case, requirements, facts), applicable=False)
    if missing := lacking(case.needs, facts):
        return Skipped(case, missing, applicable=False)
    if not reaches(depth, case.depth):
        return Skipped(case, f"checked from --depth {case.depth} on", applicable=True)
    return None


def choose(selectors: Sequence[str], cases: Sequence[Case], operations: Collection[str]) -> tuple[set[str], set[str]]:
    """The names of the checks that `--only` selects, and the operations to which it narrows the laws.

    SelectionError for a selector that selects nothing.
    """
    names: set[str] = set()
    narrowed: set[str] = set()
    for selector in selectors:
        found = {case.name for case in cases if _selects(selector, case)}
        matching = {operation for operation in operations if fnmatchcase(operation, selector)}
        if matching:
            found |= {case.name for case in cases if case.concerns(matching)}
        if not found and not matching:
            known = {name for case in cases for name in (case.name, *case.requirements)} | set(operations)
            raise SelectionError(f"--only {selector} selects nothing{_hint(selector, known)}")
        names |= found
        narrowed |= matching
    return names, narrowed


def _selects(selector: str, case: Case) -> bool:
    plain = case.name.partition("[")[0]
    parameter = case.name.partition("[")[2].removesuffix("]")
    names = (case.name, plain, *case.requirements)
    return selector in (case.name, parameter) or any(fnmatchcase(name, selector) for name in names)


def _inapplicable(case: Case, requirements: Mapping[str, Requirement], facts: Mapping[str, object]) -> str:
    for name in case.requirements:
        if name in requirements:
            return why_not(requirements[name].applies, facts)
    return "about a document that the profile does not name"


def _hint(word: str, known: Iterable[str]) -> str:
    likely = closest(word, known)
    return f"; did you mean {likely}?" if likely else "; airflow-conformance requirements lists what there is"


def _arguments(item: pytest.Item, mark: str) -> tuple[str, ...]:
    found = [str(argument) for each in item.iter_markers(mark) for argument in each.args]
    return tuple(dict.fromkeys(found))


def _title(item: pytest.Item) -> str:
    text = getattr(getattr(item, "obj", None), "__doc__", None) or item.name.removeprefix("test_").replace("_", " ")
    return " ".join(str(text).strip().split("\n\n")[0].split())
