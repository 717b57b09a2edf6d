"""What a request names: found, or refused in the order and the words of Airflow."""

from __future__ import annotations

from datetime import datetime

from mockserver.api.experimental import dates
from mockserver.api.experimental.refusing import broken, refused
from mockserver.operations import Call
from mockserver.world.dags import Dag
from mockserver.world.runs import Run
from specs.fixtures import Task


def dag(call: Call, status: int = 404) -> Dag:
    """The DAG of the path."""
    found = call.world.dags.get(call.path["dag_id"])
    if found is None:
        raise refused(status, f"Dag id {call.path['dag_id']} not found in DagModel")
    return found


def row(call: Call) -> Dag:
    """The same where Airflow does not look whether it is there."""
    found = call.world.dags.get(call.path["dag_id"])
    if found is None:
        raise broken(call, f"Dag id {call.path['dag_id']} not found", 404)
    return found


def task(call: Call) -> Task:
    """The task of the path."""
    owner = dag(call)
    found = owner.tasks.get(call.path["task_id"])
    if found is None:
        raise refused(404, f"Task {call.path['task_id']} not found in dag {owner.dag_id}")
    return found


def run(call: Call, date: datetime) -> Run:
    """The run of the path's DAG at a date, to the microsecond."""
    owner, moment = dag(call), dates.utc(call, date)
    for found in call.world.runs_of(owner):
        if found.logical_date == moment:
            return found
    raise refused(404, f"Dag Run for date {dates.shown(call, date)} not found in dag {owner.dag_id}")
