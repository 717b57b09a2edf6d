"""What the laws about memory share."""

from __future__ import annotations

import pytest

from conformance import apis
from conformance.checks.stateful.resource import resources
from conformance.fixtures import RUN
from conformance.marks import needs


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A check for each kind of things whose life can be followed on the target's version."""
    if "resource" in metafunc.fixturenames:
        interface = metafunc.config.stash[RUN].interface
        found = resources(apis.of(interface), interface)
        metafunc.parametrize("resource", [pytest.param(each, id=each.kind.name, marks=needs(*each.needs)) for each in found])


@pytest.fixture(scope="session")
def seed(pytestconfig: pytest.Config) -> int:
    """What makes a run repeatable."""
    return pytestconfig.stash[RUN].options.seed
