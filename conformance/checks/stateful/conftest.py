"""What the laws about memory share."""

from __future__ import annotations

import pytest

from conformance import apis
from conformance.checks.stateful.resource import Resource, resources
from conformance.fixtures import RUN
from conformance.marks import needs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each kind of things whose life can be followed on the target's version."""
    if "resource" in metafunc.fixturenames:
        interface = metafunc.config.stash[RUN].interface
        found = [each for each in resources(apis.of(interface), interface) if _fits(metafunc, each)]
        metafunc.parametrize("resource", [pytest.param(each, id=str(each), marks=needs(*each.needs)) for each in found])


def _fits(metafunc: pytest.Metafunc, resource: Resource) -> bool:
    """Whether the check is about such things: one about bulk requests, or orders, asks for what has them."""
    had = {"bulk": resource.bulk, "order": resource.orders}
    return all(there for what, there in had.items() if what in metafunc.function.__name__)


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """What makes a run repeatable."""
    return pytestconfig.stash[RUN].options.seed
