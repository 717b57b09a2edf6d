"""Pools, variables and connections: things with a key of their own that are created, listed, changed and deleted alike.

What makes them differ is declared in `Resource`; `serve` registers the operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mockserver.api.v2.bulk import Outcome, serve_bulk
from mockserver.api.v2.filters import Getter, select
from mockserver.errors import ApiError, not_found
from mockserver.operations import Answer, Call, Page, operation
from mockserver.world.habits import has
from mockserver.world.record import Record
from mockserver.world.store import Store, Taken
from mockserver.world.world import World

R = TypeVar("R", bound=Record)
Body = Mapping[str, Any]


@dataclass(frozen=True)
class Resource(Generic[R]):
    """One kind of thing. `noun` is that of the operationIds; `key` names the key in bodies, `path` in paths."""

    noun: str
    path: str
    key: str
    store: Callable[[World], Store[str, R]]
    view: Callable[[Call, R], dict[str, Any]]
    make: Callable[[Call, Body], R]
    values: Callable[[Call, R, Body], dict[str, Any]]
    missing: str
    mismatch: str
    taken: Callable[[str], ApiError]
    bulk_noun: str
    order: Mapping[str, Getter]
    fields: Mapping[str, Getter]
    check: Callable[[Call, Body], None] = lambda _call, _body: None
    check_patch: Callable[[Call, R, Body, list[str] | None], None] = lambda _call, _record, _body, _mask: None
    check_delete: Callable[[str], None] = lambda _key: None
    body_key: str | None = None  # the name of the key in the bodies of changes, where it is another one
    volatile: bool = False  # what is shown depends on more than the thing itself
    merge_twins: bool = False  # the same key twice in one bulk creation is created once, not refused

    def get(self, call: Call) -> R:
        """The one of the path; 404 when there is none."""
        record = self.store(call.world).get(call.path[self.path])
        if record is None:
            raise not_found(f"{self.missing}: `{call.path[self.path]}` was not found")
        return record

    def add(self, call: Call, body: Body) -> R:
        """Create one; 409 when its key is in use."""
        try:
            return self.store(call.world).add(body[self.key], self.make(call, body))
        except Taken:
            raise self.taken(body[self.key]) from None

    def change(self, call: Call, record: R, body: Body, mask: list[str] | None = None) -> None:
        """Set what the body holds and the mask, if there is one, names."""
        for name, value in self.values(call, record, body).items():
            if not mask or name in mask:
                setattr(record, name, value)


def serve(resource: Resource[Any]) -> None:
    """Register the operations of a resource."""
    noun = resource.noun

    @operation(f"get_{noun}")
    def show(call: Call) -> Any:
        return resource.view(call, resource.get(call))

    @operation(f"get_{noun}s")
    def show_all(call: Call) -> Page:
        rows = select(call, resource.store(call.world), call.query, resource.fields)
        for row in rows if resource.volatile else ():
            row.cache.clear()
        return call.page(rows, key=f"{noun}s", view=lambda row: resource.view(call, row), order=resource.order)

    @operation(f"post_{noun}")
    def create(call: Call) -> Answer:
        resource.check(call, call.body)
        return Answer(201, resource.view(call, resource.add(call, call.body)))

    @operation(f"patch_{noun}")
    def patch(call: Call) -> Any:
        resource.check(call, call.body)
        keys = (resource.key, resource.body_key or resource.key)
        named, mask = next((call.body[key] for key in keys if key in call.body), None), call.query.get("update_mask")
        if named is not None and named != call.path[resource.path]:
            raise ApiError(400, resource.mismatch)
        record = resource.get(call)
        resource.check_patch(call, record, call.body, mask)
        resource.change(call, record, call.body, mask)
        return resource.view(call, record)

    @operation(f"delete_{noun}")
    def delete(call: Call) -> None:
        resource.check_delete(call.path[resource.path])
        resource.store(call.world).remove(getattr(resource.get(call), resource.key))

    serve_bulk(f"bulk_{noun}s", _Bulk(resource))


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
            resource.check(call, entity)
            key = entity[resource.key]
            if key in present and rule == "overwrite":
                self._overwrite(call, entity)
            elif key not in present and not (resource.merge_twins and key in store):
                resource.add(call, entity)
        return Outcome([key for key in keys if rule != "skip" or key not in present])

    def _overwrite(self, call: Call, entity: Body) -> None:
        """Give one that exists all the values that the entity would be created with."""
        made = self._resource.make(call, entity)
        record = self._resource.store(call.world).get(entity[self._resource.key])
        for name, value in vars(made).items():
            if name not in ("number", "cache"):
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
                resource.check(call, entity)
                if resource.noun == "pool" and has(call.world.version, "pools need all fields with a mask too"):
                    resource.check_patch(call, record, {"pool": key, **entity}, None)
                resource.change(call, record, entity, action.get("update_mask"))
                done.append(key)
        return Outcome(done)

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
