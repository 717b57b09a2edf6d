"""Pools of the run's own, as the experimental API creates, shows, lists and deletes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from conformance.checks.experimental_api.answers import record, records, refused, succeeded
from conformance.exchange import Exchange
from conformance.judge import Judge
from conformance.target import Target

#: The pool that every Airflow has.
DEFAULT: Final = "default_pool"


@dataclass(frozen=True)
class Pool:
    """What counts of a pool: in a request its name is `name`, in an answer `pool`."""

    name: str
    slots: int
    description: str | None

    @property
    def body(self) -> dict[str, Any]:
        """The body that asks for it."""
        return {"name": self.name, "slots": self.slots, "description": self.description}

    @property
    def shown(self) -> dict[str, Any]:
        """What an answer is to have."""
        return {"pool": self.name, "slots": self.slots, "description": self.description}


def create(target: Target, pool: Pool) -> Exchange:
    """Ask for a pool."""
    return target.call("create_pool", json=pool.body)


def get(target: Target, name: str) -> Exchange:
    """Ask what a pool is like."""
    return target.call("get_pool", params={"name": name})


def delete(target: Target, name: str) -> Exchange:
    """Ask that a pool be deleted."""
    return target.call("delete_pool", params={"name": name})


def created(target: Target, judge: Judge, pools: Iterable[Pool]) -> bool:
    """Create pools, and judge that this is done; False where one was not."""
    return all(succeeded(judge, create(target, pool), f"{pool} is to be created") for pool in pools)


def counted(shown: dict[str, Any]) -> dict[str, Any]:
    """What counts of a pool that an answer shows."""
    return {name: shown.get(name) for name in ("pool", "slots", "description")}


def there(target: Target, judge: Judge, pools: Iterable[Pool], when: str) -> None:
    """Judge that pools are there as they should be, each by its name, and each once in the list."""
    listed = target.call("get_pools")
    succeeded(judge, listed, "the pools are to be listed")
    for pool in pools:
        found = get(target, pool.name)
        shown = counted(record(found))
        if judge.that(shown == pool.shown, found, f"{when} there is to be {pool.shown}; there is {shown}"):
            judge.reached(found)
        same = [counted(each) for each in records(listed) if each.get("pool") == pool.name]
        judge.that(same == [pool.shown], listed, f"{when} the list is to have {pool.shown} once; it has {same}")


def gone(target: Target, judge: Judge, name: str, when: str) -> None:
    """Judge that a pool is not there, neither by its name nor in the list."""
    refused(judge, get(target, name), f"{when} {name!r}", 404)
    listed = target.call("get_pools")
    names = [each.get("pool") for each in records(listed)]
    judge.that(name not in names, listed, f"{when} the list is not to have {name!r}")
