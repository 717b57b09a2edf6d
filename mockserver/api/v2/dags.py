"""DAGs, their tasks, tags, versions, sources and statistics."""

from __future__ import annotations

from collections.abc import Callable
from posixpath import normpath
from typing import Any

from mockserver.api.filters import holding, order, select, states
from mockserver.api.v2 import lookup
from mockserver.api.v2.dag_views import dag_view, details_view, task_view, version_view
from mockserver.api.v2.media import choose
from mockserver.api.v2.wording import missing, say
from mockserver.errors import ApiError, Crash, conflict, conflict_unique
from mockserver.operations import Answer, Call, Page, before_the_body, operation
from mockserver.world.dags import BUNDLE, FOLDER, Dag, DagVersion
from mockserver.world.habits import has
from mockserver.world.runs import STATES, Run
from specs.fixtures import source

FIELDS: dict[str, Callable[[Dag], Any]] = {
    "dag_id": lambda dag: dag.dag_id,
    "dag_display_name": lambda dag: dag.dag_id,
    "paused": lambda dag: dag.is_paused,
    "bundle_name": lambda _: BUNDLE,
    "bundle_version": lambda _: None,
    "has_import_errors": lambda _: False,
    "has_asset_schedule": lambda dag: bool(dag.plan.assets),
    "timetable_type": lambda dag: _timetable_type(dag),
}
VERSION_FIELDS: dict[str, Callable[[DagVersion], Any]] = {
    **order("id", "version_number=number"),
    "bundle_name": lambda _: BUNDLE,
    "bundle_version": lambda _: None,
}


def _timetable_type(dag: Dag) -> str:
    if dag.plan.schedule:
        return "CronTriggerTimetable"
    return "AssetTriggeredTimetable" if dag.plan.assets else "NullTimetable"


def _matching(call: Call) -> list[Dag]:
    """The DAGs that the query asks for, by id."""
    given = {name: value for name, value in call.query.items() if name != "dag_id"}
    dags = select(call, sorted(call.world.dags, key=lambda dag: dag.dag_id), given, FIELDS)
    if tags := set(given.get("tags") or ()):
        every = given.get("tags_match_mode") == "all"
        dags = [dag for dag in dags if (tags <= set(dag.plan.tags) if every else tags & set(dag.plan.tags))]
    if given.get("owners"):
        wanted = [holding(call, owner) for owner in given["owners"]]
        dags = [dag for dag in dags if any(holds(dag.plan.owner) for holds in wanted)]
    if asset := given.get("asset_dependency"):
        holds = holding(call, asset)
        names = {one.name for one in call.world.assets if holds(one.name) or holds(one.uri)}
        dags = [dag for dag in dags if names & set(dag.plan.assets)]
    if given.get("is_favorite") is not None:
        dags = [dag for dag in dags if (call.user.name in dag.favorites) == given["is_favorite"]]
    return _by_runs(call, dags, given)


def _last_run(call: Call, dag: Dag) -> Run | None:
    """The run of a DAG that is due last; for 3.0 the one that started last (measured)."""
    if has(call.world.version, "last run is the newest"):
        return call.world.last_run(dag)
    started = [(run.start_date, run) for run in call.world.runs_of(dag) if run.start_date is not None]
    return max(started, key=lambda pair: pair[0])[1] if started else None


def _by_runs(call: Call, dags: list[Dag], given: dict[str, Any]) -> list[Dag]:
    """Of the DAGs those whose last run is as the query asks."""
    asked = {name: value for name, value in given.items() if name.startswith("dag_run_")}
    if asked.get("dag_run_state"):
        asked["dag_run_state"] = states(asked["dag_run_state"], STATES)
    if given.get("last_dag_run_state"):
        asked["dag_run_state"] = [given["last_dag_run_state"]]
    if not any(value not in (None, []) for value in asked.values()):
        return dags
    last = [run for dag in dags if (run := _last_run(call, dag))]
    fields = order("dag_run_state=state", "dag_run_start_date=start_date", "dag_run_end_date=end_date")
    kept = {run.dag_id for run in select(call, last, asked, fields)}
    return [dag for dag in dags if dag.dag_id in kept]


def _crash(_dag: Dag) -> Any:
    raise Crash


