"""DAGs and tasks as the stable API shows them."""

from __future__ import annotations

from typing import Any

from mockserver.api.v2.dag_views import params_view
from mockserver.api.v2.dag_views import task_view as task_of_v2
from mockserver.world.assets import Asset
from mockserver.world.dags import Dag, signed
from mockserver.world.habits import has
from mockserver.world.world import World
from specs.fixtures import Task
from specs.versions import Version

#: The class of the link from a task to the DAG that it triggers.
TRIGGER_LINK = {"module_path": "airflow.operators.trigger_dagrun", "class_name": "TriggerDagRunLink"}


def token(dag: Dag) -> str:
    """The token under which the stable API takes the DAG's file."""
    return signed(f'"{dag.fileloc}"')


def dag_view(world: World, dag: Dag) -> dict[str, Any]:
    """A DAG."""
    plan = dag.plan
    start, end = world.interval(dag, dag.next_run) if dag.next_run else (None, None)
    return {
        "dag_id": dag.dag_id,
        "dag_display_name": dag.dag_id,
        "root_dag_id": None,
        "is_paused": dag.is_paused,
        "is_active": True,
        "is_subdag": False,
        "last_parsed_time": dag.parsed_at,
        "last_pickled": None,
        "last_expired": None,
        "scheduler_lock": None,
        "pickle_id": None,
        "default_view": "grid" if has(world.version, "DAGs are shown as a grid") else "tree",
        "fileloc": dag.fileloc,
        "file_token": token(dag),
        "owners": [plan.owner],
        "description": plan.description,
        "schedule_interval": _schedule(dag),
        "timetable_description": _timetable(dag),
        "tags": [{"name": tag} for tag in sorted(plan.tags)],
        "max_active_tasks": 16,
        "max_active_runs": 16,
        "max_consecutive_failed_dag_runs": 0,
        "has_task_concurrency_limits": False,
        "has_import_errors": False,
        "next_dagrun": start,
        "next_dagrun_data_interval_start": start,
        "next_dagrun_data_interval_end": end,
        "next_dagrun_create_after": dag.next_run,
    }


def _schedule(dag: Dag) -> dict[str, str] | None:
    text = dag.plan.schedule or ("Dataset" if dag.plan.assets else None)
    return {"__type": "CronExpression", "value": text} if text else None


def _timetable(dag: Dag) -> str:
    if dag.plan.assets:
        return "Triggered by datasets"
    return dag.plan.schedule_text or dag.plan.schedule or "Never, external triggers only"


def details_view(world: World, dag: Dag, assets: list[Asset]) -> dict[str, Any]:
    """A DAGDetail."""
    plan, version = dag.plan, world.version
    return {
        **dag_view(world, dag),
        "catchup": plan.catchup,
        "concurrency": 16,
        "dag_run_timeout": None,
        "dataset_expression": {"all": [asset.uri for asset in assets]} if assets else None,
        "doc_md": None,
        "start_date": plan.start_date,
        "end_date": None,
        "is_paused_upon_creation": plan.paused,
        "last_parsed": dag.parsed_at,
        "orientation": "LR",
        "params": params_view(dag, version, source=None),
        "render_template_as_native_obj": False,
        "template_searchpath": None,
        "timezone": "UTC" if has(version, "time zones are names") else "Timezone('UTC')",
    }


def operator(task: Task, version: Version) -> str:
    """The class of a task's operator."""
    if task.python or task.triggers:
        return "PythonOperator" if task.python else "TriggerDagRunOperator"
    return "EmptyOperator" if has(version, "empty operators are called so") else "DummyOperator"


def task_view(dag: Dag, task: Task, version: Version) -> dict[str, Any]:
    """A Task."""
    name = operator(task, version)
    module = "trigger_dagrun" if task.triggers else name.removesuffix("Operator").lower()
    return {
        **task_of_v2(dag, task, version),
        "class_ref": {"module_path": f"airflow.operators.{module}", "class_name": name},
        "operator_name": name,
        "extra_links": [TRIGGER_LINK] if task.triggers else [],
    }
