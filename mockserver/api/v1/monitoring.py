"""What shows how the deployment is doing: version, health, event logs, import errors, plugins, providers.

Measured on 2.2.5, 2.6.3 and 2.11.2.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from mockserver.api import views
from mockserver.api.filters import order, select
from mockserver.api.v1 import operation
from mockserver.api.v1.problems import not_found
from mockserver.operations import Call, Page
from mockserver.world.habits import has
from specs import yamlfile
from specs.versions import Version, within


@operation("get_version")
def get_version(call: Call) -> Any:
    """Tell the version."""
    return {"version": call.mock.release, "git_version": ".release:mock"}


@operation("get_health")
def get_health(call: Call) -> Any:
    """Tell who is alive: the scheduler, which parses DAGs too. No triggerer and no DAG processor is there beside it."""
    version = call.world.version
    told: dict[str, dict[str, str | None]] = {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy", "latest_scheduler_heartbeat": call.world.now().isoformat()},
    }
    if has(version, "health tells of triggerers"):
        told["triggerer"] = {"status": None, "latest_triggerer_heartbeat": None}
    if has(version, "health tells of DAG processors"):
        told["dag_processor"] = {"status": None, "latest_dag_processor_heartbeat": None}
    return told


EVENT_FIELDS = order("dag_id", "task_id", "run_id", "map_index", "try_number", "owner", "event")
EVENT_ORDER = order(
    "event_log_id=number",
    "when",
    "dag_id",
    "task_id",
    "run_id",
    "event",
    "execution_date=logical_date",
    "owner",
    "extra",
)


@operation("get_event_logs")
def get_event_logs(call: Call) -> Page:
    """List event logs. A number that is 0 is not looked for."""
    query = call.query
    rows = select(call, call.world.events, {name: value for name, value in query.items() if value != 0}, EVENT_FIELDS)
    if query.get("before") is not None:
        rows = [event for event in rows if event.when < query["before"]]
    if query.get("after") is not None:
        rows = [event for event in rows if event.when > query["after"]]
    if query.get("included_events"):
        rows = [event for event in rows if event.event in query["included_events"].split(",")]
    if query.get("excluded_events"):
        rows = [event for event in rows if event.event not in query["excluded_events"].split(",")]
    return call.page(rows, key="event_logs", view=views.event_log, order=EVENT_ORDER)


@operation("get_event_log")
def get_event_log(call: Call) -> Any:
    """Show an event log."""
    event = call.world.events.get(call.path["event_log_id"])
    if event is None:
        raise not_found("Event Log not found")
    return views.event_log(event)


@operation("get_import_errors")
def get_import_errors(call: Call) -> Page:
    """List the files that cannot be imported."""
    keys = order("import_error_id=number", "timestamp", "filename=file")
    return call.page(list(call.world.import_errors), key="import_errors", view=views.import_error, order=keys)


@operation("get_import_error")
def get_import_error(call: Call) -> Any:
    """Show a file that cannot be imported."""
    number = call.path["import_error_id"]
    error = call.world.import_errors.get(number)
    if error is None:
        detail = f"The ImportError with import_error_id: `{number}` was not found"
        raise not_found("Import error not found", detail)
    return views.import_error(error)


@operation("get_plugins")
def get_plugins(call: Call) -> Page:
    """List plugins: there are none."""
    return call.page([], key="plugins", view=dict, order={})


@operation("get_providers")
def get_providers(call: Call) -> Any:
    """List providers, all of them: those of a plain installation."""
    found = providers(call.world.version)
    return {"providers": found, "total_entries": len(found)}


@cache
def providers(version: Version) -> list[dict[str, str]]:
    """The provider packages that come with a version."""
    table = yamlfile.read("mockserver.api.v1", "providers.yaml")
    releases = (one for one in table["releases"] if within(version, one["since"], one.get("until")))
    return [
        {
            "package_name": f"apache-airflow-providers-{name}",
            "description": {**table["descriptions"], **one.get("descriptions", {})}[name],
            "version": release,
        }
        for one in releases
        for name, release in one["packages"].items()
    ]
