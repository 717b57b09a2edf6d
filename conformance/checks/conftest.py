"""What several checks share."""

from __future__ import annotations

import pytest

from conformance.content import Content
from conformance.target import Target


@pytest.fixture(scope="session")
def content(target: Target, depth: str) -> Content:
    """What the run puts into the collections of the target, on demand."""
    return Content(target, target.profile.page_limit, deep=depth == "deep")
