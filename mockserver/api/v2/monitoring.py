"""What shows how the deployment is doing: version, health, event logs, import errors, warnings, jobs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from mockserver.api import views
from mockserver.api.filters import order, select
from mockserver.api.v2.wording import missing
from mockserver.operations import Call, Page, operation
from mockserver.world.assets import Asset
from mockserver.world.dags import BUNDLE, Dag, ImportError_
from mockserver.world.events import Event
from mockserver.world.habits import has

BEAT = timedelta(seconds=5)  # how often a job says that it lives


@operation("get_version")
def get_version(call: Call) -> Any:
    """Tell the version: the profile's patch release, or else the one that was measured."""
    return {"version": call.mock.release, "git_version": ".release:mock"}


@operation("get_health")
def get_health(call: Call) -> Any:
    """Tell who is alive: what makes runs go on and DAGs appear, that is all but a triggerer."""
    beat = call.world.now().isoformat()
    return {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": beat},
        "triggerer": {"status": None, "latest_triggerer_heartbeat": None},
        "dag_processor": {"status": "healthy", "latest_dag_processor_heartbeat": beat},
    }


EVENT_FIELDS = order("dag_id", "task_id", "run_id", "map_index", "try_number", "owner", "event")
EVENT_ORDER = order("id=number", "event_log_id=number", "when", "dttm=when", "logical_date", "extra")


@operation("get_event_logs")
def get_event_logs(call: Call) -> Page:
    """List event logs; since 3.1, of what is about a DAG, only that of DAGs that there are."""
    query, world = call.query, call.world
    every = not has(world.version, "logs are of DAGs that there are")
    there = [event for event in world.events if every or event.dag_id is None or event.dag_id in world.dags]
    rows = select(call, there, query, EVENT_FIELDS)
    if query.get("before") is not None:
        rows = [event for event in rows if event.when < query["before"]]
    if query.get("after") is not None:
        rows = [event for event in rows if event.when > query["after"]]
    if query.get("included_events"):
        rows = [event for event in rows if event.event in query["included_events"]]
    if query.get("excluded_events"):
        rows = [event for event in rows if event.event not in query["excluded_events"]]
    return call.page(
        rows, key="event_logs", view=lambda event: _view(call, event), order={**EVENT_FIELDS, **EVENT_ORDER}
    )


@operation("get_event_log")
def get_event_log(call: Call) -> Any:
    """Show an event log."""
    number = call.path["event_log_id"]
    event = call.world.events.get(number)
    if event is None:
        raise missing(call, "event log")
    return _view(call, event)


def _view(call: Call, event: Event) -> dict[str, Any]:
    """An EventLogResponse: the DAG has a name while it is there, the task in what is told of one of its instances."""
    dag = event.dag_id if event.dag_id in call.world.dags else None
    task = None if event.map_index is None else event.task_id
    return {**views.event_log(event), "dag_display_name": dag, "task_display_name": task}


IMPORT_ERROR_FIELDS: dict[str, Callable[[ImportError_], Any]] = {
    **order("filename=file", "id=number", "import_error_id=number", "timestamp", "stacktrace=stack_trace"),
    "bundle_name": lambda _: BUNDLE,
}


@operation("get_import_errors")
def get_import_errors(call: Call) -> Page:
    """List the files that cannot be imported."""
    rows = select(call, call.world.import_errors, call.query, IMPORT_ERROR_FIELDS)
    return call.page(rows, key="import_errors", view=views.import_error, order=IMPORT_ERROR_FIELDS)


@operation("get_import_error")
def get_import_error(call: Call) -> Any:
    """Show a file that cannot be imported."""
    error = call.world.import_errors.get(call.path["import_error_id"])
    if error is None:
        raise missing(call, "import error")
    return views.import_error(error)


@operation("list_dag_warnings")
def list_dag_warnings(call: Call) -> Page:
    """List the warnings about DAGs: what they update has the name of something else.

    Airflow 3 looks at no pools (measured on 3.3.2).
    """
    rows = [_warning(dag, asset) for asset in call.world.assets if asset.clashes for dag, _ in asset.producers]
    fields = {name: _item(name) for name in ("dag_id", "warning_type", "message", "timestamp")}
    return call.page(select(call, rows, call.query, fields), key="dag_warnings", view=dict, order=fields)


def _warning(dag: Dag, asset: Asset) -> dict[str, Any]:
    message = (
        f'Cannot activate asset Asset(name="{asset.name}", uri="{asset.clashes}", group="{asset.group}"); '
        f"name is already associated to {asset.uri!r}"
    )
    names = {"dag_id": dag.dag_id, "dag_display_name": dag.dag_id}
    return {**names, "warning_type": "asset conflict", "message": message, "timestamp": dag.parsed_at}


def _jobs(call: Call) -> list[dict[str, Any]]:
    """What runs: that is what the health tells too."""
    common = {"dag_id": None, "state": "running", "start_date": call.world.started_at, "end_date": None}
    place = {"executor_class": None, "hostname": "scheduler-1", "unixname": "airflow", "dag_display_name": None}
    kinds = ("SchedulerJob", "DagProcessorJob")
    now = call.world.now()
    beat = {"latest_heartbeat": now - (now - call.world.started_at) % BEAT}
    return [{"id": n, "job_type": kind, **common, **place, **beat} for n, kind in enumerate(kinds, 1)]


def _item(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row[name]


JOB_FIELDS = {
    **{name: _item(name) for name in ("id", "dag_id", "state", "job_type", "start_date", "end_date")},
    **{name: _item(name) for name in ("latest_heartbeat", "executor_class", "hostname", "unixname")},
    "job_state": _item("state"),
    "is_alive": lambda _: True,
}


@operation("get_jobs")
def get_jobs(call: Call) -> Page:
    """List what runs."""
    rows = select(call, _jobs(call), call.query, JOB_FIELDS)
    return call.page(rows, key="jobs", view=dict, order=JOB_FIELDS)


@operation("get_plugins")
def get_plugins(call: Call) -> Page:
    """List plugins: there are none."""
    return call.page([], key="plugins", view=dict, order={})


@operation("import_errors")
def plugin_import_errors(call: Call) -> Any:  # noqa: ARG001
    """List the plugins that cannot be imported: there are none."""
    return {"import_errors": [], "total_entries": 0}


PROVIDERS = (
    ("common-compat", "Common Compatibility Provider", "1.7.3", "1.23.0"),
    ("common-io", "Common IO Provider", "1.6.2", "1.11.0"),
    ("common-sql", "Common SQL Provider", "1.27.5", "2.4.0"),
    ("smtp", "Simple Mail Transfer Protocol", "2.2.0", "3.2.0"),
    ("standard", "Airflow Standard Provider", "1.6.0", "1.21.0"),
)


@operation("get_providers")
def get_providers(call: Call) -> Page:
    """List providers: those of a plain installation."""
    old = call.world.version < (3, 1)
    rows = []
    for name, description, before, now in PROVIDERS:
        package, version = f"apache-airflow-providers-{name}", before if old else now
        url = f"https://airflow.apache.org/docs/{package}/{version}"
        rows.append({"package_name": package, "description": description, "version": version, "documentation_url": url})
    return call.page(rows, key="providers", view=dict, order={})
