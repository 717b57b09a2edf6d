"""Triggering a DAG: what the body of a new run says, and what follows from it (measured on 2.2.5, 2.6.3 and 2.11.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mockserver.api import params
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.dates import aware
from mockserver.api.v1.forms import Field, Form, anything, text
from mockserver.api.v1.problems import already_exists, bad_request
from mockserver.api.v1.run_views import run_view
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.habits import has
from mockserver.world.runs import ALLOWED_ID, Run
from specs.versions import Version

Body = Mapping[str, Any]
_RESERVED = ("backfill", "scheduled", "dataset_triggered")
_ABSENT: Any = object()


def _whole_interval(values: Body) -> str | None:
    if (values.get("data_interval_start") is None) == (values.get("data_interval_end") is None):
        return None
    return "Both 'data_interval_start' and 'data_interval_end' must be specified together"


FORM = Form(
    _whole_interval,
    dag_run_id=Field(text, longest=250),
    logical_date=Field(aware),
    conf=Field(anything),
    data_interval_start=Field(aware, null=True, since="2.4"),
    data_interval_end=Field(aware, null=True, since="2.4"),
    note=Field(text, null=True, longest=1000, since="2.5"),
)


def _completed(call: Call) -> dict[str, Any]:
    """The body with a logical date and an id; execution_date is another name of the date."""
    body = dict(call.body)
    logical, execution = body.pop("logical_date", _ABSENT), body.pop("execution_date", _ABSENT)
    if _ABSENT not in (logical, execution) and logical != execution:
        raise bad_request(f"{logical!r} != {execution!r}", "logical_date conflicts with execution_date")
    dates = [one for one in (logical, execution) if one is not _ABSENT]
    body["logical_date"] = dates[0] if dates else _free_moment(call).isoformat()
    body.setdefault("dag_run_id", _generated(call, body["logical_date"]))
    return body


def _free_moment(call: Call) -> datetime:
    """The present, or just after it where time stands still and the DAG has a run of the present."""
    taken = {run.logical_date for run in call.world.runs if run.dag_id == call.path["dag_id"]}
    moment = call.world.now()
    while moment in taken:
        moment += timedelta(microseconds=1)
    return moment


def _generated(call: Call, date: Any) -> str | None:
    """The id that a run of a date gets; None where the id is given, so that the date is not looked at."""
    if "dag_run_id" in call.body:
        return None
    if date is None:
        raise bad_request(_no_text(call.world.version), "Incorrect datetime argument")
    try:
        return _id(datetime.fromisoformat(date))
    except ValueError:
        raise bad_request(f"Invalid date string: {date}", "Incorrect datetime argument") from None


def _no_text(version: Version) -> str:
    """How Python complains of a null in the place of a text."""
    if not has(version, "dates are told to be no text"):
        return "argument of type 'NoneType' is not iterable"
    what = "cast as 'str'" if has(version, "dates are told to be no str") else "converted to 'PyString'"
    return f"argument 'input': 'NoneType' object cannot be {what}"


def _id(date: datetime) -> str:
    return f"manual__{(date if date.tzinfo else date.replace(tzinfo=UTC)).isoformat()}"


@operation("post_dag_run")
def post_dag_run(call: Call) -> Any:
    """Create a queued run. Its dates are echoed with the zone in which they were sent."""
    dag = lookup.dag(call, "dag to trigger")
    values, wrong = FORM.read(_completed(call), call.world.version)
    if wrong:
        raise bad_request(str(wrong))
    _check_free(call, dag, values)
    date = values["logical_date"]
    run_id = values["dag_run_id"] or _id(date)
    _check_id(call, run_id)
    _check_params(call, dag, values.get("conf") or {})
    interval = _interval(call, dag, values)
    run = _add(call, dag, run_id, values, interval)
    shown = {"logical_date": date, "execution_date": date}
    return {**run_view(run), **shown, "data_interval_start": interval[0], "data_interval_end": interval[1]}


def _check_free(call: Call, dag: Dag, values: Body) -> None:
    """Refuse an id or a date of a run that there is."""
    who = f"DAGRun with DAG ID: '{dag.dag_id}' and DAGRun"
    for run in call.world.runs_of(dag):
        if run.logical_date == values["logical_date"]:
            date = values["logical_date"].isoformat(sep=" ")
            raise already_exists(f"{who} logical date: '{date}' already exists")
        if run.run_id == values["dag_run_id"]:
            raise already_exists(f"{who} ID: '{run.run_id}' already exists")


def _check_id(call: Call, run_id: str) -> None:
    """Refuse an id of another kind of run; one with odd letters crashes Airflow."""
    version = call.world.version
    for kind in _RESERVED if has(version, "ids of runs are reserved") else ():
        if run_id.startswith(f"{kind}__"):
            raise bad_request(f"A manual DAG run cannot use ID '{run_id}' since it is reserved for {kind} runs")
    if has(version, "ids of runs follow a pattern") and not ALLOWED_ID.fullmatch(run_id):
        break_down(call, f"{run_id!r} does not match the pattern")
        raise bad_request(f"The run id {run_id!r} does not match the pattern {ALLOWED_ID.pattern!r}")


def _check_params(call: Call, dag: Dag, conf: Body) -> None:
    version = call.world.version
    if wrong := params.complaint(dag, conf, sort=not has(version, "schemas are told as they are written")):
        if has(version, "bad params crash") and not has(version, "bad params are refused"):
            break_down(call, wrong)
        raise bad_request(wrong)


def _interval(call: Call, dag: Dag, values: Body) -> tuple[datetime, datetime]:
    start, end = values.get("data_interval_start"), values.get("data_interval_end")
    return (start, end) if start and end else call.world.interval(dag, values["logical_date"])


def _add(call: Call, dag: Dag, run_id: str, values: Body, interval: tuple[datetime, datetime]) -> Run:
    start, end = (one.astimezone(UTC) for one in interval)
    known = {"data_interval_start": start, "data_interval_end": end, "note": values.get("note") or None}
    return call.world.trigger(dag, run_id, values["logical_date"].astimezone(UTC), values.get("conf") or {}, **known)
