"""What is known of a kind of things whose life can be followed. The data is in machines.yaml, which explains it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from conformance.apis import Api
from conformance.kinds import Kind, kinds
from specs.contract import Interface
from specs.versions import Version, within

MASK: Final = "***"


@dataclass(frozen=True)
class Field:
    """One field: its values, the one that a creation has if it needs one, what it is unless said, how it is shown."""

    name: str
    values: Any
    needed: Any = None
    unsaid: Any = None
    created: bool = True
    shown: str = "plain"
    listed: bool | Literal["maybe"] = True
    adds: bool = False

    def read(self, value: Any) -> Any:
        """What counts of a value that is said or shown."""
        if self.shown == "any order" and isinstance(value, list):
            return sorted(value, key=str)
        if self.shown != "json" or not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            return value

    def set(self, before: Any, said: Any) -> Any:
        """What it is once a change has said something."""
        return [*before, *(each for each in said if each not in before)] if self.adds else said

    def is_in(self, item: Mapping[str, Any]) -> bool:
        """Whether an item of a list has to show it, or shows it though it need not."""
        return self.name in item if self.listed == "maybe" else self.listed

    def told(self, value: Any) -> Any:
        """What an answer is to show for a value."""
        return (MASK if value else None) if self.shown == "masked" else self.read(value)


@dataclass(frozen=True)
class Change:
    """One way to change a thing."""

    operation: str
    sends: tuple[str, ...]
    needs: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    named: bool = True
    renames: bool = False
    whole: bool = False
    joined: bool = False
    absent: int = 404


@dataclass(frozen=True)
class Bulk:
    """The bulk request about things of a kind."""

    operation: str
    creates: bool = True
    keeps: bool = False
    masks: bool = False
    told: str = "{name}"


@dataclass(frozen=True)
class Resource:
    """A kind of things on one version of an API."""

    kind: Kind
    before: tuple[Mapping[str, Any], ...]
    place: Mapping[str, str]
    letters: str
    longest: int
    bounded: bool
    again: str
    absent: int
    fields: tuple[Field, ...]
    changes: tuple[Change, ...]
    orders: Mapping[str, str]
    flaws: tuple[Mapping[str, Any], ...]
    needs: tuple[str, ...]
    bulk: Bulk | None

    def __repr__(self) -> str:
        return self.kind.name

    @property
    def least(self) -> dict[str, Any]:
        """The least that a creation has to say."""
        return {each.name: each.needed for each in self.fields if each.needed is not None}

    @property
    def name_shown(self) -> str:
        """The field that has the name in an answer."""
        return self.kind.name_shown or self.kind.param

    def told(self, said: Mapping[str, Any], *, listed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What an answer is to show of a thing, or an item of a list of it."""
        fields = (each for each in self.fields if each.shown != "never" and (listed is None or each.is_in(listed)))
        return {each.name: each.told(said[each.name]) for each in fields}

    def seen(self, item: Any, names: Sequence[str]) -> Any:
        """What an item of an answer shows of these fields."""
        if not isinstance(item, Mapping):
            return item
        fields = {each.name: each for each in self.fields}
        return {name: fields[name].read(item.get(name)) for name in names}


def resources(api: Api, interface: Interface) -> list[Resource]:
    """Every kind whose life can be followed on this version."""
    return list(_there(api, interface))


def _there(api: Api, interface: Interface) -> Iterator[Resource]:
    for name, data in api.data("machines").items():
        kind = _kind(api, name, data)
        if {kind.create, kind.get} <= interface.operations.keys() and _current(data, interface.version):
            yield _resource(kind, data, interface)


def _kind(api: Api, name: str, data: Mapping[str, Any]) -> Kind:
    own = data.get("kind")
    if own is None:
        return kinds(api.name)[name]
    return Kind(name, **{"fields": {}, **own, "pattern": tuple(own.get("pattern", ()))})


def _resource(kind: Kind, data: Mapping[str, Any], interface: Interface) -> Resource:
    version = interface.version
    names = _of_version(data["names"], version)
    fields = (Field(name, **each) for name, how in data["fields"].items() for each in _versions(how, version))
    changes = (_change(each) for how in data.get("changes", ()) for each in _versions(how, version))
    return Resource(
        kind=_cut(kind, interface),
        before=tuple(data.get("before", ())),
        place=data.get("place", {}),
        letters=names["letters"],
        longest=names["longest"],
        bounded=names.get("bounded", False),
        again=data.get("again", "conflicts"),
        absent=data.get("absent", 404),
        fields=tuple(fields),
        changes=tuple(each for each in changes if each.operation in interface.operations),
        orders=_of_version(data.get("orders", {}), version),
        flaws=tuple(_versions(data.get("flaws", ()), version)),
        needs=tuple(data.get("needs", ())),
        bulk=_bulk(data.get("bulk", ()), interface),
    )


def _cut(kind: Kind, interface: Interface) -> Kind:
    """The kind with the operations, and the patterns of its list, that the version has."""
    listed = interface.operations.get(kind.list)
    patterns = tuple(name for name in kind.pattern if listed and listed.parameter(name))
    return replace(kind, delete=kind.delete if kind.delete in interface.operations else "", pattern=patterns)


def _change(data: Mapping[str, Any]) -> Change:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    return Change(**values)


def _bulk(data: Any, interface: Interface) -> Bulk | None:
    found = (Bulk(**each) for each in _versions(data, interface.version))
    return next((each for each in found if each.operation in interface.operations), None)


def _of_version(how: Any, version: Version) -> dict[str, Any]:
    return next(_versions(how, version))


def _versions(how: Any, version: Version) -> Iterator[dict[str, Any]]:
    """The alternatives of this version, without their marks."""
    for each in [how] if isinstance(how, Mapping) else how:
        if _current(each, version):
            yield {key: value for key, value in each.items() if key not in ("since", "until")}


def _current(data: Mapping[str, Any], version: Version) -> bool:
    return within(version, data.get("since"), data.get("until"))
