"""Pools, variables and connections of the public API: resources whose bodies name them, and which come in bulk too.

What makes them differ is declared in `Resource`; `serve` registers the operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mockserver.api import crud
from mockserver.api.v2.bulk import Outcome, serve_bulk
from mockserver.errors import ApiError, not_found
from mockserver.operations import Call, operation
from mockserver.world.habits import has
from mockserver.world.record import Record

R = TypeVar("R", bound=Record)
Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resource(crud.Resource[R]):
    """One kind of thing; `values` says what a change sets."""

    values: Callable[[Call, R, Body], dict[str, Any]]
    mismatch: str
    bulk_noun: str
    check_patch: Callable[[Call, R, Body, list[str] | None], None] = lambda _call, _record, _body, _mask: None
    body_key: str | None = None  # the name of the key in the bodies of changes, where it is another one
    keeps_unsaid: bool = True  # of one that is overwritten, from 3.3 on
    bulk_masks: bool = True  # Airflow looks at the masks of bulk updates
    merge_twins: bool = False  # the same key twice in one bulk creation is created once, not refused

    def read(self, call: Call) -> Body:
        """The body as it is."""
        body: Body = call.body
        return body

    def target(self, call: Call) -> tuple[R, Body]:
        """Refuse a body that names another one than the path; 404 comes after that."""
        body = self.read(call)
        keys = (self.key, self.body_key or self.key)
        named, mask = next((body[key] for key in keys if key in body), None), call.query.get("update_mask")
        if named is not None and named != call.path[self.path]:
            raise ApiError(400, self.mismatch)
        record = self.get(call)
        self.check_patch(call, record, body, mask)
        return record, self.chosen(call, record, body, mask)

    def chosen(self, call: Call, record: R, body: Body, mask: list[str] | None = None) -> Body:
        """What the body holds and the mask, if there is one, names."""
        values = self.values(call, record, body)
        return named(values, mask)


def named(values: Body, mask: list[str] | None) -> dict[str, Any]:
    """What a mask names; without one, all."""
    return {name: value for name, value in values.items() if not mask or name in mask}


def absent(what: str) -> Callable[[Call, str], ApiError]:
    """Word the refusal of a key that is not there."""
    return lambda _call, key: not_found(f"{what}: `{key}` was not found")


def serve(resource: Resource[Any]) -> None:
    """Register the operations of a resource, and the bulk operation."""
    crud.serve(resource, operation, created=201)
    serve_bulk(f"bulk_{resource.noun}s", _Bulk(resource))


class _Bulk(Generic[R]):
    """What a bulk request does to one resource."""

    def __init__(self, resource: Resource[R]) -> None:
        self._resource = resource

    def create(self, call: Call, action: Body) -> Outcome:
        resource, store, entities = self._resource, self._resource.store(call.world), action["entities"]
        keys = [entity[resource.key] for entity in entities]
        present = [key for key in keys if key in store]
        rule = action.get("action_on_existence", "fail")
        if present and rule == "fail":
            return Outcome.refused(f"The {resource.bulk_noun}: {_as_set(present)} already exist.", 409)
        for entity in entities:
            key = entity[resource.key]
            if key in present and rule == "overwrite":
                self._overwrite(call, entity)
            elif key not in present and not (resource.merge_twins and key in store):
                resource.add(call, entity)
        return Outcome([key for key in keys if rule != "skip" or key not in present])

    def _overwrite(self, call: Call, entity: Body) -> None:
        """Give one that exists the values of the entity: all that it would be created with, or only those it has."""
        made = vars(self._resource.make(call, entity))
        record = self._resource.store(call.world).get(entity[self._resource.key])
        keeps = self._resource.keeps_unsaid and has(call.world.version, "overwriting keeps the rest")
        for name, value in made.items():
            if name not in ("number", "cache") and (name in entity or not keeps):
                setattr(record, name, value)

    def update(self, call: Call, action: Body) -> Outcome:
        resource, store = self._resource, self._resource.store(call.world)
        entities = {entity[resource.key]: entity for entity in action["entities"]}
        absent = [key for key in entities if key not in store]
        if absent and action.get("action_on_non_existence", "fail") == "fail":
            return Outcome.refused(f"The {resource.bulk_noun}: {_as_set(absent)} were not found.", 404)
        done = []
        for key, entity in entities.items():
            if (record := store.get(key)) is not None:
                if resource.noun == "pool" and has(call.world.version, "pools need all fields with a mask too"):
                    resource.check_patch(call, record, {"pool": key, **entity}, None)
                resource.set(call, record, resource.chosen(call, record, entity, self._mask(call, action)))
                done.append(key)
        return Outcome(done)

    def _mask(self, call: Call, action: Body) -> list[str] | None:
        looks = self._resource.bulk_masks or call.mock.follow == "documents"
        return action.get("update_mask") if looks else None

    def delete(self, call: Call, action: Body) -> Outcome:
        resource, store = self._resource, self._resource.store(call.world)
        keys = list(dict.fromkeys(one if isinstance(one, str) else one[resource.key] for one in action["entities"]))
        absent = [key for key in keys if key not in store]
        if absent and action.get("action_on_non_existence", "fail") == "fail":
            return Outcome.refused(f"The {resource.bulk_noun}: {_as_set(absent)} were not found.", 404)
        for key in keys:
            store.remove(key)
        return Outcome([key for key in keys if key not in absent])


def _as_set(keys: list[str]) -> str:
    return "{" + ", ".join(repr(key) for key in dict.fromkeys(keys)) + "}"
