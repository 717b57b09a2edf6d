"""Holds back every request that could change what the run did not create.

A request that only asks goes through. One that writes goes through when it names what the run owns (its names begin
with the run's prefix), or what provably belongs to nobody: such a name that was never created, or a number that no
target has counted up to. Which part of a request names what it changes stands in `guard.yaml`; an operation that does
not stand there, a wildcard, a path that can be read in two ways, a body that names anything else: all that is refused.
Who asks does not count, for a target that forgets to look at credentials must not come to harm either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

from conformance import body as bodies
from conformance.exchange import SAFE, Request
from specs import fixtures, yamlfile
from specs.contract import Interface, Operation

#: Numbers that no target has counted up to, and that every database can hold.
ABSENT_NUMBERS = range(2_000_000_000, 2**31)
#: Words that a body has to say which action it wants; they name nothing.
_WORDS = frozenset({"create", "update", "delete", "fail", "skip", "overwrite", ""})
_LOGINS = frozenset({"/auth/token", "/auth/token/cli", "/auth/token/login"})
#: There is nothing to change at these, whatever the method.
_INERT = frozenset({"/api/v2/version", "/api/v2/monitor/health"})
_OVERRIDES = frozenset({"x-http-method-override", "x-http-method", "x-method-override"})


class GuardRefusal(Exception):
    """A request was held back. Names the operation and why; nothing was sent."""


@dataclass(frozen=True)
class Rule:
    """One line of guard.yaml; see there."""

    body: str = ""
    list: str = ""
    bulk: str = ""
    also: tuple[str, ...] = ()
    marked: tuple[str, ...] = ()
    lent: str = ""
    single: str = ""
    key: str = ""
    unset: tuple[str, ...] = ()
    pattern: tuple[str, ...] = ()
    dry: bool = False
    reads: bool = False
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
def rules() -> dict[str, Rule]:
    """The rule of each operation that writes."""
    return {name: Rule.of(data) for name, data in yamlfile.read("conformance", "guard.yaml").items()}


class Guard:
    """Decides about requests of one run.

    `prefix`: how the run's names begin. `writes`: False holds back everything but questions and logins, `why_not` says
    why. `local`: the target is this machine. `lends`: the fixture DAGs are there for the suite to use. `kept`: tokens
    that somebody gave to the run; they are not to be revoked.
    """

    def __init__(
        self,
        interface: Interface,
        prefix: str,
        *,
        writes: bool = True,
        why_not: str = "the run is read-only",
        local: bool = True,
        lends: bool = True,
        kept: Iterable[str] = (),
    ) -> None:
        self.interface = interface
        self.prefix = prefix
        self.why_not = "" if writes else why_not
        self.local = local
        self.kept = frozenset(kept)
        self._owned: set[tuple[str, str]] = set()
        self._lent: set[tuple[str, str]] = set()
        if lends:
            self._lent.update(("dag_id", dag.id) for dag in fixtures.load().dags)
        self._lends = lends

    def own(self, name: str, value: object) -> None:
        """Take note that the run created what this path parameter names with this value, such as a backfill's id."""
        self._owned.add((name, str(value)))

    def lend(self, name: str, value: object) -> None:
        """Take note that this value of a path parameter names a part of the fixtures, such as an asset's id."""
        if self._lends:
            self._lent.add((name, str(value)))

    def check(self, request: Request) -> list[Creation]:
        """What the request may create. GuardRefusal when it has to be held back."""
        self._framing(request)
        created: list[Creation] = []
        for method in self._methods(request):
            for segments in _readings(request.path):
                created = self._reading(request, method, segments) or created
        return created

    def _methods(self, request: Request) -> list[str]:
        """The methods that a target may take the request for."""
        others = [value.strip().upper() for name, value in request.headers if name.lower() in _OVERRIDES]
        others += [value.upper() for name, value in parse_qsl(request.query) if name.lower() == "_method"]
        method = request.method.upper() if request.method.upper() in SAFE else request.method
        return list(dict.fromkeys((method, *others)))

    def _framing(self, request: Request) -> None:
        """Refuse what could hide a second request in the body of the first."""
        lengths = [value.strip() for name, value in request.headers if name.lower() == "content-length"]
        hidden = len(lengths) > 1 or any(not each.isdigit() or int(each) < len(request.body or b"") for each in lengths)
        if request.body and hidden:
            raise self._refusal(request, "its Content-Length hides a part of the body")
        for name, value in request.headers:
            if name.lower() == "transfer-encoding":
                raise self._refusal(request, "it has a Transfer-Encoding of its own")
            if name.lower() == "content-encoding" and request.body and value.strip().lower() != "identity":
                raise self._refusal(request, "its body cannot be read: it has a Content-Encoding")

    def _reading(self, request: Request, method: str, segments: tuple[str, ...]) -> list[Creation]:
        path = "/" + "/".join(segments)
        if path in _LOGINS:
            return []
        if method in SAFE:
            if segments and segments[-1].lower() == "logout":
                self._logout(request)
            return []
        if self.why_not:
            raise self._refusal(request, self.why_not)
        self._understandable(request, segments)
        operation = self.interface.find(method, "/" + "/".join(quote(each, safe="~") for each in segments))
        if operation is None:
            if path not in _INERT and not any(each.startswith(self.prefix) for each in segments):
                raise self._refusal(request, "it is no operation of the contract, and nothing in its path is the run's")
            return []
        return self._operation(request, operation, path_values(operation, segments))

    def _logout(self, request: Request) -> None:
        if self.why_not:
            raise self._refusal(request, self.why_not)
        if any(token in value for token in self.kept for _, value in request.headers):
            raise self._refusal(request, "it would revoke a token that was given to the run")

    def _understandable(self, request: Request, segments: Iterable[str]) -> None:
        if "#" in request.target or not request.target.startswith("/"):
            raise self._refusal(request, "its target is no plain path")
        for each in segments:
            if {".", ".."} & set(re.split(r"[\\/;]", each)):
                raise self._refusal(request, f"its path can be read in more ways than one: {each!r}")

    def _operation(self, request: Request, operation: Operation, ids: Mapping[str, str]) -> list[Creation]:
        rule = rules().get(operation.id)
        if rule is None:
            raise self._refusal(request, "guard.yaml has no rule for it", operation)
        if rule.reads:
            return []
        if "~" in ids.values():
            raise self._refusal(request, "it is about everything: ~", operation)
        try:
            return _Decision(self, rule, request, operation, ids).creations()
        except GuardRefusal as refusal:
            raise self._refusal(request, str(refusal), operation) from None

    def owns(self, name: str, value: object) -> bool:
        """Whether that value of a parameter or field is the run's, or provably nobody's."""
        if isinstance(value, int) and not isinstance(value, bool):
            return value in ABSENT_NUMBERS or (name, str(value)) in self._owned
        if not isinstance(value, str):
            return False
        if value.isascii() and value.isdigit() and len(value) == 10:
            return int(value) in ABSENT_NUMBERS
        return value.startswith(self.prefix) or (name, value) in self._owned

    def lends(self, name: str, value: object) -> bool:
        """Whether that value of a parameter or field names a part of the fixtures."""
        return not isinstance(value, bool) and (name, str(value)) in self._lent

    def _refusal(self, request: Request, why: str, operation: Operation | None = None) -> GuardRefusal:
        name = operation.id if operation else request.operation
        about = f" ({name})" if name else ""
        return GuardRefusal(f"{request.method} {request.path[:200]}{about} is not sent: {why}")


