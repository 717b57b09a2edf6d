"""What the path of a request names, for both APIs: found, or refused in the words of the API that was asked."""

from __future__ import annotations

from collections.abc import Callable

from mockserver.errors import ApiError
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.runs import Run

ALL = "~"

Missing = Callable[[Call, str], ApiError]
"""Makes the refusal of what is not there: of the call and the name of a text."""


class Lookup:
    """Finds DAGs and runs; `missing` refuses what is not there."""

    def __init__(self, missing: Missing) -> None:
        self._missing = missing

    def dag(self, call: Call, text: str = "dag") -> Dag:
        """The DAG of the path."""
        found = call.world.dags.get(call.path["dag_id"])
        if found is None:
            raise self._missing(call, text)
        return found

    def run(self, call: Call, text: str = "run") -> Run:
        """The DAG run of the path."""
        found = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        if found is None:
            raise self._missing(call, text)
        return found


def map_index(call: Call) -> int:
    """The map index of the path, else of the query, else -1."""
    value = call.path.get("map_index", call.query.get("map_index"))
    return -1 if value is None else int(value)
