"""Faults of the experimental API in what is found at a date, and in what is told of tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.deviations.experimental import (
    answered,
    around,
    asked,
    dag_of,
    date_of,
    experimental,
    instead,
    refused,
    runs_of,
    status_of,
    with_path,
)
from mockserver.errors import ApiError, Crash, PlainError
from mockserver.operations import Call, Handler

BY_DATE = ("dag_run_status", "task_instance_info")
#: An offset from UTC after a time.
OFFSET = re.compile(r"(?<=T)([\d:.]+)[+-]\d\d:\d\d$")
SECOND = timedelta(seconds=1)
_PARTS = re.compile(r"([1-8]\d{3})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)")
_JUST_BEYOND = (13, 32, 25, 60, 61)  # month, day, hour, minute, second


def _date(call: Call) -> str:
    found: str = call.path["execution_date"]
    return found


def _dated(mock: Any, change: Any) -> None:
    """Read the date of every path in another way."""
    for operation in BY_DATE:
        asked(mock, operation, lambda call: with_path(call, execution_date=change(_date(call))))


# ---- dates -----------------------------------------------------------------------------------------------------------


@experimental("microseconds-cut", "EXP-DATE-001 EXP-DATE-006", "Of the date in a path the microseconds are cut.")
def microseconds_cut(mock: Any) -> None:
    """Read no fraction."""
    _dated(mock, lambda date: re.sub(r"\.\d+", "", date))


@experimental("zone-ignored", "EXP-DATE-001 EXP-DATE-004", "The zone of the date in a path does not count.")
def zone_ignored(mock: Any) -> None:
    """Read a clock."""
    _dated(mock, lambda date: OFFSET.sub(r"\1", date))


@experimental("zone-backwards", "EXP-DATE-001 EXP-DATE-004", "The offset of the date in a path counts the wrong way.")
def zone_backwards(mock: Any) -> None:
    """Confuse east and west."""

    def turned(date: str) -> str:
        return date[:-6] + date[-6:].translate({43: 45, 45: 43}) if OFFSET.search(date) else date

    _dated(mock, turned)


@experimental(
    "clock-time-counts-too",
    "EXP-DATE-004",
    "Where no run is at a date with an offset, one at its clock time in UTC is.",
)
def clock_time_counts_too(mock: Any) -> None:
    """Look once more, without the offset."""

    def by_clock(call: Call, error: ApiError | Crash) -> Any:
        clock, offsets = OFFSET.subn(r"\1+00:00", _date(call))
        return _state_at(call, clock, lambda date: date) if offsets and status_of(error) == 404 else None

    refused(mock, "dag_run_status", by_clock)


@experimental("letter-of-utc-refused", "EXP-DATE-004", "A date with the letter Z is refused as none.")
def letter_of_utc_refused(mock: Any) -> None:
    """Do not know it."""
    _dated(mock, lambda date: "none" if date.endswith("Z") else date)


@experimental("plain-dates-local", "EXP-DATE-003 EXP-INSTANCE-003", "A date without a zone is one of Central Europe.")
def plain_dates_local(mock: Any) -> None:
    """Take the clock on the wall."""
    _dated(mock, lambda date: date if re.search(r"[Z+]|-\d\d:", date) or "T" not in date else f"{date}+01:00")


@experimental("nearest-run", "EXP-DATE-006", "At a moment up to a second after a run that run is found.")
def nearest_run(mock: Any) -> None:
    """Be generous."""

    def near(call: Call) -> Any:
        try:
            asked_for = datetime.fromisoformat(f"{_date(call)}+00:00")
        except ValueError:
            return None
        found = [run for run in runs_of(call) if timedelta() < asked_for - date_of(run) <= SECOND]
        return {"state": found[0].state} if found else None

    instead(mock, "dag_run_status", near)


@experimental(
    "same-second", "EXP-DATE-006", "Where no run is at a date, one of the same second is found, whatever its fraction."
)
def same_second(mock: Any) -> None:
    """Compare without microseconds when nothing else is left."""

    def rounded(call: Call, error: ApiError | Crash) -> Any:
        lost = status_of(error) == 404
        return _state_at(call, f"{_date(call)}+00:00", lambda date: date.replace(microsecond=0)) if lost else None

    refused(mock, "dag_run_status", rounded)


def _state_at(call: Call, date: str, read: Callable[[datetime], datetime]) -> Any:
    """The answer about the DAG's run whose date is read as this one is; None where there is none, or no date."""
    try:
        wanted = read(datetime.fromisoformat(date))
    except ValueError:
        return None
    found = [run for run in runs_of(call) if read(date_of(run)) == wanted]
    return {"state": found[0].state} if found else None


