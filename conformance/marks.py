"""What a check says about itself.

@requirement("PUB-AUTH-002", "PUB-AUTH-010")   the requirements that it decides
@needs("writes", "jwt_secret")                 capabilities, or facts, without which it is not run
@about("get_pool")                             the operations that it is about; a law over the contract: else all
@depth("deep")                                 the least depth at which it is run: smoke (default), standard, deep
@alone("stable-v1")                            no other check of the run is carried out meanwhile, on these APIs or any
@long                                          it sends much, one after the other: it is begun before the others
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from conformance.depths import Depth

Check = TypeVar("Check", bound=Callable[..., None])

#: One line each, as pytest wants them declared.
DECLARED = (
    "requirement(*ids): the requirements of the documents that this conformance check decides",
    "needs(*capabilities): what the profile must claim for this conformance check to run",
    "about(*operations): the operations that this conformance check is about",
    "depth(name): the least depth (smoke, standard, deep) at which this conformance check runs",
    "alone(*apis): no other conformance check of the run is carried out meanwhile, on these APIs or on any",
    "long: this conformance check is begun before the others",
)


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Mark a check with the ids of the requirements that it decides."""
    return pytest.mark.requirement(*ids)


def needs(*capabilities: str) -> pytest.MarkDecorator:
    """Mark a check with what must be so for it to run: capabilities that are claimed, facts that are true or known."""
    return pytest.mark.needs(*capabilities)


def about(*operations: str) -> pytest.MarkDecorator:
    """Mark a check with the operations that it is about: --only selects it with one of them, and not with another."""
    return pytest.mark.about(*operations)


def depth(least: Depth) -> pytest.MarkDecorator:
    """Mark a check with the least depth at which it runs."""
    return pytest.mark.depth(least)


def alone(*apis: str) -> pytest.MarkDecorator:
    """Mark a check that cannot stand what others do meanwhile, on these APIs or, without names, on any."""
    return pytest.mark.alone(*apis)


def long(check: Check) -> Check:
    """Mark a check that is not to be the last that others' threads have to wait for."""
    marked: Check = pytest.mark.long(check)
    return marked
