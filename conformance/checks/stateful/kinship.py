"""What belongs to what, and how to ask for it under a parent that is not its own. The data is in parents.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from specs.contract import Operation
from specs.versions import Version, within

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Kinship:
    """What belongs to what among path parameters; see parents.yaml."""

    belongs: Mapping[str, list[str]]
    sole: tuple[str, ...]

    def foreign(self, operation: Operation, family: Mapping[str, Values]) -> Iterator[tuple[str, Values]]:
        """The own values with one of them replaced so that nothing is there by them: that parameter, and the values.

        A PUT puts there what it names, unless there is no such parent.
        """
        names = in_path(operation)
        sole = names & set(self.sole) if operation.method != "PUT" else ()
        own = {name: family["own"][name] for name in names}
        for name in sorted(names):
            if name in family.get("stranger", {}) and self._related(name, names):
                yield name, {**own, name: family["stranger"][name]}
            if name in family.get("sibling", {}) and any(name in self.belongs[one] for one in sole):
                yield name, {**own, name: family["sibling"][name]}

    def _related(self, name: str, names: frozenset[str]) -> bool:
        above = names.intersection(self.belongs.get(name, ()))
        return bool(above) or any(name in self.belongs.get(one, ()) for one in names)


def families(data: Mapping[str, Any], version: Version) -> list[Mapping[str, Any]]:
    """The families of a version."""
    return [each for each in data["families"] if within(version, each.get("since"), each.get("until"))]


def in_path(operation: Operation) -> frozenset[str]:
    """The path parameters of an operation that may have any value."""
    return frozenset(each.name for each in operation.parameters if each.where == "path" and "const" not in each.schema)


def nothing(value: Any) -> bool:
    """Whether an answer tells of nothing: it has no items, no counts and no texts."""
    if isinstance(value, Mapping):
        return all(nothing(each) for each in value.values())
    return value in ([], 0, None, "")
