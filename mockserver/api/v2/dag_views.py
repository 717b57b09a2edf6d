"""DAGs as the public API shows them."""

from __future__ import annotations

from typing import Any

from mockserver.world.assets import Asset
from mockserver.world.dags import BUNDLE, Dag, DagVersion
from mockserver.world.habits import has
from mockserver.world.operators import operator_of
from specs.fixtures import Param, Task
from specs.versions import Version


def version_view(version: DagVersion) -> dict[str, Any]:
    """A DagVersionResponse."""
    return {
        "id": version.id,
        "version_number": version.number,
        "dag_id": version.dag_id,
        "bundle_name": BUNDLE,
        "bundle_version": None,
        "created_at": version.created_at,
        "dag_display_name": version.dag_id,
        "bundle_url": None,
    }


def dag_view(dag: Dag) -> dict[str, Any]:
    """A DAGResponse."""
    plan = dag.plan
    return {
        "dag_id": dag.dag_id,
        "dag_display_name": dag.dag_id,
        "is_paused": dag.is_paused,
        "is_stale": False,
        "last_parsed_time": dag.parsed_at,
        "last_parse_duration": None,
        "last_expired": None,
        "bundle_name": BUNDLE,
        "bundle_version": None,
        "relative_fileloc": plan.file,
        "fileloc": dag.fileloc,
        "description": plan.description,
        "timetable_summary": plan.schedule or ("Asset" if plan.assets else None),
        "timetable_description": _timetable(dag),
        "timetable_partitioned": False,
        "timetable_periodic": plan.schedule is not None,
        "tags": [{"name": tag, "dag_id": dag.dag_id, "dag_display_name": dag.dag_id} for tag in sorted(plan.tags)],
        "max_active_tasks": 16,
        "max_active_runs": 16,
        "max_consecutive_failed_dag_runs": 0,
        "has_task_concurrency_limits": False,
        "has_import_errors": False,
        "next_dagrun_logical_date": dag.next_run,
        "next_dagrun_data_interval_start": dag.next_run,
        "next_dagrun_data_interval_end": dag.next_run,
        "next_dagrun_run_after": dag.next_run,
        "allowed_run_types": None,
        "owners": [plan.owner],
        "is_backfillable": plan.schedule is not None,
        "file_token": dag.file_token,
    }


def _timetable(dag: Dag) -> str:
    if dag.plan.assets:
        return "Triggered by assets"
    return dag.plan.schedule_text or dag.plan.schedule or "Never, external triggers only"


def details_view(dag: Dag, version: Version, assets: list[Asset], **known: Any) -> dict[str, Any]:
    """A DAGDetailsResponse; `known` holds what the DAG does not know of itself."""
    plan = dag.plan
    return {
        **dag_view(dag),
        "catchup": plan.catchup,
        "dag_run_timeout": None,
        "asset_expression": _expression(assets),
        "doc_md": None,
        "start_date": plan.start_date,
        "end_date": None,
        "is_paused_upon_creation": plan.paused,
        "params": params_view(dag, version, source=None),
        "render_template_as_native_obj": False,
        "template_search_path": None,
        "timezone": "UTC",
        "last_parsed": dag.parsed_at,
        "default_args": {} if plan.owner == "airflow" else {"owner": plan.owner},
        "rerun_with_latest_version": None,
        "owner_links": {},
        "concurrency": 16,
        "latest_dag_version": version_view(dag.version),
        **known,
    }


def _expression(assets: list[Asset]) -> dict[str, Any] | None:
    shown = [{"uri": one.uri, "name": one.name, "group": one.group, "id": one.number} for one in assets]
    return {"all": [{"asset": one} for one in shown]} if shown else None


def params_view(dag: Dag, version: Version, source: str | None) -> dict[str, Any]:
    """The parameters of a DAG; before 3.2 each names a class, later versions where it came from."""
    return {name: _param(param, version, source) for name, param in dag.plan.params.items()}


def _param(param: Param, version: Version, source: str | None) -> dict[str, Any]:
    shown = {"value": param.value, "schema": dict(param.schema), "description": param.description}
    if has(version, "params tell their source"):
        return {**shown, "source": source}
    place = "airflow.sdk.definitions" if has(version, "params belong to the SDK") else "airflow.models"
    return {"__class": f"{place}.param.Param", **shown}


def asked_params(task: Task, version: Version) -> dict[str, Any]:
    """The values that a task asks for beside its options."""
    given = task.asks.get("params", {}) if task.asks else {}
    return {name: _param(Param(value), version, "task") for name, value in given.items()}


def task_view(dag: Dag, task: Task, version: Version) -> dict[str, Any]:
    """A TaskResponse."""
    operator = operator_of(task)
    return {
        "task_id": task.id,
        "task_display_name": task.id,
        "owner": dag.plan.owner,
        "start_date": dag.plan.start_date,
        "end_date": None,
        "trigger_rule": "all_success",
        "depends_on_past": False,
        "wait_for_downstream": False,
        "retries": float(task.retries),
        "queue": "default",
        "pool": task.pool,
        "pool_slots": 1.0,
        "execution_timeout": None,
        "retry_delay": {"__type": "TimeDelta", "days": 0, "seconds": 300, "microseconds": 0},
        "retry_exponential_backoff": 0.0 if has(version, "backoff is a number") else False,
        "priority_weight": 1.0,
        "weight_rule": "downstream",
        "ui_color": operator.colour,
        "ui_fgcolor": "#000",
        "template_fields": list(operator.templates),
        "downstream_task_ids": sorted(task.downstream),
        "doc_md": task.doc if task.mapped is None else None,
        "operator_name": operator.shown,
        "params": {**params_view(dag, version, source="dag"), **asked_params(task, version)},
        "class_ref": {"module_path": operator.module, "class_name": operator.name},
        "is_mapped": task.mapped is not None,
        "extra_links": [],
    }