def _page(call: Call, dags: list[Dag]) -> Page:
    last = {dag.dag_id: _last_run(call, dag) for dag in dags} if call.query.get("order_by") != ["dag_id"] else {}

    def of_last(name: str) -> Callable[[Dag], Any]:
        return lambda dag: getattr(last.get(dag.dag_id), name, None)

    keys = {
        **order("dag_id", "dag_display_name=dag_id", "next_dagrun=next_run"),
        "last_run_state": of_last("state"),
        "last_run_start_date": of_last("start_date"),
    }
    for name in ("state", "start_date"):  # offered, and an unhandled error (measured on 3.3.2)
        keys[name] = _crash if call.mock.traits.crashes else of_last(name)
    return call.page(dags, key="dags", view=dag_view, order=keys)


@operation("get_dags")
def get_dags(call: Call) -> Page:
    """List DAGs."""
    return _page(call, _matching(call))


@operation("patch_dags")
def patch_dags(call: Call) -> Page:
    """Pause or unpause the DAGs that match, up to 3.1 those of one page; without a pattern there are none."""
    _check_mask(call)
    wanted = call.query.get("dag_id_pattern") or call.query.get("dag_id_prefix_pattern")
    matching = _matching(call) if wanted else []
    page = _page(call, matching)
    for dag in matching if has(call.world.version, "all that match are paused") else page.rows:
        call.world.pause(dag, call.body["is_paused"])
    return page


@operation("get_dag")
def get_dag(call: Call) -> Any:
    """Show a DAG."""
    return dag_view(lookup.dag(call))


@operation("get_dag_details")
def get_dag_details(call: Call) -> Any:
    """Show a DAG with all that Airflow knows of it."""
    dag, world = lookup.dag(call), call.world
    assets = [world.asset_named(name) for name in dag.plan.assets]
    active = sum(run.state == "running" for run in world.runs_of(dag))
    known = {"is_favorite": call.user.name in dag.favorites, "active_runs_count": active}
    return details_view(dag, world.version, assets, **known)


def _check_mask(call: Call) -> None:
    mask = call.query.get("update_mask")
    if mask and mask != ["is_paused"]:
        raise ApiError(400, "Only `is_paused` field can be updated through the REST API")


@operation("patch_dag")
def patch_dag(call: Call) -> Any:
    """Pause or unpause a DAG."""
    dag = lookup.dag(call, "dag to change")
    _check_mask(call)
    call.world.pause(dag, call.body["is_paused"])
    return dag_view(dag)


@operation("delete_dag")
def delete_dag(call: Call) -> Answer:
    """Delete a DAG and its runs: 204, although 200 is documented (measured on 3.3.2 and 3.0.6)."""
    call.world.delete_dag(lookup.dag(call, "dag to change"))
    return Answer(204)


@operation("favorite_dag")
def favorite_dag(call: Call) -> None:
    """Make a DAG a favorite of the user."""
    dag = lookup.dag(call, "dag to like")
    if call.user.name in dag.favorites:
        raise conflict_unique("dag_favorite", "user_id, dag_id", "user_id, dag_id")
    dag.favorites |= {call.user.name}


@operation("unfavorite_dag")
def unfavorite_dag(call: Call) -> None:
    """Make a DAG no favorite of the user any more."""
    dag = lookup.dag(call, "dag to like")
    if call.user.name not in dag.favorites:
        raise conflict(say(call, "not a favorite"))
    dag.favorites -= {call.user.name}


_TASK_ORDERS = {
    *("task_id", "task_display_name", "owner", "start_date", "end_date", "trigger_rule", "depends_on_past"),
    *("wait_for_downstream", "retries", "queue", "pool", "pool_slots", "execution_timeout", "retry_delay"),
    *("retry_exponential_backoff", "priority_weight", "weight_rule", "ui_color", "ui_fgcolor", "operator_name"),
}


@operation("get_tasks")
def get_tasks(call: Call) -> Any:
    """List the tasks of a DAG; the list is not cut into pages."""
    dag = lookup.dag(call)
    name = call.query.get("order_by", "task_id")
    if name.lstrip("-") not in _TASK_ORDERS:
        raise ApiError(400, _unordered(call, name.lstrip("-")))
    views = [task_view(dag, task, call.world.version) for task in dag.tasks.values()]
    views.sort(key=lambda view: str(view[name.lstrip("-")]), reverse=name.startswith("-"))
    return {"tasks": views, "total_entries": len(views)}


def _unordered(call: Call, name: str) -> str:
    if has(call.world.version, "tasks are ordered by names on a list"):
        return f"Ordering with '{name}' is disallowed or the attribute does not exist on the model"
    return f"'SerializedBaseOperator' object has no attribute '{name}'"


