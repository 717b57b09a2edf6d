"""Pools are created, shown, listed, changed and deleted, one at a time (experimental-api, "Endpoints")."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.checks.experimental_api.answers import record, records, refused, succeeded
from conformance.checks.experimental_api.pools import DEFAULT, Pool, counted, create, created, delete, get, gone, there
from conformance.judge import Judge
from conformance.marks import depth as at_depth
from conformance.marks import requirement
from conformance.strategies.pool_names import TELLING, descriptions, neighbours, suffixes
from conformance.target import Target

#: Of so many pools that were there before each is asked for by its name.
_FEW = 10


@requirement("EXP-POOL-001", "EXP-POOL-004")
def test_pools_are_listed(target: Target, judge: Judge) -> None:
    """The list has the pool that every Airflow has, no name twice, and each as it is when asked for by its name."""
    listed = target.call("get_pools")
    succeeded(judge, listed, "the pools are to be listed")
    names = [str(each.get("pool")) for each in records(listed)]
    judge.that(
        DEFAULT in names, listed, f"the list is to have {DEFAULT}; it has {names[:9]}", requirement="EXP-POOL-001"
    )
    twice = sorted({name for name in names if names.count(name) > 1})
    judge.that(not twice, listed, f"no pool is to be listed twice; {twice[:3]} are", requirement="EXP-POOL-001")
    plain = [each for each in records(listed) if str(each.get("pool")).replace("_", "a").isalnum()]
    for each in plain[:_FEW]:
        found = get(target, str(each.get("pool")))
        wish = f"by its name the pool is to be as in the list, {each}; it is {record(found)}"
        judge.that(record(found) == each, [listed, found], wish, requirement="EXP-POOL-004")


@requirement("EXP-POOL-003")
def test_unknown_pool_is_not_found(target: Target, judge: Judge) -> None:
    """A pool that there is not, though its name is near to that of one that there is, is not found."""
    for name in (target.new_name("pool"), DEFAULT[:-1], f"{DEFAULT}_", f"{DEFAULT[:-1]}_", "%", "default%", "1"):
        refused(judge, get(target, name), f"the pool {name!r}, which there is not,", 404)


@requirement("EXP-POOL-002", "EXP-POOL-005", "EXP-POOL-008")
def test_pool_of_a_telling_name_lives(target: Target, judge: Judge) -> None:
    """Under a name with reserved characters, or in another script, a pool is created, found, listed and deleted."""
    for number, suffix in enumerate(TELLING):
        _lives(target, judge, Pool(target.new_name("p") + suffix, number, suffix))


@requirement("EXP-POOL-002", "EXP-POOL-005", "EXP-POOL-008")
@at_depth("standard")
@settings(max_examples=15)
@given(data=st.data())
def test_pool_of_any_name_lives(target: Target, judge: Judge, data: st.DataObject) -> None:
    """Under any name that a path can carry, with any slots and any description."""
    name = target.new_name("p") + data.draw(suffixes(), label="suffix")
    slots, description = data.draw(st.integers(0, 10**6), label="slots"), data.draw(descriptions(), label="description")
    _lives(target, judge, Pool(name, slots, description))


@requirement("EXP-POOL-006")
def test_pool_created_again_is_changed(target: Target, judge: Judge) -> None:
    """The second time a pool is given other slots and another description; there is one, and others do not change."""
    first, *others = [Pool(name, 3, "first") for name in neighbours(target.new_name("again"))]
    if not created(target, judge, [first, *others]):
        return
    number = record(get(target, first.name)).get("id")
    for slots, description in ((7, "second"), (7, "third"), (0, "third"), (-1, "third"), (5, None), (5, "")):
        changed = Pool(first.name, slots, description)
        answer = create(target, changed)
        if succeeded(judge, answer, f"{changed} is to be taken, though there is a pool of that name"):
            there(target, judge, [changed, *others], "after it was created again")
            shown = record(answer)
            judge.that(
                counted(shown) == changed.shown, answer, f"the answer is to tell of {changed}; it tells of {shown}"
            )
            judge.that(
                shown.get("id") == number, answer, f"it is to be the same pool, {number}; it is {shown.get('id')}"
            )


@requirement("EXP-POOL-008", "EXP-POOL-009")
def test_pool_is_deleted_alone(target: Target, judge: Judge) -> None:
    """A deleted pool is gone, and not to be deleted again; of those whose names are like its name every one stays."""
    pools = [Pool(name, 3, name[-3:]) for name in neighbours(target.new_name("gone"))]
    if not created(target, judge, pools):
        return
    while pools:
        pool = pools.pop(0)
        answer = delete(target, pool.name)
        succeeded(judge, answer, f"{pool.name!r} is to be deleted", "EXP-POOL-008")
        gone(target, judge, pool.name, "after it was deleted")
        refused(judge, delete(target, pool.name), f"to delete {pool.name!r} again", 404, requirement="EXP-POOL-009")
        there(target, judge, pools, f"after {pool.name!r} was deleted")


@requirement("EXP-POOL-009")
def test_unknown_pool_is_not_deleted(target: Target, judge: Judge) -> None:
    """To delete a pool that there is not is refused with 404, and no pool is gone."""
    before = target.call("get_pools")
    refused(judge, delete(target, target.new_name("pool")), "to delete a pool that there is not", 404)
    after = target.call("get_pools")
    lost = {str(each.get("pool")) for each in records(before)} - {str(each.get("pool")) for each in records(after)}
    judge.that(
        DEFAULT not in lost and not any(name.startswith(target.prefix) for name in lost),
        after,
        f"no pool is to be gone; {lost} are",
    )


def _lives(target: Target, judge: Judge, pool: Pool) -> None:
    answer = create(target, pool)
    if succeeded(judge, answer, f"{pool} is to be created"):
        shown = counted(record(answer))
        judge.that(shown == pool.shown, answer, f"the answer is to tell of {pool.shown}; it tells of {shown}")
        there(target, judge, [pool], "after it was created")
        succeeded(judge, delete(target, pool.name), f"{pool.name!r} is to be deleted")
        gone(target, judge, pool.name, "after it was deleted")
