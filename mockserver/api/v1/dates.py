"""Dates in bodies, which must name their zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockserver.api.v1.forms import moment
from mockserver.api.v1.problems import bad_request


def aware(value: Any) -> Any:
    """A point in time; 400 with words of its own when it names no zone, whatever else is wrong."""
    found: datetime = moment(value)
    if found.tzinfo is None:
        raise bad_request("Naive datetime is disallowed", "Invalid datetime format")
    return found
