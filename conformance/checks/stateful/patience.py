"""How long a failure is made smaller: a property-based search would ask a slow target for many minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import hypothesis
from hypothesis.control import current_build_context

#: So many more examples are really tried once one has failed.
MORE = 60


class Patience:
    """Counts the examples that are tried after the first that failed."""

    def __init__(self) -> None:
        self._failed = False
        self._left = MORE

    def begin(self) -> None:
        """One more example begins; at the end of patience it is rejected. The last, which is reported, never is."""
        self._left -= self._failed
        hypothesis.assume(self._left > 0 or current_build_context().is_final)

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note whether an example, or a part of one, fails."""
        try:
            yield
        except BaseException:
            self._failed = True
            raise
