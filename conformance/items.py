"""Reads the lists of a target: every item of a kind, page by page where the list has pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from conformance.exchange import NotJson
from conformance.kinds import Kind
from specs import fixtures

if TYPE_CHECKING:
    from conformance.target import Target

#: So many items are asked for at once.
PAGE = 100
#: A list that does not end after so many pages is not believed.
_PAGES = 200


def listed(target: Target, kind: Kind, prefix: str) -> Iterator[dict[str, str]]:
    """What names everything of a kind whose name has the prefix. NotJson when the list cannot be read."""
    lent = {dag.id for dag in fixtures.load().dags}
    for item in items(target, kind, prefix):
        name = item.get(kind.name_shown)
        if not isinstance(name, str) or not name.startswith(prefix):
            continue
        if not kind.within:
            yield {kind.param: name}
        elif item.get(kind.within) in lent:
            yield {kind.within: item[kind.within], kind.param: name}


def items(target: Target, kind: Kind, prefix: str = "", *, within: str = "~") -> Iterator[Mapping[str, Any]]:
    """Every item of a list. `prefix` narrows it as far as the target can do that; `within`: what the items belong to.

    NotJson when a page is no list.
    """
    operation = target.interface.operations[kind.list]
    narrowed = {name: prefix for name in kind.pattern if operation.parameter(name)}
    params = {kind.within: within} if kind.within and operation.parameter(kind.within, "path") else {}
    if kind.within and operation.parameter(kind.within):
        narrowed[kind.within] = within
    offset = 0
    for _ in range(_PAGES):
        query = {"limit": PAGE, "offset": offset, **narrowed} if operation.paged else narrowed
        answer = target.call(kind.list, params=params, query=query)
        found = answer.json() if answer.status == 200 else None
        page = found.get(operation.items) if isinstance(found, dict) and operation.items else found
        if not isinstance(page, list):
            raise NotJson(f"{kind.list} answered {answer.status} without a list")
        yield from (item for item in page if isinstance(item, dict))
        offset += len(page)
        if not page or not operation.paged:
            return
