"""The stories of an API: sequences of requests that reach its operations on content that is known to be there.

The data is in apis/NAME/stories.yaml; that of public-v2 explains its keys. Every mistake in it is a StoryError with
file and line. What a story can say is held against a contract by `faults`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from specs import contract
from specs.contract import Interface, Operation
from specs.fixtures.reader import FixtureError, Kinds, Path, Reader
from specs.versions import Version, within

_ANY = object
_VERSION = (str, float, int)
_STORY: Kinds = {"needs": list, "since": _VERSION, "until": _VERSION, "about": str, "steps": list, "watched": dict}
_STEP: Kinds = {
    "do": str,
    "needs": list,
    "since": _VERSION,
    "until": (*_VERSION, dict),
    "params": dict,
    "query": dict,
    "headers": dict,
    "json": _ANY,
    "role": (str, type(None)),
    "token": str,
    "status": (int, list),
    "media": str,
    "has": _ANY,
    "lists": (dict, list),
    "count": int,
    "shows": list,
    "text": (str, list),
    "answers": dict,
    "keep": dict,
    "owns": dict,
    "touches": list,
    "undoes": list,
    "may": list,
    "tells": list,
}
#: How a step says what it knows of the content of an answer.
KNOWS = ("has", "lists", "shows", "text", "answers", "until")


class StoryError(ValueError):
    """A mistake in the data; the message reads "file:line: what"."""


@dataclass(frozen=True)
class Step:
    """One request and what its answer is to be. The fields are the keys of the data; `awaits` is its `until: {...}`.

    `since`, `until`: the versions that it is told in. `where`: file and line.
    """

    do: str
    where: str
    needs: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    role: str | None = "admin"
    fresh: bool = False
    status: Sequence[int] = ()
    media: str | None = None
    awaits: Mapping[str, Any] | None = None
    has: Sequence[Any] = ()
    lists: Sequence[Mapping[str, Any]] = ()
    count: int = 1
    shows: Sequence[str] = ()
    text: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    keep: Mapping[str, Sequence[str]] = field(default_factory=dict)
    owns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    touches: Sequence[str] = ()
    undoes: Sequence[str] = ()
    may: Sequence[str] = ()
    tells: Sequence[str] = ()

    @property
    def knows(self) -> bool:
        """Whether it says anything about the content of the answer."""
        return any((self.awaits, self.has, self.lists, self.shows, self.text, self.answers))

    @property
    def marked(self) -> bool:
        """Whether it says what becomes of what is watched."""
        return any((self.touches, self.undoes, self.may))

    def wanted(self, operation: Operation) -> tuple[int, ...]:
        """The statuses that are right."""
        return tuple(self.status) or operation.success

    def reaches(self, operation: Operation) -> bool:
        """Whether a success of the operation is right."""
        return not set(operation.success).isdisjoint(self.wanted(operation))

    def told(self, interface: Interface) -> bool:
        """Whether the interface's version has it."""
        return self.do in interface.operations and within(interface.version, self.since, self.until)


@dataclass(frozen=True)
class Story:
    """One story of an API. `needs`: capabilities and facts without which none of it can be told.

    `watched`: what is looked at after each of its steps, by name; see bystanders.yaml.
    """

    name: str
    api: str
    steps: tuple[Step, ...]
    needs: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    watched: Mapping[str, Step] = field(default_factory=dict)

    def told(self, interface: Interface) -> tuple[Step, ...]:
        """Its steps that the interface's version has; () where nothing of it can be told."""
        here = within(interface.version, self.since, self.until)
        return tuple(step for step in self.steps if step.told(interface)) if here else ()


@cache
def load(api: str, kind: str = "stories") -> tuple[Story, ...]:
    """The stories of an API, or what else is told in steps, in the order of the file; StoryError."""
    name = f"apis/{api}/{kind}.yaml"
    file = resources.files("conformance").joinpath(name)
    return read(file.read_text(encoding="utf-8"), f"conformance/{name}", api) if file.is_file() else ()


def read(text: str, source: str, api: str) -> tuple[Story, ...]:
    """The stories in a text; StoryError."""
    try:
        reader = Reader(text, source)
        reader.kind(reader.value, (), dict)
        return tuple(_story(reader, api, str(name), value) for name, value in reader.value.items())
    except FixtureError as error:
        raise StoryError(str(error)) from None


def told(interface: Interface, api: str, kind: str = "stories") -> list[Story]:
    """The stories of an API of which this version has something."""
    return [story for story in load(api, kind) if story.told(interface)]


