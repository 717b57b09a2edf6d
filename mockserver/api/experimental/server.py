"""The server itself: whether it works, its version, and what is known of the data that runs made."""

from __future__ import annotations

from typing import Any

from mockserver.api.experimental import dates, lookup, operation
from mockserver.operations import Call


@operation("test")
def test(_call: Call) -> Any:
    """Tell that the server works."""
    return {"status": "OK"}


@operation("info")
def info(call: Call) -> Any:
    """Tell the version."""
    return {"version": call.mock.release}


@operation("get_lineage")
def get_lineage(call: Call) -> Any:
    """Tell which data the tasks of a run have read and written: none that Airflow knows of."""
    lookup.run(call, dates.of(call, call.path["execution_date"]))
    return {"task_ids": {}}
