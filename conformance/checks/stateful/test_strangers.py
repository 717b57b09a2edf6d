"""Things with names like anybody's live as those do whose names tell that they are the suite's."""

from __future__ import annotations

from conformance.checks.stateful.resource import Resource, resources
from conformance.checks.stateful.trial import Trial
from conformance.judge import Judge
from conformance.marks import needs, requirement
from conformance.strategies.values import telling
from conformance.target import Target

#: What has a name of its own, and is removed with all that it has. Users and roles would be one more way in.
KINDS = ("pool", "variable", "connection")


@requirement("PUB-STATE-001", "STB-STATE-001", "EXP-POOL-005", "EXP-POOL-006", "EXP-POOL-008")
@needs("writes")
def test_any_name_is_as_good(target: Target, judge: Judge) -> None:
    """A pool, a variable and a connection are created, changed and deleted under names without the run's prefix."""
    for resource in resources(target.api, target.interface):
        if resource.kind.name in KINDS:
            _live(target, judge, resource)


def _live(target: Target, judge: Judge, resource: Resource) -> None:
    name = target.plain_name(resource.kind.name)
    trial = Trial(target, judge, resource, {}, base=name)
    trial.look(name)
    trial.create(name, resource.least)
    for change in resource.changes[:1]:
        last = {each.name: telling(each.values)[-1] for each in resource.fields}
        trial.change(change, name, {each: last[each] for each in change.needs or change.sends[:1]}, None, name)
    trial.end()
