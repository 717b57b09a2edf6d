"""DAG runs, task instances and XComs as the public API shows them."""

from __future__ import annotations

from typing import Any

from mockserver.api.v2.dag_views import version_view
from mockserver.world.runs import Run
from mockserver.world.task_instances import TaskInstance, Try
from mockserver.world.xcoms import XCom

NO_CURSOR: dict[str, Any] = {"total_entries_limit": None, "next_cursor": None, "previous_cursor": None}
"""What collections of runs and task instances hold when they are not walked by cursor."""


def run_view(run: Run) -> dict[str, Any]:
    """A DAGRunResponse."""
    return {
        "dag_run_id": run.run_id,
        "dag_id": run.dag_id,
        "logical_date": run.logical_date,
        "queued_at": run.queued_at,
        "start_date": run.start_date,
        "end_date": run.end_date,
        "duration": run.duration,
        "data_interval_start": run.data_interval_start,
        "data_interval_end": run.data_interval_end,
        "run_after": run.run_after,
        "last_scheduling_decision": run.last_scheduling_decision,
        "run_type": run.run_type,
        "state": run.state,
        "triggered_by": run.triggered_by,
        "triggering_user_name": run.triggering_user_name,
        "conf": run.conf,
        "note": run.note,
        "dag_versions": [version_view(version) for version in run.versions if run.instances],
        "bundle_version": None,
        "dag_display_name": run.dag_id,
        "partition_key": run.partition_key,
        "partition_date": None,
    }


def _place(instance: TaskInstance) -> dict[str, Any]:
    """What all tries of an instance have in common."""
    task, run = instance.task, instance.run
    return {
        "task_id": task.id,
        "dag_id": run.dag_id,
        "dag_run_id": run.run_id,
        "map_index": instance.map_index,
        "task_display_name": task.id,
        "dag_display_name": run.dag_id,
        "unixname": "airflow",
        "pool": task.pool,
        "pool_slots": 1,
        "queue": "default",
        "priority_weight": run.dag.weight(task.id),
        "operator": instance.operator,
        "operator_name": instance.operator_name,
        "executor": None,
        "executor_config": "{}",
        "dag_version": version_view(run.versions[-1]),
    }


def instance_view(instance: TaskInstance) -> dict[str, Any]:
    """A TaskInstanceResponse."""
    return {
        "id": instance.id,
        **try_view(instance, instance.current()),
        "logical_date": instance.run.logical_date,
        "run_after": instance.run.run_after,
        "note": instance.note,
        "rendered_map_index": instance.rendered_map_index,
        "rendered_fields": instance.rendered_fields,
        "trigger": None,
        "triggerer_job": None,
    }


def try_view(instance: TaskInstance, one: Try) -> dict[str, Any]:
    """A TaskInstanceHistoryResponse."""
    return {
        **_place(instance),
        "start_date": one.start_date,
        "end_date": one.end_date,
        "duration": one.duration,
        "state": one.state,
        "try_number": one.try_number,
        "max_tries": one.max_tries,
        "hostname": one.hostname,
        "queued_when": one.queued_when,
        "scheduled_when": one.scheduled_when,
        "pid": one.pid,
    }


def xcom_view(xcom: XCom) -> dict[str, Any]:
    """An XComResponse."""
    run = xcom.run
    return {
        "key": xcom.key,
        "timestamp": xcom.timestamp,
        "logical_date": run.logical_date,
        "map_index": xcom.map_index,
        "task_id": xcom.task_id,
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "dag_display_name": run.dag_id,
        "task_display_name": xcom.task_id,
        "run_after": run.run_after,
    }
