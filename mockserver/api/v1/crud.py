"""Pools, variables and connections of the stable API: resources whose bodies are read by a form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mockserver.api import crud
from mockserver.api.filters import Getter
from mockserver.api.v1.forms import Form
from mockserver.operations import Call
from mockserver.world.record import Record

R = TypeVar("R", bound=Record)
Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Resource(crud.Resource[R]):
    """One kind of thing.

    `form` reads bodies, `title` is that of what it refuses. `demand` looks at the body of a creation before, `check` at
    its values after.
    """

    form: Form
    title: str = "Bad Request"
    demand: Callable[[Call], None] = lambda _call: None
    check: Callable[[Call, Body], None] = lambda _call, _values: None
    fields: Mapping[str, Getter] = field(default_factory=dict)

    def load(self, call: Call, *, partial: bool = False) -> dict[str, Any]:
        """What the form makes of the body."""
        return self.form.load(call, title=self.title, partial=partial)

    def read(self, call: Call) -> Body:
        """What the form makes of the body, checked."""
        self.demand(call)
        values = self.load(call)
        self.check(call, values)
        return values
