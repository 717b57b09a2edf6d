"""Where Airflow 2 breaks down (500) on requests that its document allows."""

from __future__ import annotations

from mockserver.errors import Crash
from mockserver.operations import Call


def break_down(call: Call, reason: str) -> None:
    """Break down as Airflow does; where the documents are followed the request goes on."""
    if call.mock.traits.crashes:
        raise Crash(reason)
