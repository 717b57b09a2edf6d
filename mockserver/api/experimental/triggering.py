"""Triggering a DAG: what the body of a new run says, and what follows from it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mockserver.api import params
from mockserver.api.experimental import dates, lookup, operation, traits
from mockserver.api.experimental.refusing import broken, refused, storable, told
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.habits import has
from mockserver.world.runs import ALLOWED_ID, Run

_TRUE = ("true", "t", "yes", "y", "1")
_MADE_ID = r"^(?:manual|scheduled|dataset_triggered)__(?:\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\+00:00)$"


@operation("trigger_dag")
def trigger_dag(call: Call) -> Any:
    """Create a run. Its date is told with the zone in which it was sent."""
    body = _members(call)
    conf = _object(call, body)
    date = _date(call, body)
    whole = _flag(call, body, date)
    dag = lookup.dag(call)
    made_up = date is None
    date = _cut(date or call.world.now(), whole=whole)
    run_id = body.get("run_id") or call.world.run_id("manual", date)
    _check_free(call, dag, run_id, date, made_up=made_up)
    _check_id(call, run_id)
    conf = _conf(call, conf)
    _check_params(call, dag, conf)
    run = call.world.trigger(dag, str(run_id), dates.utc(call, date), conf)
    if not has(call.world.version, "runs of the experimental API wait too"):
        run.state = "running"
    message = f"Created {described(call, run, dates.shown(call, date, made_up=made_up))}"
    return {"execution_date": date.isoformat(), "message": message, "run_id": run_id}


def _members(call: Call) -> Mapping[str, Any]:
    """The members of the body; a list or a text that names none of them has none."""
    known = ("run_id", "conf", "execution_date", "replace_microseconds")
    if isinstance(call.body, dict):
        return call.body
    if not traits(call).crashes or not isinstance(call.body, list | str) or any(name in call.body for name in known):
        raise broken(call, "the body is no object")
    return {}


def _object(call: Call, body: Mapping[str, Any]) -> Any:
    """The configuration as it was sent; in Airflow 2 only an object is one."""
    conf, ways = body.get("conf"), traits(call)
    text = ways.text_confs and (isinstance(conf, str) or conf is None)
    if "conf" in body and ways.object_confs and not text and not isinstance(conf, dict):
        raise refused(400, "Dag Run conf must be a dictionary object, other types are not supported")
    return conf


def _date(call: Call, body: Mapping[str, Any]) -> datetime | None:
    given = body.get("execution_date")
    return None if given is None else dates.of(call, given)


def _flag(call: Call, body: Mapping[str, Any], date: datetime | None) -> bool:
    """Whether microseconds are dropped: as the body says, else where the server chooses the date."""
    if "replace_microseconds" not in body:
        return date is None
    word = body["replace_microseconds"]
    if word is None and traits(call).null_is_false:
        return False
    if not isinstance(word, str):
        raise broken(call, f"replace_microseconds: {word!r} is no text")
    return word.lower() in (*_TRUE, *(["on"] if traits(call).on_is_true else ()))


def _cut(date: datetime, *, whole: bool) -> datetime:
    return date.replace(microsecond=0) if whole else date


def _check_free(call: Call, dag: Dag, run_id: Any, date: datetime, *, made_up: bool) -> None:
    """Refuse an id or a date of a run that there is."""
    if isinstance(run_id, list | dict):
        raise broken(call, f"run_id: {run_id!r} is no text")
    storable(call, str(run_id))
    same_id = [run for run in call.world.runs_of(dag) if run.run_id == str(run_id)]
    moment = dates.utc(call, date)
    same_date = [run for run in call.world.runs_of(dag) if run.logical_date == moment]
    if same_id or (same_date and traits(call).dates_are_unique):
        raise refused(400, _taken(call, dag, run_id, dates.shown(call, date, made_up=made_up)))
    if same_date:
        raise broken(call, "a run of that date exists")


def _taken(call: Call, dag: Dag, run_id: Any, date: str) -> str:
    version = call.world.version
    if not has(version, "ids of runs are texts"):
        return f"Run id {run_id} already exists for dag id {dag.dag_id}"
    what = "DAG Run already exists for DAG" if has(version, "ids of runs follow a pattern") else _OLD
    return f"A {what} {dag.dag_id} at {date} with run id {run_id}"


_OLD = "Dag Run already exists for dag id"


def _check_id(call: Call, run_id: Any) -> None:
    """Refuse an id that is no text, or has odd letters."""
    version = call.world.version
    if not isinstance(run_id, str) and has(version, "ids of runs are texts"):
        raise broken(call, f"run_id: {run_id!r} is no text")
    if has(version, "ids of runs follow a pattern") and not ALLOWED_ID.fullmatch(run_id):
        patterns = f"configured pattern: '^{ALLOWED_ID.pattern}$' or the built-in pattern: '{_MADE_ID}'"
        raise told(call, f"The provided run ID '{run_id}' is invalid. It does not match either the {patterns}")


def _conf(call: Call, conf: Any) -> Any:
    """The configuration: an object, or the JSON of a text."""
    if not conf:
        return None
    if isinstance(conf, dict):
        return conf
    try:
        return json.loads(conf)
    except (TypeError, ValueError):
        raise broken(call, "conf: is neither an object nor the text of one") from None


def _check_params(call: Call, dag: Dag, conf: Any) -> None:
    version = call.world.version
    wrong = params.complaint(dag, conf or {}, sort=not has(version, "schemas are told as they are written"))
    if wrong and has(version, "params have schemas"):
        raise told(call, wrong) if has(version, "bad params crash") else broken(call, wrong)


def described(call: Call, run: Run, date: str) -> str:
    """A run as Airflow prints it."""
    queue = f", state:{run.state}, queued_at: {dates.spaced(run.queued_at)}."
    told = queue if traits(call).runs_tell_state else ","
    return f"<DagRun {run.dag_id} @ {date}: {run.run_id}{told} externally triggered: {run.run_type == 'manual'}>"
