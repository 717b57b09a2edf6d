"""Whatever is done to things in whatever order, they are as a model says, and so is the list of them."""

from __future__ import annotations

import hypothesis
from hypothesis.stateful import run_state_machine_as_test

from conformance.checks.stateful.machine import machine
from conformance.checks.stateful.patience import Patience
from conformance.checks.stateful.place import place
from conformance.checks.stateful.resource import Resource
from conformance.checks.stateful.trial import Trial
from conformance.depths import LIVES, Depth
from conformance.judge import Judge
from conformance.marks import long, needs, requirement
from conformance.strategies import names
from conformance.strategies.values import telling
from conformance.target import Target

#: So many things are put in order: each of the telling values of a field is there.
_ORDERED = 4


@long
@requirement("PUB-STATE-001", "STB-STATE-001", "EXP-POOL-005", "EXP-POOL-006", "EXP-POOL-008")
@needs("writes")
def test_things_are_as_was_said(target: Target, judge: Judge, resource: Resource, seed: int, depth: Depth) -> None:
    """Created, changed, renamed, deleted and listed at random, things are as was said; what is refused changes none."""
    where, patience, (lives, steps) = place(target, judge, resource), Patience(), LIVES[depth]
    life = machine(resource, lambda: Trial(target, judge, resource, where), patience)
    settings = hypothesis.settings(max_examples=lives, stateful_step_count=steps)
    with patience.telling():
        run_state_machine_as_test(hypothesis.seed(seed)(life), settings=settings)


@requirement("PUB-STATE-001", "STB-STATE-001")
@needs("writes")
def test_a_change_changes_what_it_says(target: Target, judge: Judge, resource: Resource) -> None:
    """Each field is changed alone, by a body that says nothing else and by a mask that names nothing else."""
    trial = Trial(target, judge, resource, place(target, judge, resource))
    name, fields = trial.name("changed"), {each.name: telling(each.values) for each in resource.fields}
    trial.create(name, {each.name: fields[each.name][0] for each in resource.fields if each.created})
    for change in resource.changes:
        for field, number in [(each, number) for each in change.sends for number in range(len(fields[each]))]:
            if name not in trial.model:
                return  # it could not be created, or is gone: that is told already
            said = {each: fields[each][-1 - number % len(fields[each])] for each in change.sends}
            alone = {each: trial.model[name][each] for each in change.needs} | {field: said[field]}
            trial.change(change, name, alone, None, name)
            if field in change.masks:
                trial.change(change, name, said | {field: fields[field][number]}, [field], name)
    trial.end()


@requirement("PUB-STATE-001", "STB-STATE-001", "EXP-POOL-005", "EXP-POOL-006", "EXP-POOL-008")
@needs("writes")
def test_any_name_names_one_thing(target: Target, judge: Judge, resource: Resource) -> None:
    """Things with reserved characters or other scripts in their names, or with long ones, are each one of its own."""
    trial = Trial(target, judge, resource, place(target, judge, resource))
    for end in (*names.telling(resource.letters), "x" * resource.longest):
        trial.create(trial.name(end), resource.least)
    if resource.bounded:
        trial.create_wrongly(f"{trial.name('x' * resource.longest)}x", resource.least, {})
    trial.end()


@requirement("PUB-STATE-001", "STB-STATE-001")
@needs("writes")
def test_neighbours_stay(target: Target, judge: Judge, resource: Resource) -> None:
    """Of things whose names begin alike the one with the shortest name is deleted: the others are as they were."""
    trial = Trial(target, judge, resource, place(target, judge, resource))
    first, *others = (trial.name(end) for end in ("n", "n1", "n10", "xn"))
    for name in (first, *others):
        trial.create(name, resource.least)
    if resource.kind.delete:
        trial.delete(first)
    for name in others:
        trial.look(name)
    trial.end()


@requirement("PUB-STATE-001", "STB-STATE-001")
@needs("writes")
def test_orders_are_kept(target: Target, judge: Judge, resource: Resource) -> None:
    """Things are listed in each order that there is: numbers as numbers, and by age, whatever their names are."""
    trial = Trial(target, judge, resource, place(target, judge, resource))
    fields = {each.name: telling(each.values) for each in resource.fields if each.created}
    for number in range(_ORDERED):
        said = {name: values[number % len(values)] for name, values in fields.items()}
        trial.create(trial.name(f"o{_ORDERED - number}"), said)
    for order in resource.orders:
        trial.listing.walk(order)
        trial.listing.walk(f"-{order}")
    trial.end()
