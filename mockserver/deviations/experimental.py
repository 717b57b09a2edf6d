"""What the faults of the experimental API have in common: they are put around its handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from mockserver.deviations import EXPERIMENTAL, Change, deviation
from mockserver.deviations.conditions import letting_in
from mockserver.errors import ApiError, Crash
from mockserver.operations import Call, Handler
from mockserver.world.dags import Dag
from mockserver.world.runs import Run
from profiles import Profile


def experimental(
    name: str, breaks: str, sentence: str, *, applies: Callable[[Profile], bool] = letting_in
) -> Callable[[Change], Change]:
    """Declare a deviation of the experimental API where everybody is let in; `breaks`: ids, with blanks between."""
    full = f"experimental-{name}"
    return deviation(full, breaks=breaks.split(), sentence=sentence, applies=applies, apis=EXPERIMENTAL)


def around(mock: Any, operation: str, change: Callable[[Handler, Call], Any]) -> None:
    """Put `change` around a handler."""
    handlers = mock.experimental.handlers
    handler = handlers[operation]
    handlers[operation] = lambda call: change(handler, call)


def asked(mock: Any, operation: str, change: Callable[[Call], Call]) -> None:
    """Let a handler be asked for something else than it was."""
    around(mock, operation, lambda handler, call: handler(change(call)))


def answered(mock: Any, operation: str, change: Callable[[Call, Any], Any]) -> None:
    """Let a handler give another answer than it does."""
    around(mock, operation, lambda handler, call: change(call, handler(call)))


def instead(mock: Any, operation: str, change: Callable[[Call], Any]) -> None:
    """Let a handler be asked only where `change` has nothing to answer (None)."""

    def answer(handler: Handler, call: Call) -> Any:
        found = change(call)
        return handler(call) if found is None else found

    around(mock, operation, answer)


def refused(mock: Any, operation: str, change: Callable[[Call, ApiError | Crash], Any]) -> None:
    """Let `change` do something where a handler refuses or breaks down; what it gives, if anything, is the answer."""

    def answer(handler: Handler, call: Call) -> Any:
        try:
            return handler(call)
        except (ApiError, Crash) as error:
            found = change(call, error)
            if found is None:
                raise
            return found

    around(mock, operation, answer)


def status_of(error: ApiError | Crash) -> int:
    """The status of a refusal."""
    return error.status if isinstance(error, ApiError) else 500


def with_body(call: Call, **members: Any) -> Call:
    """The same call with other members in its body, where that is an object."""
    return replace(call, body={**call.body, **members}) if isinstance(call.body, dict) else call


def with_path(call: Call, **values: str) -> Call:
    """The same call with other values in its path."""
    return replace(call, path={**call.path, **values})


def member(call: Call, name: str) -> Any:
    """A member of the body, None where it has none."""
    return call.body.get(name) if isinstance(call.body, dict) else None


def dag_of(call: Call) -> Dag | None:
    """The DAG of the path, if there is one."""
    return call.world.dags.get(call.path["dag_id"])


def runs_of(call: Call) -> list[Run]:
    """The runs of the path's DAG."""
    dag = dag_of(call)
    return call.world.runs_of(dag) if dag else []


def made(call: Call) -> Run | None:
    """The run that the body names, if the DAG has it."""
    return next((run for run in runs_of(call) if run.run_id == member(call, "run_id")), None)


def date_of(run: Run) -> datetime:
    """The execution date of a run."""
    return run.logical_date or run.run_after