@operation("get_task")
def get_task(call: Call) -> Any:
    """Show a task."""
    dag = lookup.dag(call)
    task = dag.tasks.get(call.path["task_id"])
    if task is None:
        raise missing(call, "task")
    return task_view(dag, task, call.world.version)


@operation("get_dag_tags")
def get_dag_tags(call: Call) -> Page:
    """List the tags of all DAGs."""
    tags = sorted({tag for dag in call.world.dags for tag in dag.plan.tags})
    matching = select(call, tags, call.query, {"tag_name": str})
    return call.page(matching, key="tags", view=lambda tag: tag, order={"name": str})


@operation("get_dag_versions")
def get_dag_versions(call: Call) -> Page:
    """List the versions of one DAG, or of all (~)."""
    versions = call.world.versions()
    if call.path["dag_id"] != lookup.ALL:
        versions = list(lookup.dag(call, "dag of runs").versions)
    return call.page(
        select(call, versions, call.query, VERSION_FIELDS), key="dag_versions", view=version_view, order=VERSION_FIELDS
    )


@operation("get_dag_version")
def get_dag_version(call: Call) -> Any:
    """Show one version of a DAG."""
    dag = call.world.dags.get(call.path["dag_id"])
    for version in dag.versions if dag else ():
        if version.number == call.path["version_number"]:
            return version_view(version)
    raise missing(call, "dag version")


@operation("get_dag_source")
def get_dag_source(call: Call) -> Answer | dict[str, Any]:
    """Show the file of a DAG, as JSON or as plain text."""
    wanted = choose(call, "application/json", "text/plain")
    number = call.query.get("version_number")
    dag = call.world.dags.get(call.path["dag_id"])
    if dag is None or number not in (None, *(version.number for version in dag.versions)):
        raise missing(call, "source", version_number=number)
    content = source(3, dag.plan)
    if wanted == "text/plain":
        return Answer(body=content.encode(), media="text/plain; charset=utf-8")
    shown = {"content": content, "dag_id": dag.dag_id, "version_number": number or dag.version.number}
    return {**shown, "dag_display_name": dag.dag_id}


@operation("get_dag_stats")
def get_dag_stats(call: Call) -> Any:
    """Count the runs of DAGs by state; DAGs without runs are left out."""
    wanted = call.query.get("dag_ids") or []
    stats = []
    for dag in sorted(call.world.dags, key=lambda dag: dag.dag_id):
        runs = [run.state for run in call.world.runs_of(dag)]
        if runs and (not wanted or dag.dag_id in wanted):
            counts = [{"state": state, "count": runs.count(state)} for state in STATES]
            stats.append({"dag_id": dag.dag_id, "dag_display_name": dag.dag_id, "stats": counts})
    return {"dags": stats, "total_entries": len(stats)}


@operation("get_dag_reports")
def get_dag_reports(call: Call) -> Any:
    """Tell what is in the files at a path of the server's (Airflow 3.0 only)."""
    wanted = normpath(call.query["subdir"])
    if not wanted.startswith(FOLDER):
        raise ApiError(400, "subdir should be subpath of DAGS_FOLDER settings")
    files: dict[str, list[Dag]] = {}
    for dag in call.world.dags:
        if dag.fileloc == wanted or dag.fileloc.startswith(f"{wanted}/"):
            files.setdefault(dag.plan.file, []).append(dag)
    reports = [_report(file, dags) for file, dags in files.items()]
    return {"dag_reports": reports, "total_entries": len(reports)}


def _report(file: str, dags: list[Dag]) -> dict[str, Any]:
    tasks = sum(len(dag.tasks) for dag in dags)
    counts = {"dag_num": len(dags), "task_num": tasks, "warning_num": 0}
    return {"file": f"/{file}", "duration": "PT0.01S", "dags": str([dag.dag_id for dag in dags]), **counts}


@before_the_body("reparse_dag_file")
def dag_of_file(call: Call) -> Dag:
    """A DAG of the file; refused, before anybody looks at the role, where there is none."""
    token = call.path["file_token"]
    dag = next((dag for dag in call.world.dags if dag.file_token == token), None)
    if dag is None:
        raise ApiError(404, "File not found")
    return dag


@operation("reparse_dag_file")
def reparse_dag_file(call: Call) -> Any:
    """Ask for a DAG file to be parsed again."""
    dag = dag_of_file(call)
    if not call.world.files.wish(dag.plan.file, call.world.now()):
        columns = "id, bundle_name, relative_fileloc"
        raise conflict_unique("dag_priority_parsing_request", columns, "id")
    return Answer(201, b"null", media="application/json")
