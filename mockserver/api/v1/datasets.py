"""Datasets, which later versions call assets, their events, and what waits for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v1 import lookup, operation
from mockserver.api.v1.forms import Field, Form, anything, text
from mockserver.api.v1.wording import missing
from mockserver.operations import Call, Page
from mockserver.world.assets import Asset, AssetEvent, QueuedEvent
from mockserver.world.runs import Run


def dataset_view(asset: Asset) -> dict[str, Any]:
    """A Dataset."""
    since = {"created_at": asset.created_at, "updated_at": asset.created_at}
    return {
        "id": asset.number,
        "uri": asset.uri,
        "extra": {},
        "created_at": asset.created_at,
        "updated_at": asset.last_event.timestamp if asset.last_event else asset.created_at,
        "consuming_dags": [{"dag_id": dag.dag_id, **since} for dag in asset.consumers],
        "producing_tasks": [{"dag_id": dag.dag_id, "task_id": task, **since} for dag, task in asset.producers],
        "aliases": [],
    }


def event_view(event: AssetEvent) -> dict[str, Any]:
    """A DatasetEvent."""
    return {
        "id": event.number,
        "dataset_id": event.asset.number,
        "dataset_uri": event.asset.uri,
        "extra": event.extra,
        "source_dag_id": event.dag_id,
        "source_task_id": event.task_id,
        "source_run_id": event.run_id,
        "source_map_index": event.map_index,
        "created_dagruns": [_run_view(run) for run in event.runs],
        "timestamp": event.timestamp,
    }


def _run_view(run: Run) -> dict[str, Any]:
    names = ("dag_id", "logical_date", "start_date", "end_date", "state", "data_interval_start", "data_interval_end")
    return {**{name: getattr(run, name) for name in names}, "dag_run_id": run.run_id}


def queued_view(event: QueuedEvent) -> dict[str, Any]:
    """A QueuedEvent."""
    return {"uri": event.asset.uri, "dag_id": event.dag.dag_id, "created_at": event.created_at}


def events_view(events: Iterable[AssetEvent]) -> dict[str, Any]:
    """A DatasetEventCollection that is not cut into pages."""
    shown = [event_view(event) for event in events]
    return {"dataset_events": shown, "total_entries": len(shown)}


_ORDER: dict[str, Callable[[Asset], Any]] = {
    **order("id=number", "uri", "created_at"),
    "updated_at": lambda asset: asset.last_event.timestamp if asset.last_event else asset.created_at,
}


@operation("get_datasets")
def get_datasets(call: Call) -> Page:
    """List datasets; Airflow counts all, whatever is asked for (measured)."""
    pattern = call.query.get("uri_pattern") or None
    rows = select(call, call.world.assets, {"uri_pattern": pattern}, order("uri"))
    if wanted := set((call.query.get("dag_ids") or "").split(",")) - {""}:
        rows = [one for one in rows if wanted & _dags(one)]
    page = call.page(rows, key="datasets", view=dataset_view, order=_ORDER)
    if call.mock.follow == "airflow":
        page.total = len(call.world.assets)
    return page


def _dags(asset: Asset) -> set[str]:
    return {dag.dag_id for dag in asset.consumers} | {dag.dag_id for dag, _ in asset.producers}


def _dataset(call: Call, uri: str, text: str) -> Asset:
    for asset in call.world.assets:
        if asset.uri == uri:
            return asset
    raise missing(call, text, uri=uri)


@operation("get_dataset")
def get_dataset(call: Call) -> Any:
    """Show a dataset."""
    return dataset_view(_dataset(call, call.path["uri"], "dataset"))


EVENT_FIELDS: dict[str, Callable[[AssetEvent], Any]] = {
    **order("source_task_id=task_id", "source_dag_id=dag_id", "source_run_id=run_id", "source_map_index=map_index"),
    **order("timestamp"),
    "dataset_id": lambda event: event.asset.number,
}


@operation("get_dataset_events")
def get_dataset_events(call: Call) -> Page:
    """List the updates of datasets; a number that is 0 is not looked at (measured)."""
    given = {name: value for name, value in call.query.items() if value != 0}
    rows = select(call, call.world.asset_events, given, EVENT_FIELDS)
    for row in rows:
        row.cache.clear()  # the runs in it go on
    return call.page(rows, key="dataset_events", view=event_view, order=EVENT_FIELDS)


@operation("get_upstream_dataset_events")
def get_upstream_dataset_events(call: Call) -> Any:
    """List the updates for which a run was started."""
    return events_view(call.world.upstream_events(lookup.run(call)))


CREATE = Form(dataset_uri=Field(text), extra=Field(anything))


@operation("create_dataset_event")
def create_dataset_event(call: Call) -> Any:
    """Update a dataset by hand."""
    body = CREATE.load(call)
    asset = _dataset(call, body["dataset_uri"], "dataset of event")
    extra = {**body.get("extra", {}), "from_rest_api": True}
    return event_view(call.world.add_asset_event(asset, call.world.now(), extra))


def _queued(call: Call) -> list[QueuedEvent]:
    """The waiting updates that path and query name; 404 when there are none."""
    fields: dict[str, Callable[[QueuedEvent], Any]] = {
        "dag_id": lambda event: event.dag.dag_id,
        "uri": lambda event: event.asset.uri,
    }
    rows: list[QueuedEvent] = select(call, call.world.queued_events, call.path, fields)
    before = call.query.get("before")
    rows = [event for event in rows if before is None or event.created_at < before]
    if not rows:
        raise missing(call, _text(call))
    return rows


def _text(call: Call) -> str:
    if "uri" not in call.path:
        return "queued events of dag"
    return "queued event" if "dag_id" in call.path else "queued events of dataset"


@operation("get_dataset_queued_events", "get_dag_dataset_queued_events")
def get_queued_events(call: Call) -> Any:
    """List the updates that wait."""
    events = [queued_view(event) for event in _queued(call)]
    return {"queued_events": events, "total_entries": len(events)}


@operation("get_dag_dataset_queued_event")
def get_queued_event(call: Call) -> Any:
    """Show the update of a dataset that waits for a DAG."""
    return queued_view(_queued(call)[0])


@operation("delete_dataset_queued_events", "delete_dag_dataset_queued_events", "delete_dag_dataset_queued_event")
def delete_queued_events(call: Call) -> None:
    """Forget updates that wait."""
    for event in _queued(call):
        call.world.queued_events.remove((event.dag.dag_id, event.asset.number))
