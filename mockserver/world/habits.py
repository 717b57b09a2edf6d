"""Since which version Airflow 3 has which habit: measured on 3.0.6, 3.1.8, 3.2.2 and 3.3.2.

What differs in the interface alone (operations, parameters, properties) stands in the contract; what differs in
authentication, paging and CORS stands in `mockserver.traits`.
"""

from __future__ import annotations

from specs.versions import Version

SINCE: dict[str, Version] = {
    # DAGs
    "file names are within the bundle": Version(3, 1),
    "params tell their source": Version(3, 2),
    "backoff is a number": Version(3, 2),
    "tasks are ordered by names on a list": Version(3, 2),
    "last run is the newest": Version(3, 1),  # before: the one that started last
    # runs
    "runs are dated by now": Version(3, 1),  # before: run_after is the logical date, and ids end in random letters
    "assets have runs of their own": Version(3, 2),
    "success skips what waits": Version(3, 3),  # before: it succeeds too
    "clearing sorts by id": Version(3, 3),
    "clearing refuses failed with running": Version(3, 3),  # before: it crashes
    "backfill dates are checked": Version(3, 3),
    "backfill dates out of order crash": Version(3, 2),
    "backfill conf may be null": Version(3, 2),
    # task instances
    "instances know awaiting_input": Version(3, 3),
    "a change without a map index is for all": Version(3, 1),
    "a missing instance is a list of texts": Version(3, 1),
    "dry runs need no state": Version(3, 1),
    "instances are found without their DAG": Version(3, 1),
    "instances are filtered by group": Version(3, 1),
    "instances are ordered by operator": Version(3, 1),
    "bulk names instances in full": Version(3, 2),
    "try 0 has a log": Version(3, 1),
    "xcoms are shown as they are": Version(3, 2),  # before: as JSON text
    "xcoms are deserialized": Version(3, 1),
    # lists
    "| separates patterns": Version(3, 2),
    "a missing date meets lower bounds": Version(3, 2),  # before: it stands for the present
    "no queued events are an empty list": Version(3, 1),  # before: 404
    # pools, variables, connections
    "pools may be endless": Version(3, 1),  # before: -1 slots crash
    "pools need no description": Version(3, 1),
    "pools need all fields with a mask too": Version(3, 2),
    "variables are kept as JSON": Version(3, 3),  # before: as Python prints them
    "variables change to what is no text": Version(3, 3),  # before: that crashes
    "masks reach below the first level": Version(3, 2),
    "masks know more words": Version(3, 2),
}


def has(version: Version, habit: str) -> bool:
    """Tell whether a version has a habit; KeyError for one that nobody knows."""
    return version >= SINCE[habit]
