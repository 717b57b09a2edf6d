"""Since which version Airflow has which habit.

Measured on 1.10.15, 2.2.5, 2.6.3, 2.11.2, 3.0.6, 3.1.8, 3.2.2 and 3.3.2.

What differs in the interface alone (operations, parameters, properties) stands in the contract; what differs in
authentication, paging and CORS stands in `mockserver.traits`.
"""

from __future__ import annotations

from specs.versions import Version

SINCE: dict[str, Version] = {
    # DAGs
    "tasks are mapped": Version(2, 3),
    "there are assets": Version(2, 4),  # until 3.0 by the name of datasets
    "empty operators are called so": Version(2, 3),  # before: dummies
    "DAGs are shown as a grid": Version(2, 3),
    "bad bodies of DAGs have no title of their own": Version(2, 3),
    "details have no owner": Version(2, 9),
    "time zones are names": Version(2, 9),  # before: as Python shows them
    "schemas are told as they are written": Version(2, 7),  # before: their keys in order of the alphabet
    "no run is made up for": Version(3, 0),  # before: DAGs catch up unless they say otherwise
    "params belong to the SDK": Version(3, 0),
    "file names are within the bundle": Version(3, 1),
    "params tell their source": Version(3, 2),
    "backoff is a number": Version(3, 2),
    "tasks are ordered by names on a list": Version(3, 2),
    "all that match are paused": Version(3, 2),  # before: those of the page
    "last run is the newest": Version(3, 1),  # before: the one that started last
    # runs
    "runs wait in a queue": Version(2, 1),  # before: they go on at once (read in 2.0.2 and 2.1.4)
    "runs of the experimental API wait too": Version(2, 2),
    "ids of runs are texts": Version(2, 0),
    "ids of runs are reserved": Version(2, 4),
    "ids of runs follow a pattern": Version(2, 6),
    "params have schemas": Version(2, 2),
    "bad params crash": Version(2, 3),  # before, and
    "bad params are refused": Version(2, 7),
    "dates are told to be no text": Version(2, 8),
    "dates are told to be no str": Version(2, 11),
    "queued runs have not ended": Version(2, 7),
    "failing skips what has no state": Version(2, 7),
    "runs are about a moment": Version(3, 0),  # before: those of a cron schedule are about the time before
    "assets start runs without a date": Version(3, 0),
    "runs are dated by now": Version(3, 1),  # before: run_after is the logical date, and ids end in random letters
    "assets have runs of their own": Version(3, 2),
    "aliases keep groups": Version(3, 2),
    "success skips what waits": Version(3, 3),  # before: it succeeds too
    "partition keys are for partitioned DAGs": Version(3, 3),
    "clearing sorts by id": Version(3, 3),
    "backfill dates are checked": Version(3, 3),
    "backfill dates out of order crash": Version(3, 2),
    "backfill conf may be null": Version(3, 2),
    # task instances
    "states are set by run": Version(2, 3),  # before: by date only
    "dry runs are the default": Version(2, 7),  # as documented; before, a body must say
    "empty tasks are tried": Version(2, 10),
    "unknown states crash": Version(2, 9),
    "tries are kept": Version(2, 10),
    "tries are replaced": Version(3, 0),  # by a later one of the same number
    "an empty order is an order": Version(2, 10),
    "batches of instances have pages": Version(2, 10),
    "XComs are ordered by instance": Version(2, 7),  # before: by date and task
    "unknown tasks are not mapped": Version(2, 7),  # before: they crash
    "links are of one instance": Version(2, 7),  # before: those of mapped tasks crash
    "XComs are of one instance": Version(2, 7),  # before: those of mapped tasks crash
    "instances know awaiting_input": Version(3, 3),
    "a change without a map index is for all": Version(3, 1),
    "a missing instance is a list of texts": Version(3, 1),
    "dry runs need no state": Version(3, 1),
    "an empty key is a key": Version(3, 1),  # before: any key
    "links are found without their DAG": Version(3, 2),
    "instances of a run want its DAG": Version(3, 2),
    "instances are found without their DAG": Version(3, 1),
    "instances are filtered by group": Version(3, 1),
    "instances are ordered by operator": Version(3, 1),
    "bulk names instances in full": Version(3, 2),
    "logs fold their source": Version(2, 8),
    "logs are found by run": Version(2, 4),  # before: by date
    "try 0 has a log": Version(3, 1),
    "xcoms are shown as they are": Version(3, 2),  # before: as JSON text
    "XComs are not deserialized": Version(2, 7),  # unless the configuration allows it
    "outlets leave no XComs": Version(3, 0),
    "xcoms are deserialized": Version(3, 1),
    # lists
    "an empty order in a body is none": Version(3, 1),
    "a bound of zero is none": Version(3, 0),
    "a missing date is the present": Version(3, 0),  # before: it meets no bound
    "~ is any text": Version(3, 0),
    "versions belong to mapped instances": Version(3, 2),
    "hosts are told of in the log": Version(3, 0),
    "| separates patterns": Version(3, 2),
    "a missing date meets lower bounds": Version(3, 2),  # before: it stands for the present
    "texts are looked for as they are": Version(3, 3),  # before: % and _ are wildcards in them
    "no queued events are an empty list": Version(3, 1),  # before: 404
    # users and roles
    "users and roles only ascend": Version(2, 3),
    "users register in no role": Version(2, 8),  # unless AUTH_ROLE_PUBLIC names one; before: in the role Public
    "users have long names": Version(2, 3),
    "users have longer names": Version(2, 6),
    "roles change in parts": Version(2, 3),  # before: a change sets the name first, and breaks without actions
    "a missing role is quoted": Version(2, 3),
    # pools, variables, connections of the stable API
    "pools may count what is deferred": Version(2, 7),
    "the default pool's name must be sent": Version(2, 8),
    "variables keep descriptions": Version(2, 8),  # before: only a change of an existing one does
    "variables change by name": Version(2, 5),  # before: a change is a creation, and a mask must name the value
    "a missing variable has a detail": Version(2, 7),  # before: and a change of it crashes
    "extras are masked": Version(2, 3),
    "connection ids are checked": Version(2, 6),
    "connection ids are ASCII": Version(2, 8),
    "connection tests are disabled": Version(2, 7),
    "masks know keyfiles": Version(2, 3),
    # the configuration, the health and the event log of the stable API
    "the configuration is exposed in part": Version(2, 7),
    "health is on one line": Version(2, 4),
    "health tells of triggerers": Version(2, 6),
    "health tells of DAG processors": Version(2, 7),
    "events are JSON": Version(2, 9),  # before: what Python prints, without the body
    # pools, variables, connections of the public API
    "pools may be endless": Version(3, 1),  # before: -1 slots crash
    "pools need no description": Version(3, 1),
    "pools need all fields with a mask too": Version(3, 2),
    "overwriting keeps the rest": Version(3, 3),
    "keys of variables are never changed": Version(3, 2),
    "logs are of DAGs that there are": Version(3, 1),
    "dry runs are not logged": Version(3, 1),
    "logs have what was paused": Version(3, 1),  # before: that nothing was
    "logs hide all values of variables": Version(3, 3),  # before: under names that sound secret
    "logs open what comes in bulk": Version(3, 3),
    "variables are kept as JSON": Version(3, 3),  # before: as Python prints them
    "variables change to what is no text": Version(3, 3),  # before: that crashes
    "masks reach below the first level": Version(3, 2),
    "masks know more words": Version(3, 2),
}


def has(version: Version, habit: str) -> bool:
    """Tell whether a version has a habit; KeyError for one that nobody knows."""
    return version >= SINCE[habit]