class _Decision:
    """One request that writes, of a known operation."""

    def __init__(
        self, guard: Guard, rule: Rule, request: Request, operation: Operation, ids: Mapping[str, str]
    ) -> None:
        self.guard = guard
        self.rule = rule
        self.operation = operation
        self.request = request
        self.ids = ids
        self.octets = request.body or b""
        try:
            self.root = bodies.parse(self.octets)
            self.read = True
        except bodies.NotRead:
            self.root, self.read = None, False

    def creations(self) -> list[Creation]:
        """What comes of it; GuardRefusal, with the reason only, when it must not be sent."""
        rule = self.rule
        self._reach()
        if any(self.guard.owns(name, value) for name, value in self.ids.items() if name != rule.key):
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
        if rule.key and not self.guard.owns(rule.key, self.ids[rule.key]):
            raise GuardRefusal(f"{rule.key} {self.ids[rule.key]!r} is not the run's")
        subject = self._subject() if rule.body and self.operation.body_media else {}
        return [Creation(rule.creates, {**self.ids, **subject})] if rule.creates else []

    def _reach(self) -> None:
        """Refuse what reaches further than what the path names."""
        for field in self.rule.also:
            for value in bodies.named(self.root, field):
                if value is not None and not self.guard.owns(field, value):
                    raise GuardRefusal(f"{field} {_shown(value)} is not the run's")
        for field in self.rule.unset:
            if any(value not in (None, False) for value in bodies.named(self.root, field)):
                raise GuardRefusal(f"{field} reaches further than what it names")

    def _anew(self) -> list[Creation]:
        if not self.guard.local:
            raise GuardRefusal("it creates what does not have the run's names, and the target is not this machine")
        return [Creation("default_connections", {})]

    def _narrowed(self) -> list[Creation]:
        pairs = parse_qsl(self.request.query, keep_blank_values=True)
        patterns = [value for name, value in pairs if name in self.rule.pattern]
        if not patterns or any(self.guard.prefix not in each or set(each) & set("|~") for each in patterns):
            raise GuardRefusal(f"without {' or '.join(self.rule.pattern)} for the run's own names it is about all")
        return []

    def _lent(self) -> bool:
        """Whether it is about a part of the fixtures; GuardRefusal when its path is about anything else."""
        rule = self.rule
        if rule.lent in self.ids:
            if not self.guard.lends(rule.lent, self.ids[rule.lent]):
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
        if field == self.rule.lent and self.guard.lends(field, value):
            if self.rule.marked and not self._marked():
                raise GuardRefusal(f"{' or '.join(self.rule.marked)} has to carry the run's prefix")
            return {field: str(value)}
        if isinstance(value, list) or value is True or value is False:
            return self._misshapen(value)
        if not self.guard.owns(field, value):
            raise GuardRefusal(f"{field} {_shown(value)} is not the run's")
        return {field: str(value)}

    def _unnamed(self, root: bodies.Pairs) -> None:
        """Nothing is named: fine where nothing else is said that could name it, or where it is marked."""
        if self.ids:
            if not self._marked():
                raise GuardRefusal(f"{' or '.join((self.rule.body, *self.rule.marked))} has to be the run's")
        elif any(key.lower() in ("id", "name", "key", "pool", "conn_id", "actions") for key, _ in root):
            self._misshapen(root)

    def _marked(self) -> bool:
        found = [value for field in self.rule.marked for value in bodies.named(self.root, field)]
        texts = [each for value in found for each in bodies.leaves(value) if isinstance(each, str)]
        return any(each.startswith(self.guard.prefix) for each in texts)

    def _bulk(self) -> list[Creation]:
        field, created = self.rule.bulk, []
        if not self.read and self.octets:
            self._unread(field)
            return []
        for action, entity in _entities(self.root):
            values = entity.values(field) if isinstance(entity, bodies.Pairs) else [entity]
            for value in values:
                if isinstance(value, list) or not self.guard.owns(field, value):
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
            if isinstance(leaf, str) and leaf not in _WORDS and not self.guard.owns("", leaf):
                raise GuardRefusal(
                    f"its body has another shape than the contract's, and {_shown(leaf)} in it is not the run's"
                )
            if numeric and not isinstance(leaf, str | bool | None) and not self.guard.owns("", leaf):
                raise GuardRefusal(f"its body has another shape than the contract's, and {leaf} in it is not the run's")
        return {}

    def _unread(self, field: str) -> dict[str, str]:
        """A body that is no JSON: a lenient target may still read something out of it."""
        if self.ids:
            raise GuardRefusal("its body is no JSON")
        if self.rule.bulk and b"entities" in self.octets.lower().replace(b"\0", b""):
            raise GuardRefusal("its body is no JSON, and has entities")
        for name in (field, "id"):
            for word in bodies.words_after(self.octets, name):
                if not self.guard.owns(field, word):
                    raise GuardRefusal(f"its body is no JSON, and {word[:60]!r} in it is not the run's")
        return {}

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


def _readings(path: str) -> Iterable[tuple[str, ...]]:
    """The segments of a path in every way in which a target may read it: decoded before or after it is split, twice."""
    once = unquote(path)
    found = [tuple(map(unquote, path.split("/"))), tuple(once.split("/")), tuple(unquote(once).split("/"))]
    return dict.fromkeys(tuple(each for each in segments if each) for segments in found)


def path_values(operation: Operation, segments: Sequence[str]) -> dict[str, str]:
    """The values of an operation's path parameters in a path of it."""
    names = operation.path.split("/")[1:]
    return {name[1:-1]: value for name, value in zip(names, segments, strict=True) if name.startswith("{")}


def _shown(value: object) -> str:
    return repr(value)[:60]
