"""What the world is made of: records that notice when they change."""

from __future__ import annotations

from typing import Any


class Record:
    """One object of the world. `cache` holds what was rendered from it, until one of its attributes is set.

    Values held by a record are replaced, never changed in place: only so does the record notice.
    """

    cache: dict[Any, Any]

    def __new__(cls, *args: Any, **kwargs: Any) -> Record:  # noqa: ARG004 (they are for __init__)
        """Make a record with an empty cache, so that subclasses need not think of it."""
        record = super().__new__(cls)
        record.__dict__["cache"] = {}
        return record

    def __setattr__(self, name: str, value: Any) -> None:
        self.__dict__[name] = value
        if self.cache:
            self.cache.clear()
