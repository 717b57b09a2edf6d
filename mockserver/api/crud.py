"""Things with a key of their own that are created, listed, shown, changed and deleted alike, whatever the API.

What makes them differ is declared in `Resource`; `serve` registers the operations with the `operation` of an API.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from mockserver.api.filters import Getter, select
from mockserver.errors import ApiError, Crash
from mockserver.operations import Answer, Call, Handler, Page
from mockserver.world.record import Record
from mockserver.world.store import Store, Taken
from mockserver.world.world import World

R = TypeVar("R", bound=Record)
Body = Mapping[str, Any]
Register = Callable[..., Callable[[Handler], Handler]]


@dataclass(frozen=True, kw_only=True)
class Resource(ABC, Generic[R]):
    """One kind of thing. `noun` is that of the operationIds; `key` names the key on the record, `path` in paths."""

    noun: str
    path: str
    key: str
    store: Callable[[World], Store[str, R]]
    view: Callable[[Call, R], dict[str, Any]]
    make: Callable[[Call, Body], R]
    missing: Callable[[Call, str], ApiError]
    taken: Callable[[str], ApiError]
    order: Mapping[str, Getter]
    fields: Mapping[str, Getter]
    check_delete: Callable[[str], None] = lambda _key: None
    volatile: bool = False  # what is shown depends on more than the thing itself

    @abstractmethod
    def read(self, call: Call) -> Body:
        """Check the body of a creation; the values that `make` takes."""

    @abstractmethod
    def target(self, call: Call) -> tuple[R, Body]:
        """Check the body of a change; the record, and the values that it is to get."""

    def get(self, call: Call) -> R:
        """The one of the path; 404 when there is none."""
        record = self.store(call.world).get(call.path[self.path])
        if record is None:
            raise self.missing(call, call.path[self.path])
        return record

    def add(self, call: Call, body: Body) -> R:
        """Create one; 409 when its key is in use."""
        try:
            return self.store(call.world).add(body[self.key], self.make(call, body))
        except Taken:
            raise self.taken(body[self.key]) from None

    def create(self, call: Call) -> Body:
        """Create what the body says, and show it."""
        return self.view(call, self.add(call, self.read(call)))

    def set(self, call: Call, record: R, values: Body) -> None:
        """Give a record values. A new key that is in use breaks Airflow down; the documents want a refusal."""
        old = getattr(record, self.key)
        new = values.get(self.key, old)
        try:
            self.store(call.world).rename(old, new)
        except Taken:
            raise self.taken(new) if call.mock.follow == "documents" else Crash("the key is in use") from None
        for name, value in values.items():
            setattr(record, name, value)


def serve(resource: Resource[Any], operation: Register, *, created: int = 200, creates: str | None = None) -> None:
    """Register the operations of a resource; `created` is the status of a creation, `creates` its operationId."""
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

    @operation(creates or f"post_{noun}")
    def create(call: Call) -> Answer:
        return Answer(created, resource.create(call))

    @operation(f"patch_{noun}")
    def patch(call: Call) -> Any:
        record, values = resource.target(call)
        resource.set(call, record, values)
        return resource.view(call, record)

    @operation(f"delete_{noun}")
    def delete(call: Call) -> None:
        resource.check_delete(call.path[resource.path])
        resource.store(call.world).remove(getattr(resource.get(call), resource.key))
