"""Faults of the experimental API about runs: which of them are created, and which are listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mockserver.deviations.conditions import letting_in
from mockserver.deviations.experimental import (
    answered,
    around,
    asked,
    dag_of,
    date_of,
    experimental,
    instead,
    made,
    member,
    refused,
    runs_of,
    with_body,
    with_path,
)
from mockserver.deviations.experimental_dates import counted_on
from mockserver.errors import ApiError, Crash, PlainError
from mockserver.operations import Call, Handler
from mockserver.world.runs import Run
from profiles import Profile

SECOND = timedelta(seconds=1)


def _before_2(profile: Profile) -> bool:
    """A version that takes the configuration as text."""
    return letting_in(profile) and profile.airflow < (2, 0)


def _after_trigger(mock: Any, then: Callable[[Call, Run], object]) -> None:
    """Do something with each run that was created."""

    def trigger(call: Call, answer: Any) -> Any:
        if run := made(call):
            then(call, run)
        return answer

    answered(mock, "trigger_dag", trigger)


# ---- created ---------------------------------------------------------------------------------------------------------


@experimental("neighbouring-run", "EXP-RUN-001", "With each run another is created, a second later.")
def neighbouring_run(mock: Any) -> None:
    """Trigger twice."""

    def again(call: Call, run: Run) -> None:
        call.world.trigger(run.dag, f"{run.run_id}_again", date_of(run) + SECOND, None)

    _after_trigger(mock, again)


@experimental("run-of-another-dag", "EXP-RUN-002", "With each run the next DAG gets one, too, of the same id and date.")
def run_of_another_dag(mock: Any) -> None:
    """Trigger the next DAG, too."""

    def elsewhere(call: Call, run: Run) -> None:
        dags = list(call.world.dags)
        other = dags[(dags.index(run.dag) + 1) % len(dags)]
        if run.run_id not in {each.run_id for each in call.world.runs_of(other)}:
            call.world.trigger(other, run.run_id, date_of(run), None)

    _after_trigger(mock, elsewhere)


@experimental("run-id-made-up", "EXP-RUN-003", "A run gets an id of the server's, whatever the request says.")
def run_id_made_up(mock: Any) -> None:
    """Overlook it."""
    asked(mock, "trigger_dag", lambda call: with_body(call, run_id=None))


@experimental(
    "date-of-the-body-cut", "EXP-RUN-003", "A run has the full second of its date, though the answer has all."
)
def date_of_the_body_cut(mock: Any) -> None:
    """Cut microseconds, even where the request says that they are to be kept."""

    def cut(_: Call, run: Run) -> None:
        run.logical_date = date_of(run).replace(microsecond=0)

    _after_trigger(mock, cut)


@experimental("zone-of-the-body-ignored", "EXP-RUN-003", "The date of a new run is taken without its zone.")
def zone_of_the_body_ignored(mock: Any) -> None:
    """Read what stands before the offset."""

    def without(call: Call) -> Call:
        date = member(call, "execution_date")
        return with_body(call, execution_date=date.partition("+")[0]) if isinstance(date, str) else call

    asked(mock, "trigger_dag", without)


@experimental(
    "text-conf-refused",
    "EXP-RUN-004",
    "The configuration is refused where it is text that holds JSON.",
    applies=_before_2,
)
def text_conf_refused(mock: Any) -> None:
    """Take an object only."""

    def trigger(handler: Handler, call: Call) -> Any:
        if isinstance(member(call, "conf"), str):
            raise PlainError(400, "conf is no object")
        return handler(call)

    around(mock, "trigger_dag", trigger)


@experimental("taken-id-answered", "EXP-RUN-006", "A run whose id is taken is answered with the one that has it.")
def taken_id_answered(mock: Any) -> None:
    """Be idempotent by the id."""

    def answer(call: Call) -> Any:
        run = made(call)
        date = date_of(run).isoformat() if run else ""
        return run and {"execution_date": date, "message": f"Created {run.run_id}", "run_id": run.run_id}

    instead(mock, "trigger_dag", answer)


@experimental("taken-date-moved", "EXP-RUN-006", "A run whose date is taken is created a microsecond later.")
def taken_date_moved(mock: Any) -> None:
    """Make room."""

    def moved(call: Call) -> Call:
        date, taken = member(call, "execution_date"), [f"{date_of(run):%Y-%m-%dT%H:%M:%S}" for run in runs_of(call)]
        free = made(call) is None and date in taken
        return with_body(call, execution_date=f"{date}.000001") if free else call

    asked(mock, "trigger_dag", moved)


@experimental("unknown-dag-triggered", "EXP-RUN-007", "A run of a DAG that there is not is answered with success.")
def unknown_dag_triggered(mock: Any) -> None:
    """Look later."""

    def answer(call: Call) -> Any:
        date = call.world.now().isoformat()
        return None if dag_of(call) else {"execution_date": date, "message": "Created", "run_id": f"manual__{date}"}

    instead(mock, "trigger_dag", answer)


@experimental(
    "refused-run-created", "EXP-RUN-008 EXP-RUN-009", "What is refused for a date or a type has created a run, of now."
)
def refused_run_created(mock: Any) -> None:
    """Create first, then look."""

    def trigger(call: Call, _error: ApiError | Crash) -> None:
        if (dag := dag_of(call)) and made(call) is None:
            call.world.trigger(dag, str(member(call, "run_id")), call.world.now(), None)

    refused(mock, "trigger_dag", trigger)


@experimental("empty-date-is-now", "EXP-RUN-009", "A run whose date is an empty text is created, with the date of now.")
def empty_date_is_now(mock: Any) -> None:
    """Take an empty text for none."""

    def unset(call: Call) -> Call:
        return with_body(call, execution_date=None) if member(call, "execution_date") == "" else call

    asked(mock, "trigger_dag", unset)


@experimental(
    "far-numbers-of-the-body-count-on",
    "EXP-RUN-009",
    "In the date of a new run a number far out of its range counts on: 75 minutes are an hour and 15.",
)
def far_numbers_of_the_body_count_on(mock: Any) -> None:
    """Compare with the first that is out of range, by equality."""

    def read(call: Call) -> Call:
        date = member(call, "execution_date")
        return with_body(call, execution_date=counted_on(date)) if isinstance(date, str) else call

    asked(mock, "trigger_dag", read)


@experimental("broken-json-created", "EXP-RUN-008", "A body that is no JSON creates a run, as an empty object would.")
def broken_json_created(mock: Any) -> None:
    """Read what can be read: nothing."""
    operate = mock.experimental.operate

    def lenient(operation: Any, request: Any) -> Any:
        answer = operate(operation, request)
        if operation.id == "trigger_dag" and answer.status == 400 and not answer.body.startswith(b"{"):
            request.body = b"{}"
            answer = operate(operation, request)
        return answer

    mock.experimental.operate = lenient


# ---- listed ----------------------------------------------------------------------------------------------------------


@experimental("oldest-run-unlisted", "EXP-LIST-001", "The list of a DAG's runs lacks the one of the earliest date.")
def oldest_run_unlisted(mock: Any) -> None:
    """Forget where it began."""
    answered(mock, "dag_runs", lambda call, runs: runs if call.query.get("state") else runs[1:])


@experimental("runs-of-the-prefix-listed", "EXP-LIST-002", "The list of a DAG's runs has those of the next DAG, too.")
def runs_of_the_prefix_listed(mock: Any) -> None:
    """Search by a pattern that fits more."""

    def listed(handler: Handler, call: Call) -> Any:
        runs, dag = handler(call), dag_of(call)
        dags = list(call.world.dags)
        after = dags[(dags.index(dag) + 1) % len(dags)] if dag in dags else None
        return [*runs, *(handler(with_path(call, dag_id=after.dag_id)) if after else ())]

    around(mock, "dag_runs", listed)


@experimental("unknown-dag-empty-list", "EXP-LIST-002", "The list of the runs of a DAG that there is not is empty.")
def unknown_dag_empty_list(mock: Any) -> None:
    """Find none."""
    instead(mock, "dag_runs", lambda call: None if dag_of(call) else [])


@experimental("state-ignored", "EXP-LIST-003", "The list of a DAG's runs is the same for every state.")
def state_ignored(mock: Any) -> None:
    """Overlook the query."""
    asked(mock, "dag_runs", lambda call: replace(call, query={}))


@experimental(
    "latest-is-newest", "EXP-LATEST-001", "Of each DAG the run is shown that was created last, of whatever date."
)
def latest_is_newest(mock: Any) -> None:
    """Go by the row number."""

    def newest(call: Call, answer: Any) -> Any:
        last = {run.dag_id: run for run in sorted(call.world.runs, key=lambda run: run.number)}
        dates = {dag: date_of(run).isoformat() for dag, run in last.items()}
        return {"items": [{**item, "execution_date": dates[item["dag_id"]]} for item in answer["items"]]}

    answered(mock, "latest_dag_runs", newest)


@experimental("latest-two", "EXP-LATEST-001", "A DAG with two runs or more is shown twice.")
def latest_two(mock: Any) -> None:
    """Show some twice."""

    def twice(call: Call, answer: Any) -> Any:
        many = {dag.dag_id for dag in call.world.dags if len(call.world.runs_of(dag)) > 1}
        return {"items": [item for each in answer["items"] for item in [each] * (1 + (each["dag_id"] in many))]}

    answered(mock, "latest_dag_runs", twice)


@experimental(
    "address-of-the-first-run", "EXP-LATEST-002", "The addresses of the latest runs are all that of the first."
)
def address_of_the_first_run(mock: Any) -> None:
    """Lead all to one."""

    def one(_: Call, answer: Any) -> Any:
        items = answer["items"]
        return {"items": [{**item, "dag_run_url": items[0]["dag_run_url"]} for item in items]}

    answered(mock, "latest_dag_runs", one)