@experimental(
    "last-day-breaks",
    "EXP-DATE-006",
    "A date on the last day that there is, in the year 9999, is an error of the server.",
)
def last_day_breaks(mock: Any) -> None:
    """Reckon with the day after it."""

    def reckoned(call: Call) -> Call:
        if _date(call).startswith("9999-12-31"):
            raise Crash("a date out of range")
        return call

    for operation in BY_DATE:
        asked(mock, operation, reckoned)


@experimental(
    "run-of-any-dag", "EXP-DATE-006", "At a date the run of another DAG is found where the DAG itself has none."
)
def run_of_any_dag(mock: Any) -> None:
    """Look for the date alone."""

    def anywhere(call: Call, error: ApiError | Crash) -> Any:
        dates = {f"{date_of(run):%Y-%m-%dT%H:%M:%S}": run for run in call.world.runs if dag_of(call)}
        found = dates.get(_date(call))
        return {"state": found.state} if found and status_of(error) == 404 else None

    refused(mock, "dag_run_status", anywhere)


@experimental(
    "no-run-no-state", "EXP-DATE-006", "At a date without a run there is the state null, rather than nothing."
)
def no_run_no_state(mock: Any) -> None:
    """Answer all the same."""

    def stateless(call: Call, error: ApiError | Crash) -> Any:
        return {"state": None} if status_of(error) == 404 and dag_of(call) else None

    refused(mock, "dag_run_status", stateless)


@experimental("bad-dates-not-found", "EXP-DATE-005", "What is no date is not found (404), rather than a bad request.")
def bad_dates_not_found(mock: Any) -> None:
    """Confuse what cannot be with what there is not."""

    def lost(_call: Call, error: ApiError | Crash) -> None:
        if isinstance(error, PlainError) and error.status == 400:
            raise PlainError(404, error.detail)

    for operation in BY_DATE:
        refused(mock, operation, lost)


@experimental("days-overflow", "EXP-DATE-005", "The 30th of February is the 2nd of March.")
def days_overflow(mock: Any) -> None:
    """Count on."""
    _dated(mock, lambda date: date.replace("-02-30T", "-03-02T").replace("-02-29T", "-03-01T"))


def counted_on(date: str) -> str:
    """A date whose numbers are far out of their ranges as the moment that one comes to by counting on.

    What is just out of its range (the 32nd, 25 o'clock) is left as it is, and so is whatever else is no date.
    """
    read = _PARTS.fullmatch(date)
    numbers = [int(part) for part in read.groups()] if read else []
    if not any(number > limit for number, limit in zip(numbers[1:], _JUST_BEYOND, strict=False)):
        return date
    year, month, day, hour, minute, second = numbers
    first = datetime(year + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)
    found = first + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
    return f"{found:%Y-%m-%dT%H:%M:%S}"


@experimental(
    "far-numbers-count-on",
    "EXP-DATE-005",
    "In the date of a path a number far out of its range counts on: 75 minutes are an hour and 15.",
)
def far_numbers_count_on(mock: Any) -> None:
    """Compare with the first that is out of range, by equality."""
    _dated(mock, counted_on)


@experimental(
    "state-of-the-latest",
    "EXP-DATE-001",
    "At each date of a DAG's runs the answer is of another state than the list's.",
)
def state_of_the_latest(mock: Any) -> None:
    """Tell what it may have become."""
    answered(mock, "dag_run_status", lambda _, answer: {**answer, "state": "success"})


