"""What a check says about itself.

@requirement("PUB-AUTH-002", "PUB-AUTH-010")   the requirements that it decides
@needs("writes", "jwt_secret")                 capabilities, or facts, without which it is not run
@depth("deep")                                 the least depth at which it is run: smoke (default), standard, deep
"""

from __future__ import annotations

import pytest

from conformance.depths import Depth

#: One line each, as pytest wants them declared.
DECLARED = (
    "requirement(*ids): the requirements of the documents that this conformance check decides",
    "needs(*capabilities): what the profile must claim for this conformance check to run",
    "depth(name): the least depth (smoke, standard, deep) at which this conformance check runs",
)


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Mark a check with the ids of the requirements that it decides."""
    return pytest.mark.requirement(*ids)


def needs(*capabilities: str) -> pytest.MarkDecorator:
    """Mark a check with what must be so for it to run: capabilities that are claimed, facts that are true or known."""
    return pytest.mark.needs(*capabilities)


def depth(least: Depth) -> pytest.MarkDecorator:
    """Mark a check with the least depth at which it runs."""
    return pytest.mark.depth(least)
