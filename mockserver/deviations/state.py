"""Faults of memory: what is written and what is then there."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import deviation, wrap
from mockserver.operations import Call, Handler, Page

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.public import PublicMock


def around(mock: Mock, operation: str, change: Callable[[Handler, Call], Any]) -> None:
    """Put `change` around a handler."""
    handler = mock.handlers[operation]
    mock.handlers[operation] = lambda call: change(handler, call)


def afterwards(mock: Mock, operation: str, act: Callable[[Call, Any], object]) -> None:
    """Let more happen once an operation has done its work; `act` gets the call and the answer, and may change that."""

    def answer(handler: Handler, call: Call) -> Any:
        found = handler(call)
        act(call, found)
        return found

    around(mock, operation, answer)


def kept(store: Any, act: Callable[[], Any]) -> Any:
    """Act on a store and put everything in it back."""
    before = {key: copy.copy(record) for key, record in store.items()}
    result = act()
    store.restore(before)
    return result


@deviation(
    "created-variable-forgotten", breaks=["PUB-STATE-001"], sentence="A variable is created with 201 and is not there."
)
def created_variable_forgotten(mock: PublicMock) -> None:
    """Answer, and keep nothing."""
    around(mock, "post_variable", lambda handler, call: kept(call.world.variables, lambda: handler(call)))


@deviation(
    "changed-variable-forgotten",
    breaks=["PUB-STATE-001"],
    sentence="A variable is changed with 200 and stays as it was.",
)
def changed_variable_forgotten(mock: PublicMock) -> None:
    """Answer, and keep nothing."""
    around(mock, "patch_variable", lambda handler, call: kept(call.world.variables, lambda: handler(call)))


@deviation(
    "deleted-variable-stays", breaks=["PUB-STATE-001"], sentence="A variable is deleted with 204 and is still there."
)
def deleted_variable_stays(mock: PublicMock) -> None:
    """Answer, and keep everything."""
    around(mock, "delete_variable", lambda handler, call: kept(call.world.variables, lambda: handler(call)))


@deviation(
    "newest-item-missing", breaks=["PUB-PAGE-006"], sentence="The list of pools lacks the one that was created last."
)
def newest_item_missing(mock: PublicMock) -> None:
    """Be late."""

    def page(original: Callable[..., Page], call: Call, rows: Any, **options: Any) -> Page:
        late = call.operation.id == "get_pools" and len(rows) > 1
        return original(call, list(rows)[:-1] if late else rows, **options)

    wrap(mock.pages, "page", page)


@deviation(
    "first-item-on-every-page",
    breaks=["PUB-PAGE-006"],
    sentence="Every page of variables begins with the first of them.",
)
def first_item_on_every_page(mock: PublicMock) -> None:
    """Repeat it."""

    def window(original: Callable[..., Any], call: Call, rows: Any, limit: int, offset: int) -> Any:
        cut = list(original(call, rows, limit, offset))
        return [rows[0], *cut[1:]] if cut and call.operation.id == "get_variables" else cut

    wrap(mock.pages, "window", window)


@deviation(
    "walk-disturbed-by-inserts",
    breaks=["PUB-PAGE-006"],
    sentence="A list changes its order whenever something is created.",
)
def walk_disturbed_by_inserts(mock: PublicMock) -> None:
    """Turn the rows around with each creation."""

    def ordered(original: Callable[..., Any], call: Call, rows: Any, steps: Any) -> Any:
        found = original(call, rows, steps)
        return list(reversed(found)) if len(call.world.variables) % 2 else found

    wrap(mock.pages, "ordered", ordered)


@deviation(
    "answer-of-the-request-before",
    breaks=["PUB-EXAMPLE-005", "PUB-PAGE-006"],
    sentence="A page of DAGs is the one that was asked for before.",
)
def answer_of_the_request_before(mock: PublicMock) -> None:
    """Cache by path, without the query."""
    last: list[Any] = []

    def show(handler: Handler, call: Call) -> Any:
        page = handler(call)
        last.append(page)
        return last.pop(0) if len(last) > 1 else page

    around(mock, "get_dags", show)


@deviation(
    "schema-shaped-dags", breaks=["PUB-PAGE-006"], sentence="The list of DAGs is always the same single made-up DAG."
)
def schema_shaped_dags(mock: PublicMock) -> None:
    """Invent an answer."""

    def show(handler: Handler, call: Call) -> Any:
        page: Page = handler(call)
        return Page(page.key, list(call.world.dags)[:1], page.view, 1, page.extra)

    around(mock, "get_dags", show)