@experimental("run-without-state", "EXP-DATE-002", "The answer about a run has nothing of it.")
def run_without_state(mock: Any) -> None:
    """Tell that it is there, no more."""
    answered(mock, "dag_run_status", lambda _call, _answer: {})


# ---- tasks and their instances ---------------------------------------------------------------------------------------


@experimental("first-task-of-the-dag", "EXP-TASK-001", "Whatever task of a DAG is asked for, the first is told of.")
def first_task_of_the_dag(mock: Any) -> None:
    """Show the first that there is."""

    def first(handler: Handler, call: Call) -> Any:
        handler(call)
        dag = dag_of(call)
        return handler(with_path(call, task_id=next(iter(dag.tasks))) if dag else call)

    around(mock, "task_info", first)


@experimental("task-of-another-dag", "EXP-TASK-003", "A task that only another DAG has is told of all the same.")
def task_of_another_dag(mock: Any) -> None:
    """Find the task in any DAG."""

    def owned(call: Call) -> Call:
        dag, task = dag_of(call), call.path["task_id"]
        owners = [each.dag_id for each in call.world.dags if task in each.tasks]
        return with_path(call, dag_id=owners[0]) if dag and task not in dag.tasks and owners else call

    asked(mock, "task_info", owned)


@experimental("case-of-tasks-ignored", "EXP-TASK-003", "A task is found by its name in another case.")
def case_of_tasks_ignored(mock: Any) -> None:
    """Compare as MySQL does."""
    asked(mock, "task_info", lambda call: with_path(call, task_id=call.path["task_id"].lower()))


@experimental("owner-of-the-server", "EXP-TASK-002", "Every task belongs to airflow, whoever owns its DAG.")
def owner_of_the_server(mock: Any) -> None:
    """Show the default."""
    answered(mock, "task_info", lambda _, answer: {**answer, "owner": "airflow"})


@experimental(
    "values-of-their-types", "EXP-API-005", "The variables of a task have values of JSON's types, rather than texts."
)
def values_of_their_types(mock: Any) -> None:
    """Write numbers and truths."""
    plain = {"True": True, "False": False, "None": None}
    answered(mock, "task_info", lambda _, answer: {name: plain.get(value, value) for name, value in answer.items()})


@experimental(
    "instance-of-the-first-run",
    "EXP-INSTANCE-001",
    "At each date of a DAG's runs the instance is that of its first run.",
)
def instance_of_the_first_run(mock: Any) -> None:
    """Find by the task alone."""

    def first(handler: Handler, call: Call) -> Any:
        handler(call)
        dates = sorted(map(date_of, runs_of(call)))
        return handler(with_path(call, execution_date=dates[0].isoformat()))

    around(mock, "task_instance_info", first)


@experimental(
    "instance-of-the-other-task", "EXP-INSTANCE-001", "The instance of the last task of a DAG is that of its first."
)
def instance_of_the_other_task(mock: Any) -> None:
    """Take the first that there is."""

    def other(call: Call) -> Call:
        dag, task = dag_of(call), call.path["task_id"]
        return with_path(call, task_id=next(iter(dag.tasks))) if dag and task in dag.tasks else call

    asked(mock, "task_instance_info", other)


@experimental("instance-without-pool", "EXP-INSTANCE-002", "An instance does not tell its pool.")
def instance_without_pool(mock: Any) -> None:
    """Leave it out."""
    answered(
        mock, "task_instance_info", lambda _, answer: {name: text for name, text in answer.items() if name != "pool"}
    )


@experimental(
    "instance-of-no-run", "EXP-INSTANCE-004", "At a date without a run there is an instance of the task all the same."
)
def instance_of_no_run(mock: Any) -> None:
    """Make one up out of the last run."""

    def made_up(handler: Handler, call: Call) -> Any:
        try:
            return handler(call)
        except PlainError as refusal:
            dag, runs = dag_of(call), runs_of(call)
            if refusal.status != 404 or not runs or not dag or call.path["task_id"] not in dag.tasks:
                raise
            return handler(with_path(call, execution_date=date_of(runs[-1]).isoformat()))

    around(mock, "task_instance_info", made_up)
