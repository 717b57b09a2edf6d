"""What the checks of the interface share."""

from __future__ import annotations

import random

import pytest

from conformance.fixtures import RUN
from conformance.forms import Forms
from conformance.generation.document import drawable
from conformance.generation.drawing import Source
from conformance.generation.refusals import Refusals
from conformance.generation.wrong import Wrongs
from conformance.target import Target
from specs.contract import Interface


@pytest.fixture(scope="session")
def forms(interface: Interface) -> Forms:
    """The forms of the answers of the target's interface."""
    return Forms(interface)


@pytest.fixture(scope="session")
def source(pytestconfig: pytest.Config, interface: Interface) -> Source:
    """Draws requests and values for the target's interface; the run's seed decides."""
    return Source(interface.document, pytestconfig.stash[RUN].options.seed)


@pytest.fixture(scope="session")
def allowed(pytestconfig: pytest.Config, interface: Interface) -> Source:
    """Draws requests that the contract allows."""
    return Source(drawable(interface), pytestconfig.stash[RUN].options.seed)


@pytest.fixture(scope="session")
def wrongs(interface: Interface, source: Source) -> Wrongs:
    """What can be wrong with requests of the target's interface."""
    return Wrongs(interface, source)


@pytest.fixture(scope="session")
def refusals(target: Target) -> Refusals:
    """How the target's API refuses."""
    return Refusals(target)


@pytest.fixture
def dice(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> random.Random:
    """Makes the choices of one check; the run's seed and the check's name decide."""
    return random.Random(f"{pytestconfig.stash[RUN].options.seed} {request.node.name}")  # noqa: S311
