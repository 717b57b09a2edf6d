"""Assets, their events, and what waits for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v2 import lookup
from mockserver.api.v2.dag_runs import create
from mockserver.api.v2.run_views import run_view
from mockserver.api.v2.wording import missing
from mockserver.errors import ApiError, Crash
from mockserver.operations import Call, Page, operation
from mockserver.scalars import parse_date_time
from mockserver.world.assets import Alias, Asset, AssetEvent, QueuedEvent
from mockserver.world.habits import has
from mockserver.world.runs import Run


def asset_view(asset: Asset) -> dict[str, Any]:
    """An AssetResponse."""
    since = {"created_at": asset.created_at, "updated_at": asset.created_at}
    consumers = [{"dag_id": dag.dag_id, **since} for dag in asset.consumers]
    event = asset.last_event
    return {
        "id": asset.number,
        "name": asset.name,
        "uri": asset.uri,
        "group": asset.group,
        "extra": {},
        **since,
        "scheduled_dags": consumers,
        "consuming_dags": consumers,
        "producing_tasks": [{"dag_id": dag.dag_id, "task_id": task, **since} for dag, task in asset.producers],
        "consuming_tasks": [],
        "aliases": [],
        "watchers": [],
        "last_asset_event": {"id": event and event.number, "timestamp": event and event.timestamp},
    }


def event_view(event: AssetEvent) -> dict[str, Any]:
    """An AssetEventResponse."""
    return {
        "id": event.number,
        "asset_id": event.asset.number,
        "uri": event.asset.uri,
        "name": event.asset.name,
        "group": event.asset.group,
        "extra": event.extra,
        "source_task_id": event.task_id,
        "source_dag_id": event.dag_id,
        "source_run_id": event.run_id,
        "source_map_index": event.map_index,
        "created_dagruns": [_reference(run) for run in event.runs],
        "timestamp": event.timestamp,
        "partition_key": event.partition_key,
    }


def _reference(run: Run) -> dict[str, Any]:
    names = (
        "run_id",
        "dag_id",
        "logical_date",
        "start_date",
        "end_date",
        "state",
        "data_interval_start",
        "data_interval_end",
        "partition_key",
    )
    shown = {name: getattr(run, name) for name in names}
    return {**shown, "start_date": run.start_date or run.run_after, "triggering": True}


def alias_view(call: Call, alias: Alias) -> dict[str, Any]:
    """An AssetAliasResponse."""
    kept = call.mock.follow == "documents" or has(call.world.version, "aliases keep groups")
    return {"id": alias.number, "name": alias.name, "group": alias.group if kept else ""}


def queued_view(event: QueuedEvent) -> dict[str, Any]:
    """A QueuedEventResponse."""
    dag_id = event.dag.dag_id
    shown = {"dag_id": dag_id, "asset_id": event.asset.number, "created_at": event.created_at}
    return {**shown, "dag_display_name": dag_id}


@operation("get_assets")
def get_assets(call: Call) -> Page:
    """List assets."""
    rows = select(
        call, call.world.assets, {k: v for k, v in call.query.items() if k != "dag_ids"}, order("name", "uri")
    )
    if wanted := set(call.query.get("dag_ids") or ()):
        rows = [one for one in rows if wanted & _dags(one)]
    keys = order("id=number", "name", "uri", "created_at", "updated_at=created_at")
    return call.page(rows, key="assets", view=asset_view, order=keys)


def _dags(asset: Asset) -> set[str]:
    return {dag.dag_id for dag in asset.consumers} | {dag.dag_id for dag, _ in asset.producers}


def _asset(call: Call, number: int, text: str = "asset") -> Asset:
    asset = call.world.assets.get(number)
    if asset is None:
        raise missing(call, text, asset_id=number)
    return asset


@operation("get_asset")
def get_asset(call: Call) -> Any:
    """Show an asset."""
    return asset_view(_asset(call, call.path["asset_id"]))


@operation("get_asset_aliases")
def get_asset_aliases(call: Call) -> Page:
    """List asset aliases."""
    rows = select(call, call.world.aliases, call.query, order("name"))
    return call.page(rows, key="asset_aliases", view=partial(alias_view, call), order=order("id=number", "name"))


@operation("get_asset_alias")
def get_asset_alias(call: Call) -> Any:
    """Show an asset alias."""
    alias = call.world.aliases.get(call.path["asset_alias_id"])
    if alias is None:
        raise missing(call, "asset alias")
    return alias_view(call, alias)


EVENT_FIELDS: dict[str, Callable[[AssetEvent], Any]] = {
    **order("source_task_id=task_id", "source_dag_id=dag_id", "source_run_id=run_id", "source_map_index=map_index"),
    **order("timestamp"),
    "asset_id": lambda event: event.asset.number,
    "name": lambda event: event.asset.name,
}


@operation("get_asset_events")
def get_asset_events(call: Call) -> Page:
    """List the updates of assets; each once for every asset where any name will do (measured on 3.3.2)."""
    rows = select(call, call.world.asset_events, call.query, EVENT_FIELDS)
    if call.query.get("name_prefix_pattern") == "~" and call.mock.follow == "airflow":
        rows = [row for row in rows for _ in call.world.assets]
    for row in rows:
        row.cache.clear()  # the runs in it go on
        if call.mock.follow == "airflow" and any(run.start_date is None for run in row.runs):
            raise Crash("an answer needs the start of each run")
    return call.page(rows, key="asset_events", view=event_view, order=EVENT_FIELDS)


@operation("get_upstream_asset_events")
def get_upstream_asset_events(call: Call) -> Any:
    """List the updates for which a run was started."""
    events = [event_view(event) for event in call.world.upstream_events(lookup.run(call))]
    return {"asset_events": events, "total_entries": len(events)}


@operation("create_asset_event")
def create_asset_event(call: Call) -> Any:
    """Update an asset by hand."""
    asset = _asset(call, call.body["asset_id"], "asset of event")
    extra = call.body.get("extra") or {}
    if extra:
        extra = {**extra, "from_rest_api": True}
    key = {"partition_key": call.body.get("partition_key")}
    return event_view(call.world.add_asset_event(asset, call.world.now(), extra, **key))


@operation("materialize_asset")
def materialize_asset(call: Call) -> Any:
    """Run the DAG that updates an asset."""
    asset = call.world.assets.get(call.path["asset_id"])
    if asset is None or not asset.producers:
        raise missing(call, "materializer")
    dags = {dag.dag_id: dag for dag, _ in asset.producers}
    if len(dags) > 1:
        raise ApiError(400, f"More than one DAG materializes asset with ID: {asset.number}")
    dag = next(iter(dags.values()))
    if has(call.world.version, "assets have runs of their own"):
        return run_view(create(call, dag, call.body or {}, "asset_materialization"))
    now = call.world.now()
    return run_view(create(call, dag, {"dag_run_id": call.world.run_id("manual", now), "run_after": now}, "manual"))


def _queued(call: Call) -> list[QueuedEvent]:
    """The waiting updates that path and query name."""
    given = {name: call.path[name] for name in ("dag_id", "asset_id") if name in call.path}
    rows: list[QueuedEvent] = select(
        call,
        call.world.queued_events,
        given,
        {"dag_id": lambda event: event.dag.dag_id, "asset_id": lambda event: event.asset.number},
    )
    before = _moment(call.query.get("before"))
    return [event for event in rows if before is None or event.created_at < before]


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = parse_date_time(text)
    except ValueError:
        raise ApiError(400, f"Invalid datetime: {text!r}. Please check the date parameter have this value.") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _text(call: Call) -> str:
    if "asset_id" not in call.path:
        return "queued events of dag"
    return "queued event" if "dag_id" in call.path else "queued events of asset"


@operation("get_asset_queued_events", "get_dag_asset_queued_events")
def get_queued_events(call: Call) -> Any:
    """List the updates that wait; when there are none, 3.0 answers with 404."""
    events = [queued_view(event) for event in _queued(call)]
    if not events and not has(call.world.version, "no queued events are an empty list"):
        raise missing(call, _text(call))
    return {"queued_events": events, "total_entries": len(events)}


@operation("get_dag_asset_queued_event")
def get_queued_event(call: Call) -> Any:
    """Show the update of an asset that waits for a DAG."""
    events = _queued(call)
    if not events:
        raise missing(call, _text(call))
    return queued_view(events[0])


@operation("delete_asset_queued_events", "delete_dag_asset_queued_events", "delete_dag_asset_queued_event")
def delete_queued_events(call: Call) -> None:
    """Forget updates that wait."""
    events = _queued(call)
    if not events:
        raise missing(call, _text(call))
    for event in events:
        call.world.queued_events.remove((event.dag.dag_id, event.asset.number))