def reaching(interface: Interface, api: str, operation: str) -> list[tuple[str, tuple[str, ...]]]:
    """Which steps of the stories could reach an operation in this version: the story's name, and what they need.

    Needs are capabilities and facts, as `conformance.needs` takes them. A step that is to be refused reaches nothing.
    """
    return [
        (story.name, (*story.needs, *step.needs))
        for story in told(interface, api)
        for step in story.told(interface)
        if step.do == operation and step.reaches(interface.operations[operation])
    ]


def faults(api: str, kind: str = "stories") -> list[str]:
    """What the stories of an API say that no version of its contract has, one line each."""
    whole = contract.load(api)
    cuts = [whole.cut(version, manager) for version in whole.versions for manager in whole.auth_managers]
    return [
        fault
        for story in load(api, kind)
        for step in (*story.steps, *story.watched.values())
        for fault in _faults(story, step, cuts)
    ]


def _faults(story: Story, step: Step, cuts: Sequence[Interface]) -> Iterator[str]:
    here = [cut.operations[step.do] for cut in cuts if story.told(cut) and step.told(cut)]
    if not here:
        yield f"{step.where}: no version that {story.name} is told in has an operation {step.do}"
        return
    for where, names in (("path", step.params), ("query", step.query)):
        for name in names:
            if not any(operation.parameter(name, where) for operation in here):
                yield f"{step.where}: {step.do} has no {where} parameter {name}"
    for operation in here:
        if missing := {one.name for one in operation.parameters if one.where == "path"} - step.params.keys():
            yield f"{step.where}: {step.do} needs the path parameter {min(missing)}"
        for status in set(step.status) - operation.responses.keys():
            yield f"{step.where}: the contract has no status {status} for {step.do}"
        right = {*step.wanted(operation)} & {*operation.success}
        if not (step.knows or story.watched) and any(operation.media[status] for status in right):
            yield f"{step.where}: nothing is known of what {step.do} answers; say one of {', '.join(KNOWS)}"


def _story(reader: Reader, api: str, name: str, value: Any) -> Story:
    data = reader.mapping(value, (name,), _STORY, ("steps",))
    steps = tuple(_step(reader, (name, "steps", number), each) for number, each in enumerate(data["steps"]))
    if not steps:
        raise reader.fail((name, "steps"), f"'{name}' has no steps")
    watched = {
        str(each): _step(reader, (name, "watched", each), read) for each, read in data.get("watched", {}).items()
    }
    for number, step in enumerate(steps):
        if unknown := {*step.touches, *step.undoes, *step.may, *step.tells} - watched.keys():
            raise reader.fail((name, "steps", number), f"'{min(unknown)}' is not watched")
    since, until = (_version(reader, data, key, (name,)) for key in ("since", "until"))
    return Story(name, api, steps, reader.texts(data, "needs", (name,)), since, until, watched)


def _step(reader: Reader, path: Path, value: Any) -> Step:
    reader.kind(value, path, dict)
    data = reader.mapping(value, path, _STEP, ("do",))
    awaits = data.pop("until") if isinstance(data.get("until"), dict) else None
    for pointers in (data.get("shows", ()), *map(_several, data.get("keep", {}).values())):
        for pointer in pointers:
            if not (isinstance(pointer, str) and pointer.startswith("/")):
                raise reader.fail(path, f"'{pointer}' is no JSON pointer; it begins with /")
    if data.get("token", "fresh") != "fresh":
        raise reader.fail((*path, "token"), "'token' can only be fresh")
    return Step(
        do=data["do"],
        where=f"{reader.name}:{reader.lines[path]}",
        needs=reader.texts(data, "needs", path),
        since=_version(reader, data, "since", path),
        until=_version(reader, data, "until", path),
        body={"json": data["json"]} if "json" in data else {},
        fresh="token" in data,
        awaits=awaits,
        status=_several(data.get("status", ())),
        has=[data["has"]] if "has" in data else (),
        keep={word: _several(pointers) for word, pointers in data.get("keep", {}).items()},
        lists=_several(data.get("lists", ())),
        text=_several(data.get("text", ())),
        **{key: data[key] for key in _AS_THEY_ARE if key in data},
    )


_OF_WATCHED = ("touches", "undoes", "may", "tells")
_AS_THEY_ARE = ("params", "query", "headers", "role", "media", "count", "shows", "answers", "owns", *_OF_WATCHED)


def _several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _version(reader: Reader, data: Mapping[str, Any], key: str, path: Path) -> str | None:
    if key not in data:
        return None
    try:
        if not isinstance(data[key], str):
            raise ValueError(f"{data[key]!r} is no text; put the version in quotes")
        return str(Version.parse(data[key]))
    except ValueError as error:
        raise reader.fail((*path, key), f"'{key}': {error}") from None
