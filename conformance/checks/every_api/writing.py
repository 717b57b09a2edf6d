"""What the API answers to a write is what it has done: laws about one thing, which is not created yet."""

from __future__ import annotations

from conformance.checks.every_api.things import Thing
from conformance.exchange import Exchange
from conformance.judge import Judge

GONE = {404}


def created(thing: Thing, judge: Judge) -> None:
    """What was created is read back as it was sent, and its collection lists it once."""
    before, listed = thing.listed()
    judge.that(listed == 0, before, f"nothing lists the {thing!r} before it is created; it was listed {listed} times")
    if made := _created(thing, judge):
        if _is(thing, judge, thing.as_created(), "created"):
            judge.reached(made)
        after, listed = thing.listed()
        if judge.that(listed == 1, after, f"the new {thing!r} is to be listed once; it was listed {listed} times"):
            judge.reached(after)


def changed(thing: Thing, judge: Judge) -> None:
    """A change changes what it says and nothing else."""
    if not _created(thing, judge):
        return
    _, before = thing.state()
    change = thing.change("admin")
    ok = judge.that(change.status == 200, change, f"a {thing!r} can be changed; the answer was {change.status}")
    if ok and _is(thing, judge, (before or {}) | thing.as_changed(), "changed"):
        judge.reached(change)


def masked(thing: Thing, judge: Judge) -> None:
    """A change with an update mask changes what the mask names, and nothing else that the body says."""
    if not _created(thing, judge):
        return
    change = thing.change_masked()
    ok = judge.that(
        change.status == 200, change, f"a {thing!r} can be changed with update_mask; the answer was {change.status}"
    )
    if ok:
        changed = {name: value for name, value in thing.as_changed().items() if name == thing.masked}
        _is(thing, judge, thing.as_created() | changed, f"changed in {thing.masked} alone")


def deleted(thing: Thing, judge: Judge) -> None:
    """What was deleted is found no more, is listed no more, and cannot be deleted again."""
    if not _created(thing, judge):
        return
    delete = thing.delete("admin")
    if not judge.that(delete.status == 204, delete, f"a {thing!r} can be deleted; the answer was {delete.status}"):
        return
    gone = [
        judge.that(again.status in GONE, again, f"a deleted {thing!r} is gone; the answer was {again.status}")
        for again in (thing.state()[0], thing.delete("admin"))
    ]
    after, listed = thing.listed()
    judge.that(listed == 0, after, f"a deleted {thing!r} is listed no more; it was listed {listed} times")
    if all(gone):
        judge.reached(delete)


def created_twice(thing: Thing, judge: Judge) -> None:
    """Creating what is there already is a conflict and leaves it as it was; a kind that overwrites is as created."""
    if not _created(thing, judge):
        return
    thing.change("admin")
    _, before = thing.state()
    again = thing.create()
    if thing.overwrites:
        judge.that(
            again.status == 200, again, f"a second {thing!r} of a name overwrites; the answer was {again.status}"
        )
        _is(thing, judge, thing.as_created(), "created anew")
        return
    judge.that(again.status == 409, again, f"a second {thing!r} of a name is a conflict; the answer was {again.status}")
    exchange, after = thing.state()
    judge.that(after == before, exchange, f"a refused {thing!r} changes nothing; it was {before}, it is {after}")


def refused(thing: Thing, judge: Judge) -> None:
    """A creation that is refused for what it says leaves nothing behind."""
    refused = thing.create_wrongly()
    ok = refused.status is not None and 400 <= refused.status < 500
    judge.that(ok, refused, f"a {thing!r} with an unknown field is refused; the answer was {refused.status}")
    found, _ = thing.state()
    judge.that(found.status in GONE, found, f"a refused {thing!r} is not there; the answer was {found.status}")


#: The laws for every kind. `masked` holds for those with a field that a mask can single out.
LAWS = (created, changed, deleted, created_twice, refused)


def _created(thing: Thing, judge: Judge) -> Exchange | None:
    exchange = thing.create()
    ok = exchange.status in (200, 201)
    judge.that(ok, exchange, f"an admin can create a {thing!r}; the answer was {exchange.status}")
    return exchange if ok else None


def _is(thing: Thing, judge: Judge, expected: dict[str, object], what: str) -> bool:
    exchange, state = thing.state()
    found = state and {name: state[name] for name in expected}
    ok = judge.that(found == expected, exchange, f"the {thing!r} is to be as {what}: {expected}; it is {found}")
    if ok:
        judge.reached(exchange)
    return ok
