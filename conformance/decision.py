"""Decides about one request of an operation that writes, by the operation's line in guard.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from conformance import apis
from conformance import body as bodies
from conformance.exchange import Request
from conformance.ownership import Ownership
from specs.contract import Operation

#: Words that a body has to say which action it wants; they name nothing.
_WORDS = frozenset({"create", "update", "delete", "fail", "skip", "overwrite", ""})
#: Keys that a lenient target could take for the name of what a body is about.
_NAMING = frozenset({"id", "name", "key", "pool", "conn_id", "actions"})


class GuardRefusal(Exception):  # noqa: N818 (it says what happened)
    """A request was held back. Names the operation and why; nothing was sent."""


@dataclass(frozen=True)
class Rule:
    """One line of guard.yaml; see there."""

    body: str = ""
    list: str = ""
    bulk: str = ""
    also: tuple[str, ...] = ()
    renames: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    lent: str = ""
    single: str = ""
    key: str = ""
    unset: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    dry: bool = False
    reads: bool = False
    disposes: bool = False
    period: tuple[str, ...] = ()
    anew: bool = False
    creates: str = ""

    @classmethod
    def of(cls, data: dict[str, Any]) -> Rule:
        """Read one; TypeError for a key that does not exist."""
        values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}
        return cls(**values)


@dataclass(frozen=True)
class Creation:
    """Something that a request may create: its kind, and the values that name it (path parameters and body field)."""

    kind: str
    ids: Mapping[str, str]


@cache
def rules(api: str) -> dict[str, Rule]:
    """The rule of each operation of an API that writes."""
    return {name: Rule.of(data) for name, data in apis.load(api).data("guard").items()}


class Decision:
    """One request that writes, of a known operation."""

    def __init__(
        self,
        things: Ownership,
        rule: Rule,
        request: Request,
        operation: Operation,
        ids: Mapping[str, str],
        *,
        local: bool,
    ) -> None:
        self.things = things
        self.rule = rule
        self.operation = operation
        self.request = request
        self.ids = ids
        self.local = local
        self.octets = request.body or b""
        try:
            self.root = bodies.parse(self.octets)
            self.read = True
        except bodies.NotRead:
            self.root, self.read = None, False

    def creations(self) -> list[Creation]:
        """What comes of it; GuardRefusal, with the reason only, when it must not be sent."""
        rule = self.rule
        if self.things.owns("dag_id", self.ids.get("dag_id")):
            return []  # no such DAG: there is nothing that a body could reach
        self._reach()
        if any(self.things.owns(name, value) for name, value in self.ids.items() if name != rule.key):
            return []
        if rule.anew:
            return self._anew()
        if rule.pattern:
            return self._narrowed()
        lent = self._lent()
        if rule.bulk:
            return self._bulk()
        if rule.single:
            self._single()
        if not (rule.body or lent):
            raise GuardRefusal(self._not_own())
        if rule.key and not self.things.owns(rule.key, self.ids[rule.key]):
            raise GuardRefusal(f"{rule.key} {self.ids[rule.key]!r} is not the run's")
        subject = self._subject() if rule.body and self.operation.body_media else {}
        ids = {**self.ids, **subject}
        return [Creation(rule.creates, ids)] if rule.creates and ids else []

    def _reach(self) -> None:
        """Refuse what reaches further than what the path names."""
        for field in (*self.rule.also, *self.rule.renames):
            for value in self._values(field):
                if value is not None and not self.things.owns(field, value):
                    raise GuardRefusal(f"{field} {_shown(value)} is not the run's")
        self._dated()
        for field in self.rule.unset:
            if any(value not in (None, False) for value in bodies.named(self.root, field)):
                raise GuardRefusal(f"{field} reaches further than what it names")

    def _dated(self) -> bool:
        """Whether the body narrows it to one date of the run's own; GuardRefusal when to any other time."""
        found = [[each for each in bodies.named(self.root, name) if each is not None] for name in self.rule.period]
        dates = {str(each) for values in found for each in values}
        if not dates:
            return False
        if not (all(found) and len(dates) == 1 and self.things.owns("execution_date", *dates)):
            raise GuardRefusal(f"{' and '.join(self.rule.period)} have to be one date of the run's own")
        return True

    def _values(self, field: str) -> Iterable[Any]:
        if field in self.rule.renames and isinstance(self.root, bodies.Pairs):
            return self.root.values(field)
        return bodies.named(self.root, field)

    def _anew(self) -> list[Creation]:
        if not self.local:
            raise GuardRefusal("it creates what does not have the run's names, and the target is not this machine")
        return [Creation("default_connections", {})]

    def _narrowed(self) -> list[Creation]:
        pairs = parse_qsl(self.request.query, keep_blank_values=True)
        patterns = [value for name, value in pairs if name in self.rule.pattern]
        if patterns and all(self.things.lends(self.rule.lent, each) for each in patterns):
            self._single()
            return [Creation(self.rule.creates, {self.rule.lent: each}) for each in patterns]
        lent = [each for each in patterns if self.rule.lent and self.things.lends(self.rule.lent, each)]
        own = [each for each in patterns if self.things.prefix in each and not set(each) & set("|~")]
        if not patterns or len(own) + len(lent) < len(patterns):
            raise GuardRefusal(f"without {' or '.join(self.rule.pattern)} for the run's own names it is about all")
        if lent:
            self._single()
        return [Creation(self.rule.creates, {self.rule.lent: each}) for each in lent]

    def _lent(self) -> bool:
        """Whether it is about a part of the fixtures; GuardRefusal when its path is about anything else."""
        rule = self.rule
        if rule.lent in self.ids:
            if not self.things.lends("disposable" if rule.disposes else rule.lent, self.ids[rule.lent]):
                raise GuardRefusal(self._not_own())
            return True
        if self.ids and not rule.lent:
            raise GuardRefusal(self._not_own())
        return bool(rule.lent)

    def _single(self) -> None:
        if not (
            isinstance(self.root, bodies.Pairs) and [(k, type(v)) for k, v in self.root] == [(self.rule.single, bool)]
        ):
            raise GuardRefusal(f"of the fixtures only {self.rule.single} may be changed")

    def _subject(self) -> dict[str, str]:
        """What the body names, by field; GuardRefusal when that is not the run's."""
        field = self.rule.body
        if not self.read and self.octets:
            return self._unread(field)
        objects = self._objects()
        if objects is None:
            return self._misshapen(self.root)
        named: dict[str, str] = {}
        for each in objects:
            values = [value for value in each.values(field) if value is not None]
            if not values:
                self._unnamed(each)
            for value in values:
                named |= self._named(field, value)
        return named

    def _objects(self) -> list[bodies.Pairs] | None:
        """The objects that have to name something; None when the body has another shape."""
        if self.octets and not isinstance(self.root, bodies.Pairs):
            return None
        root = self.root or bodies.Pairs()
        if not self.rule.list:
            return [root]
        lists = root.values(self.rule.list)
        objects = [each for items in lists if isinstance(items, list) for each in items]
        return objects if objects and all(isinstance(each, bodies.Pairs) for each in objects) else None

    def _named(self, field: str, value: Any) -> dict[str, str]:
        if field == self.rule.lent and self.things.lends(field, value):
            if self.rule.marked and not self._marked():
                raise GuardRefusal(f"{' or '.join(self.rule.marked)} has to carry the run's prefix")
            return {field: str(value)}
        if isinstance(value, list) or value is True or value is False:
            return self._misshapen(value)
        if not self.things.owns(field, value):
            raise GuardRefusal(f"{field} {_shown(value)} is not the run's")
        return {field: str(value)}

    def _unnamed(self, root: bodies.Pairs) -> None:
        """Nothing is named: fine where nothing else is said that could name it, or where it is marked."""
        if self.ids:
            if not (self._marked() or self._dated()):
                raise GuardRefusal(f"{' or '.join((self.rule.body, *self.rule.marked))} has to be the run's")
        elif self.rule.lent or any(key.lower() in _NAMING and value is not None for key, value in root):
            self._misshapen(root)

    def _marked(self) -> bool:
        found = [value for field in self.rule.marked for value in bodies.named(self.root, field)]
        texts = [each for value in found for each in bodies.texts(value)]
        dated = any(
            self.things.owns(field, value) for field in self.rule.marked for value in bodies.named(self.root, field)
        )
        return dated or any(each.startswith(self.things.prefix) for each in texts)

    def _bulk(self) -> list[Creation]:
        field, created = self.rule.bulk, []
        if not self.read and self.octets:
            self._unread(field)
            return []
        for action, entity in _entities(self.root):
            values = entity.values(field) if isinstance(entity, bodies.Pairs) else [entity]
            for value in values:
                if isinstance(value, list) or not self.things.owns(field, value):
                    raise GuardRefusal(f"{field} {_shown(value)} is not the run's")
                if action == "create" and self.rule.creates:
                    created.append(Creation(self.rule.creates, {field: str(value)}))
            if not values:
                self._misshapen(entity)
        if not created and not list(_entities(self.root)):
            self._misshapen(self.root)
        return created

    def _misshapen(self, value: Any) -> dict[str, str]:
        """A body of another shape than the contract's: whatever is read out of it has to be the run's."""
        if self.ids:
            raise GuardRefusal("its body has another shape than the contract's")
        numeric = self.rule.body.endswith("asset_id")
        for leaf in bodies.leaves(value):
            if isinstance(leaf, str) and leaf not in _WORDS and not self.things.owns("", leaf):
                raise GuardRefusal(
                    f"its body has another shape than the contract's, and {_shown(leaf)} in it is not the run's"
                )
            if numeric and not isinstance(leaf, str | bool | None) and not self.things.owns("", leaf):
                raise GuardRefusal(f"its body has another shape than the contract's, and {leaf} in it is not the run's")
        return {}

    def _unread(self, field: str) -> dict[str, str]:
        """A body that is no JSON: a lenient target may still read something out of it."""
        words = bodies.words_after(self.octets, field)
        if self.ids and not (self.rule.lent in self.ids and words):
            raise GuardRefusal("its body is no JSON, and nothing in it is the run's")
        if self.rule.bulk and b"entities" in self.octets.lower().replace(b"\0", b""):
            raise GuardRefusal("its body is no JSON, and has entities")
        for name in (field, "id"):
            for word in bodies.words_after(self.octets, name):
                if not self.things.owns(field, word):
                    raise GuardRefusal(f"its body is no JSON, and {word[:60]!r} in it is not the run's")
        return {field: words[0]} if self.ids else {}

    def _not_own(self) -> str:
        named = ", ".join(f"{name} {value!r}" for name, value in self.ids.items()) or "it names nothing"
        return f"{named}: nothing of that is the run's"


def _entities(root: Any) -> Iterable[tuple[Any, Any]]:
    """Action and entity of every entity in a bulk request; as far as it has the shape of one."""
    for actions in root.values("actions") if isinstance(root, bodies.Pairs) else ():
        for action in actions if isinstance(actions, list) else ():
            if isinstance(action, bodies.Pairs):
                names = action.values("action")
                for entities in action.values("entities"):
                    for entity in entities if isinstance(entities, list) else (entities,):
                        yield (names[-1] if names else None), entity


def _shown(value: object) -> str:
    return repr(value)[:60]
