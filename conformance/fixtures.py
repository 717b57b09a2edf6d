"""What a check can ask for."""

from __future__ import annotations

import pytest

from conformance.depths import Depth
from conformance.judge import Judge
from conformance.run import Run
from conformance.target import Target
from profiles import Profile
from specs.contract import Interface, Operation

#: Where the hooks keep the run, and the judge of each check.
RUN = pytest.StashKey[Run]()
JUDGE = pytest.StashKey[Judge]()


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config) -> Target:
    """The API under check; every request goes through it."""
    found = pytestconfig.stash[RUN].target
    assert found is not None  # noqa: S101 (opened before the first check)
    return found


@pytest.fixture
def judge(request: pytest.FixtureRequest) -> Judge:
    """Keeps the book of this check."""
    node: pytest.Item = request.node
    return node.stash[JUDGE]


@pytest.fixture(scope="session")
def profile(pytestconfig: pytest.Config) -> Profile:
    """How the target is set up."""
    return pytestconfig.stash[RUN].profile


@pytest.fixture(scope="session")
def interface(pytestconfig: pytest.Config) -> Interface:
    """The contract, cut to the version and the auth manager of the profile."""
    return pytestconfig.stash[RUN].interface


@pytest.fixture(scope="session")
def operations(pytestconfig: pytest.Config) -> list[Operation]:
    """The operations that a law is to hold for: all of the contract, or those that --only names."""
    return pytestconfig.stash[RUN].operations()


@pytest.fixture(scope="session")
def depth(pytestconfig: pytest.Config) -> Depth:
    """How thorough the run is: smoke, standard or deep."""
    return pytestconfig.stash[RUN].options.depth
