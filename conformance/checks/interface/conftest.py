"""What the checks of the interface share."""

from __future__ import annotations

import random

import pytest

from conformance.fixtures import RUN
from conformance.forms import Forms
from conformance.generation.document import drawable
from conformance.generation.drawing import Source
from conformance.generation.own import Own
from conformance.generation.published import published
from conformance.generation.refusals import Refusals
from conformance.generation.wrong import Wrongs
from conformance.strategies.harmless import Harmless
from conformance.target import Target
from specs.contract import Interface, Operation


@pytest.fixture(scope="session")
def forms(interface: Interface) -> Forms:
    """The forms of the answers of the target's interface."""
    return Forms(interface)


@pytest.fixture(scope="session")
def described(pytestconfig: pytest.Config, target: Target) -> Interface:
    """The interface that generated requests go by: the contract's, or the target's own where --document says so."""
    own = pytestconfig.stash[RUN].options.document == "target"
    return published(target) if own else target.interface


@pytest.fixture(scope="session")
def described_forms(described: Interface) -> Forms:
    """The forms of the answers to generated requests."""
    return Forms(described)


@pytest.fixture(scope="session")
def allowed(pytestconfig: pytest.Config, described: Interface, interface: Interface) -> Source:
    """Draws requests that are allowed; the run's seed decides."""
    return Source(drawable(described, interface), pytestconfig.stash[RUN].options.seed)


@pytest.fixture(scope="session")
def wrongs(pytestconfig: pytest.Config, described: Interface) -> Wrongs:
    """What can be wrong with requests; the run's seed decides."""
    return Wrongs(described, Source(described.document, pytestconfig.stash[RUN].options.seed))


@pytest.fixture(scope="session")
def refusals(target: Target) -> Refusals:
    """How the target's API refuses."""
    return Refusals(target)


@pytest.fixture
def dice(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> random.Random:
    """Makes the choices of one check; the run's seed and the check's name decide."""
    return random.Random(f"{pytestconfig.stash[RUN].options.seed} {request.node.name}")  # noqa: S311


@pytest.fixture
def own(target: Target) -> Own:
    """What one check has for the paths that name something."""
    return Own(target, Harmless(target, target.new_name("nothing")))


@pytest.fixture
def asked(operations: list[Operation], described: Interface, mine: frozenset[str]) -> list[Operation]:
    """The operations that one check asks: those of its resource that there are."""
    return [each for each in operations if each.id in mine and each.id in described.operations]
