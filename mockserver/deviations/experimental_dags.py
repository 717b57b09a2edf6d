"""Faults of the experimental API in pausing DAGs, and in what else its answers hold."""

from __future__ import annotations

from typing import Any

from mockserver.deviations.experimental import (
    answered,
    around,
    asked,
    dag_of,
    experimental,
    instead,
    with_body,
    with_path,
)
from mockserver.errors import PlainError
from mockserver.operations import Call, Handler

# ---- pausing ---------------------------------------------------------------------------------------------------------


@experimental("pausing-the-next", "EXP-PAUSE-001 EXP-PAUSE-002", "With a DAG the next one is paused and unpaused, too.")
def pausing_the_next(mock: Any) -> None:
    """Reach further."""

    def both(handler: Handler, call: Call) -> Any:
        dags, dag = list(call.world.dags), dag_of(call)
        if dag:
            handler(with_path(call, dag_id=dags[(dags.index(dag) + 1) % len(dags)].dag_id))
        return handler(call)

    around(mock, "dag_paused", both)


@experimental("pausing-by-any-yes", "EXP-PAUSE-003", "A DAG is paused by True, 1, yes and on as well.")
def pausing_by_any_yes(mock: Any) -> None:
    """Read the word as options of Airflow are read."""

    def meant(call: Call) -> Call:
        return with_path(call, paused="true") if call.path["paused"].lower() in ("true", "1", "yes", "on") else call

    asked(mock, "dag_paused", meant)


@experimental("pausing-turns", "EXP-PAUSE-001 EXP-PAUSE-002", "A DAG is paused or unpaused in turn, whatever the word.")
def pausing_turns(mock: Any) -> None:
    """Toggle."""

    def turned(call: Call) -> Call:
        dag = dag_of(call)
        return with_path(call, paused=str(not dag.is_paused).lower()) if dag else call

    asked(mock, "dag_paused", turned)


@experimental("unpausing-forgotten", "EXP-PAUSE-002", "The word false is answered with ok, and the DAG stays paused.")
def unpausing_forgotten(mock: Any) -> None:
    """Any text is true."""
    asked(mock, "dag_paused", lambda call: with_path(call, paused="true"))


@experimental("unknown-dag-paused", "EXP-PAUSE-004", "A DAG that there is not is paused, with the answer ok.")
def unknown_dag_paused(mock: Any) -> None:
    """Change no row, and say nothing of it."""
    instead(mock, "dag_paused", lambda call: None if dag_of(call) else {"response": "ok"})


# ---- answers ---------------------------------------------------------------------------------------------------------


@experimental("status-in-lower-case", "EXP-TEST-002", "The status of the server is ok, rather than OK.")
def status_in_lower_case(mock: Any) -> None:
    """Whisper."""
    answered(mock, "test", lambda _, answer: {"status": answer["status"].lower()})


@experimental("message-left-out", "EXP-CLI-001 EXP-API-005", "The answer to a new run has no message.")
def message_left_out(mock: Any) -> None:
    """Tell the id and the date."""
    answered(mock, "trigger_dag", lambda _, answer: {name: each for name, each in answer.items() if name != "message"})


@experimental("null-date-refused", "EXP-CLI-001", "A run whose date is null is refused, rather than dated now.")
def null_date_refused(mock: Any) -> None:
    """Be strict about types."""

    def trigger(handler: Handler, call: Call) -> Any:
        if isinstance(call.body, dict) and call.body.get("execution_date", "") is None:
            raise PlainError(400, "execution_date is no text")
        return handler(call)

    around(mock, "trigger_dag", trigger)


@experimental("text-slots-refused", "EXP-CLI-002", "A pool whose slots are given as text is refused.")
def text_slots_refused(mock: Any) -> None:
    """Be strict about types."""
    asked(mock, "create_pool", lambda call: with_body(call, slots=_number(call.body)))


def _number(body: Any) -> Any:
    """The slots of a body; what is no number for those that are text."""
    slots = body.get("slots") if isinstance(body, dict) else None
    return "none" if isinstance(slots, str) else slots


@experimental("error-under-another-name", "EXP-CLI-003 EXP-API-005", "The text of a refusal stands under detail.")
def error_under_another_name(mock: Any) -> None:
    """Refuse as Airflow 3 does."""
    refuse = mock.experimental.refuse

    def other(refusal: PlainError) -> Any:
        answer = refuse(refusal)
        answer.body = answer.body.replace(b'"error"', b'"detail"', 1)
        return answer

    mock.experimental.refuse = other


@experimental("row-numbers-as-text", "EXP-API-005", "The row numbers of runs are texts.")
def row_numbers_as_text(mock: Any) -> None:
    """Write them in quotes."""
    answered(mock, "dag_runs", lambda _, runs: [{**run, "id": str(run["id"])} for run in runs])
