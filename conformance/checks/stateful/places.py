"""Where things of a kind are: what stands for the words in braces of a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from conformance.checks.stateful.resource import Resource
from conformance.judge import Judge
from conformance.target import Target

#: The DAG of the fixtures that a place's run is of; it is paused, so that its runs stay as they are.
_DAG, _ASSET = "conformance_empty", "conformance_asset"


def place_of(target: Target, judge: Judge, resource: Resource) -> Mapping[str, str]:
    """The values of the path parameters of what the things belong to, made now. Ends the check where that cannot be."""
    makers: dict[str, Callable[[], object]] = {
        "{run}": lambda: own_run(target, judge, _DAG),
        "{asset}": lambda: target.fixture_asset(_ASSET) or judge.unreached(f"the target has no asset {_ASSET}"),
    }
    return {name: str(makers.get(value, lambda value=value: value)()) for name, value in resource.place.items()}


def own_run(target: Target, judge: Judge, dag_id: str) -> str:
    """A new run of a DAG of the fixtures. Ends the check where there cannot be one."""
    name = target.new_name("run")
    made = target.create("dag_run", name=name, dag_id=dag_id)
    if made.status not in (200, 201):
        judge.unreached(f"a run of {dag_id} was to be there; to trigger one was answered with {made.status}")
    return name
