"""The interface does its work: stories reach each operation on content that is known to be there.

And it does nothing else: what an act does not name it leaves alone, a dry run changes nothing, what is deleted leaves
no trace. Those stories are in apis/NAME/bystanders.yaml.
"""

from __future__ import annotations

import pytest

from conformance import apis, stories
from conformance.fixtures import RUN
from conformance.forms import Forms
from conformance.judge import Judge
from conformance.marks import about, needs, requirement
from conformance.stories import Story
from conformance.target import Target
from conformance.telling import Decided, Teller
from conformance.watching import Watcher
from specs.contract import Interface

DECIDED = {
    "public-v2": Decided(["PUB-API-001"], ["PUB-API-002"]),
    "stable-v1": Decided(["STB-API-001", "CMP-API-001"], ["STB-API-002"]),
    "experimental": Decided(["EXP-API-006", "CMP-API-005"], ["EXP-API-005"]),
}
LEFT_ALONE = {"public-v2": ["PUB-STATE-001"], "stable-v1": ["STB-STATE-001"]}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each story of the target's API that its version has."""
    kind = metafunc.function.__name__.removeprefix("test_")
    interface = metafunc.config.stash[RUN].interface
    api = apis.of(interface).name
    told = stories.told(interface, api, kind)
    metafunc.parametrize("story", [pytest.param(each, id=each.name, marks=_marks(each, interface)) for each in told])


def _marks(story: Story, interface: Interface) -> list[pytest.MarkDecorator]:
    steps = story.told(interface)
    waits = [pytest.mark.long] if any(step.awaits for step in steps) else []
    return [needs(*story.needs), about(*(step.do for step in steps)), *waits]


@requirement(
    "PUB-API-001",
    "PUB-API-002",
    "STB-API-001",
    "STB-API-002",
    "CMP-API-001",
    "CMP-API-005",
    "EXP-API-005",
    "EXP-API-006",
)
def test_stories(target: Target, judge: Judge, forms: Forms, story: Story) -> None:
    """Each request of a story is answered with the operation's success, in its form, with the content that is there."""
    Teller(target, judge, forms, DECIDED[target.api.name]).tell(story)


@requirement("PUB-STATE-001", "STB-STATE-001")
def test_bystanders(target: Target, judge: Judge, forms: Forms, story: Story) -> None:
    """An act changes what it names and nothing else, a dry run nothing; nothing is left of what was deleted."""
    Watcher(target, judge, forms, LEFT_ALONE[target.api.name]).tell(story)
