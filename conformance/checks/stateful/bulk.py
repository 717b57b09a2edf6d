"""Bulk requests: their actions, and the same done with single requests, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from hypothesis import strategies as st

from conformance.checks.stateful.drafts import bodies, creations_said
from conformance.checks.stateful.model import Said
from conformance.checks.stateful.resource import Resource
from conformance.checks.stateful.trial import Trial

Does = Literal["create", "update", "delete"]
#: How the names end of what is there before, and of what is not.
THERE, ABSENT = "abc", "xyz"
_RULES = st.sampled_from(("fail", "skip"))


@dataclass(frozen=True)
class Action:
    """One action: what it does to which things, what it does where one is there already or is not, and its mask."""

    does: Does
    entities: Sequence[tuple[str, Said]]
    rule: Literal["fail", "skip", "overwrite"]
    mask: list[str] | None = None

    def body(self, trial: Trial) -> dict[str, Any]:
        """As a bulk request has it."""
        field = trial.resource.kind.field
        named = [{field: trial.name(end), **said} for end, said in self.entities]
        existence = "action_on_existence" if self.does == "create" else "action_on_non_existence"
        found = {"action": self.does, "entities": named, existence: self.rule}
        if self.does == "delete":
            found["entities"] = [each[field] for each in named]
        return {**found, "update_mask": self.mask} if self.mask else found

    def in_a_row(self, trial: Trial) -> list[str] | None:
        """Do it with single requests; the ends of the names that it was done to. None where its rule has it fail."""
        apt = [(trial.name(end) in trial.model) == (self.does != "create") for end, _ in self.entities]
        if self.rule == "fail" and not all(apt):
            return None
        return [end for (end, said), fits in zip(self.entities, apt, strict=True) if self._one(trial, end, said, fits)]

    def _one(self, trial: Trial, end: str, said: Said, fits: bool) -> bool:
        name = trial.name(end)
        if not fits and self.rule != "overwrite":
            return False
        kept = _kept(trial, name)
        if self.does == "update":
            trial.change(trial.resource.changes[0], name, said, self.mask, name)
        elif self.does == "delete" or not fits:
            trial.delete(name)
        if self.does == "create":
            trial.create(name, {**kept, **said})
        return True


def requests(resource: Resource) -> st.SearchStrategy[list[Action]]:
    """The actions of one request."""
    return st.lists(st.one_of(list(_actions(resource))), min_size=2, max_size=4).map(_apart)


def expected(actions: Sequence[Action], done: Sequence[list[str] | None], told: Mapping[str, str]) -> dict[str, Any]:
    """What the answer is to say of each kind of action: the things that it was done to, and the errors' statuses."""
    found: dict[str, Any] = {}
    for action, ends in zip(actions, done, strict=True):
        success, errors = found.setdefault(action.does, ([], []))
        success.extend(told[end] for end in ends or ())
        errors.extend([409 if action.does == "create" else 404] * (ends is None))
    return {does: (sorted(success), errors) for does, (success, errors) in found.items()}


def said(answer: Any) -> dict[str, Any]:
    """The same of an answer."""
    kinds = answer.items() if isinstance(answer, Mapping) else ()
    return {
        does: (sorted(each.get("success") or ()), [one.get("status_code") for one in each.get("errors") or ()])
        for does, each in kinds
        if isinstance(each, Mapping)
    }


def _kept(trial: Trial, name: str) -> Said:
    """What one that is there keeps when it is overwritten."""
    keeps = trial.resource.bulk is not None and trial.resource.bulk.keeps
    return trial.model[name] if keeps and name in trial.model else {}


def _apart(actions: list[Action]) -> list[Action]:
    """The actions without what an earlier one is about: what they see of each other differs by kind (measured)."""
    used: set[str] = set()
    found = []
    for action in actions:
        left = [(end, said) for end, said in action.entities if end not in used]
        used.update(end for end, _ in left)
        found += [replace(action, entities=left)] if left else []
    return found


def _actions(resource: Resource) -> Iterator[st.SearchStrategy[Action]]:
    if resource.bulk and resource.bulk.creates:
        entities = _entities(creations_said(resource))
        yield st.builds(Action, st.just("create"), entities, st.sampled_from(("fail", "skip", "overwrite")))
    for change in resource.changes[:1]:
        some = st.sampled_from([*change.sends])
        unmasked = st.builds(Action, st.just("update"), _entities(bodies(resource, change)), _RULES)
        whole = bodies(resource, change, all_of_it=True)
        mask = st.lists(some, min_size=1, unique=True)
        masked = st.builds(Action, st.just("update"), _entities(whole), _RULES, mask)
        yield st.one_of(unmasked, masked) if resource.bulk and resource.bulk.masks else unmasked
    yield st.builds(Action, st.just("delete"), _entities(st.just({})), _RULES)


def _entities(said: st.SearchStrategy[Said]) -> st.SearchStrategy[list[tuple[str, Said]]]:
    ends = st.sampled_from(THERE + ABSENT)
    return st.lists(st.tuples(ends, said), min_size=2, max_size=3, unique_by=lambda each: each[0])
