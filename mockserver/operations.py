"""Operations: how a handler is registered, what it is given and what it may answer.

A handler is a plain function of one `Call`, registered under the operationId of the contract::

    from mockserver.errors import not_found
    from mockserver.operations import Answer, Call, operation

    @operation("get_pool")
    def get_pool(call: Call) -> Any:
        pool = call.world.pools.get(call.path["pool_name"])
        if pool is None:
            raise not_found(f"The Pool with name: `{call.path['pool_name']}` was not found")
        return pool_view(pool)                      # a dict with every field known; the contract chooses which are sent

    @operation("get_pools")
    def get_pools(call: Call) -> Any:
        rows = call.world.pools.matching(call.query.get("pool_name_pattern"))
        return call.page(rows, key="pools", view=pool_view, order={"id": by("id"), "name": by("name")})

    @operation("delete_pool")
    def delete_pool(call: Call) -> Any:
        ...
        return None                                 # the first documented success status is 204: an empty answer

* What is returned is rendered against the response schema of the profile's version and sent with the first documented
  success status; an `Answer` chooses status, headers and media type itself (a body of bytes is sent as it stands).
* `datetime` values are sent as RFC 3339 (UTC as "Z", no fraction when it is zero).
* Refusals are raised: see `mockserver.errors`.
* Handlers run on the event loop and must not block. They are called with everything checked that the contract can
  check: the user is known and may use the operation, path, query and body are valid and coerced.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.world.clock import Clock
    from mockserver.world.world import World
    from specs.contract import Operation

Handler = Callable[["Call"], Any]
View = Callable[[Any], Mapping[str, Any]]
SortKey = Callable[[Any], Any]


class Handlers(dict[str, Handler]):
    """The handlers of one API by operationId; its `operation` registers them.

    `first` has, for some, what is done before the body is looked at; its decorator is `before_the_body`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[str, Handler] = {}

    def before_the_body(self, *ids: str) -> Callable[[Handler], Handler]:
        """Register what refuses a request before its body is looked at."""

        def register(handler: Handler) -> Handler:
            self.first.update(dict.fromkeys(ids, handler))
            return handler

        return register

    def operation(self, *ids: str) -> Callable[[Handler], Handler]:
        """Register a handler for one or more operationIds; a second handler for the same one is a ValueError."""

        def register(handler: Handler) -> Handler:
            for name in ids:
                if name in self:
                    raise ValueError(f"operation {name!r} already has the handler {self[name].__name__}")
                self[name] = handler
            return handler

        return register


HANDLERS = Handlers()
operation = HANDLERS.operation
before_the_body = HANDLERS.before_the_body


@dataclass(frozen=True, slots=True)
class User:
    """Who makes a call. `role` is the lower-case role name; `id` is FAB's user number, or None."""

    name: str
    role: str
    id: int | None = None


@dataclass(slots=True)
class Answer:
    """An answer that the handler decides itself.

    `body`: bytes are sent as they stand; anything else is rendered as JSON against the schema of `status`, if there is
    one. `media` is the Content-Type; None sends no Content-Type with bytes, and JSON's otherwise.
    """

    status: int = 200
    body: Any = b""
    headers: Sequence[tuple[str, str]] = ()
    media: str | None = None


@dataclass(slots=True)
class Page:
    """One page of a collection, still rows; the renderer turns each into bytes and keeps them on the row (`cache`).

    `extra` holds further top-level members of the answer.
    """

    key: str
    rows: Sequence[Any]
    view: View
    total: int | None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Call:
    """One checked request on its way to the handler.

    `path` and `query` are coerced by the contract's schemas (integers, booleans, lists, aware datetimes) and `query`
    holds the defaults; `body` is the coerced JSON body without defaults for what was not sent, or None. `headers` has
    lower-case names. `raw_query` is the query string as sent.
    """

    mock: Mock
    operation: Operation
    user: User
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any
    headers: Mapping[str, str]
    raw_query: str = ""

    @property
    def world(self) -> World:
        """The world that the call acts on."""
        return self.mock.world

    @property
    def clock(self) -> Clock:
        """The clock of the mock."""
        return self.mock.clock

    def page(self, rows: Sequence[Any], *, key: str, view: View, order: Mapping[str, SortKey]) -> Page:
        """Order and cut `rows` as the request asks: order_by, limit (capped), offset, cursor.

        `rows` come in the order of their primary key (that breaks ties); `order` maps each API name that can be
        ordered by to a function of a row (None sorts first). Also for the POST lists, whose paging is in the body.
        A row with a dict attribute `cache` has its rendered bytes kept there; the row clears it when it changes, so
        `view` must depend on the row alone, or its caller clear the caches first. A row without one is rendered anew
        each time. An order named "id" is the primary key, which cursors need.
        Raises ApiError 400 for an unknown order name or a bad cursor.
        """
        return self.mock.pages.page(self, rows, key=key, view=view, order=order)
