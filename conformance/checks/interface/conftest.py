"""What the checks of the interface share."""

from __future__ import annotations

import pytest

from conformance.forms import Forms
from specs.contract import Interface


@pytest.fixture(scope="session")
def forms(interface: Interface) -> Forms:
    """The forms of the answers of the target's interface."""
    return Forms(interface)
