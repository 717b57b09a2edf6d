"""DAG runs, task instances and XComs as the stable API shows them."""

from __future__ import annotations

from typing import Any

from mockserver.api.v1.dag_views import operator
from mockserver.api.v2.run_views import try_view as try_of_v2
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance, Try
from mockserver.world.xcoms import XCom
from specs.versions import Version


def run_view(run: Run) -> dict[str, Any]:
    """A DAGRun."""
    names = ("dag_id", "logical_date", "start_date", "end_date", "state", "data_interval_start", "data_interval_end")
    return {
        **{name: getattr(run, name) for name in (*names, "last_scheduling_decision", "run_type", "note")},
        "dag_run_id": run.run_id,
        "execution_date": run.logical_date,
        "external_trigger": run.run_type == "manual",
        "conf": run.conf or {},
    }


def try_view(version: Version, instance: TaskInstance, one: Try) -> dict[str, Any]:
    """A TaskInstanceHistory."""
    return {**try_of_v2(instance, one), "operator": operator(instance.task, version)}


def instance_view(version: Version, instance: TaskInstance) -> dict[str, Any]:
    """A TaskInstance."""
    return {
        **try_view(version, instance, instance.current()),
        "execution_date": instance.run.logical_date,
        "note": instance.note,
        "sla_miss": None,
        "rendered_map_index": None,
        "rendered_fields": instance.rendered_fields,
        "trigger": None,
        "triggerer_job": None,
    }


def reference_view(instance: TaskInstance) -> dict[str, Any]:
    """A TaskInstanceReference."""
    run = instance.run
    return {
        "task_id": instance.task_id,
        "dag_id": run.dag_id,
        "dag_run_id": run.run_id,
        "execution_date": run.logical_date,
    }


def references(instances: list[TaskInstance]) -> dict[str, Any]:
    """A TaskInstanceReferenceCollection."""
    return {"task_instances": [reference_view(one) for one in instances]}


def xcom_view(xcom: XCom) -> dict[str, Any]:
    """An XComCollectionItem."""
    return {
        "key": xcom.key,
        "timestamp": xcom.timestamp,
        "execution_date": xcom.run.logical_date,
        "map_index": xcom.map_index,
        "task_id": xcom.task_id,
        "dag_id": xcom.run.dag_id,
    }
