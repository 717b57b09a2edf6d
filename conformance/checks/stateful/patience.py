"""How long a failure is made smaller: a property-based search would ask a slow target for many minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis.control import current_build_context
from hypothesis.errors import Flaky

#: So many more examples are really tried once one has failed.
MORE = 60


class Patience:
    """Counts the examples that are tried after the first that failed."""

    def __init__(self) -> None:
        self._failure: Exception | None = None
        self._left = MORE

    def over(self) -> bool:
        """Whether the example that begins is left alone, as if it passed; the last, which is reported, never is."""
        self._left -= self._failure is not None
        return self._left <= 0 and not current_build_context().is_final

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note whether an example, or a part of one, fails."""
        try:
            yield
        except Exception as failure:
            self._failure = failure
            raise

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Around the whole search: a target that does not fail the same way twice has failed all the same."""
        try:
            yield
        except Flaky:
            if self._failure is None:
                raise
            raise self._failure from None
