"""DAGs and their tasks."""

from __future__ import annotations

from functools import partial
from typing import Any

from mockserver.api.filters import order, select
from mockserver.api.v1 import lookup, masks, operation
from mockserver.api.v1.breaking import break_down
from mockserver.api.v1.dag_views import dag_view, details_view, task_view
from mockserver.api.v1.fields import Cut
from mockserver.api.v1.forms import Field, Form, boolean
from mockserver.api.v1.problems import already_exists, bad_request
from mockserver.operations import Call, Page
from mockserver.world.dags import Dag
from mockserver.world.habits import has
from specs.fixtures import Task

PAUSE = Form(is_paused=Field(boolean, null=True))
_ONE = Cut("DAGSchema init error", "DAGSchema", early=True)
_MANY = Cut("DAGCollectionSchema error", "DAGSchema", early=True)
_DETAILS = Cut("DAGDetailSchema init error", "DAGDetailSchema", early=True)


def _matching(call: Call, pattern: str | None) -> list[Dag]:
    """The DAGs that the query asks for, by id."""
    dags = sorted(call.world.dags, key=lambda dag: dag.dag_id)
    given = {"paused": call.query.get("paused"), "dag_id_pattern": pattern or None}
    dags = select(call, dags, given, order("paused=is_paused", "dag_id"))
    if tags := set(call.query.get("tags") or ()):
        dags = [dag for dag in dags if tags & set(dag.plan.tags)]
    return dags


def _page(call: Call, dags: list[Dag]) -> Page:
    return call.page(dags, key="dags", view=partial(dag_view, call.world), order=order("dag_id"))


@operation("get_dags")
def get_dags(call: Call) -> Page:
    """List DAGs."""
    return _MANY.page(call, _page(call, _matching(call, call.query.get("dag_id_pattern"))))


@operation("get_dag")
def get_dag(call: Call) -> Any:
    """Show a DAG."""
    return _ONE.of(call, dag_view(call.world, lookup.dag(call)))


@operation("get_dag_details")
def get_dag_details(call: Call) -> Any:
    """Show a DAG with all that Airflow knows of it, but for the owner in newer versions (measured)."""
    dag, world = lookup.dag(call), call.world
    shown = details_view(world, dag, [world.asset_named(name) for name in dag.plan.assets])
    if call.mock.follow == "airflow" and has(world.version, "details have no owner"):
        shown["owners"] = []
    return _DETAILS.of(call, shown)


def _wanted(call: Call) -> Any:
    """Whether the body wants DAGs paused; a body that does not say crashes Airflow (measured)."""
    old = not has(call.world.version, "bad bodies of DAGs have no title of their own")
    body = PAUSE.load(call, title="Invalid Dag schema" if old else "Bad Request")
    mask = masks.names(call)
    if mask and mask != ["is_paused"]:
        raise bad_request("Only `is_paused` field can be updated through the REST API")
    if mask and "is_paused" not in body:
        break_down(call, "the mask names what the body does not have")
    return body.get("is_paused", ...)


@operation("patch_dag")
def patch_dag(call: Call) -> Any:
    """Pause or unpause a DAG."""
    wanted = _wanted(call)
    dag = lookup.dag(call, "dag to change")
    _pause(call, [dag], wanted)
    return dag_view(call.world, dag)


def _pause(call: Call, dags: list[Dag], wanted: Any) -> None:
    if wanted is ...:
        break_down(call, "is_paused is not there")
        return
    for dag in dags:
        call.world.pause(dag, wanted)


@operation("patch_dags")
def patch_dags(call: Call) -> Page:
    """Pause or unpause the DAGs of one page; ~ stands for all."""
    wanted, pattern = _wanted(call), call.query["dag_id_pattern"]
    page = _page(call, _matching(call, "%" if pattern == "~" else pattern))
    _pause(call, list(page.rows), wanted)
    return page


@operation("delete_dag")
def delete_dag(call: Call) -> None:
    """Delete a DAG and its runs, unless something runs."""
    dag = lookup.dag(call, "dag to change")
    if any(one.state == "running" for run in call.world.runs_of(dag) for one in run.instances):
        raise already_exists(f"Task instances of dag with id: '{dag.dag_id}' are still running")
    call.world.delete_dag(dag)


@operation("get_tasks")
def get_tasks(call: Call) -> Any:
    """List the tasks of a DAG; the list is not cut into pages."""
    dag, name = lookup.dag(call, "dag of tasks"), call.query.get("order_by", "task_id")
    views = [_task(call, dag, task) for task in dag.tasks.values()]
    attribute = name.lstrip("-")
    if views and attribute not in views[0]:
        raise bad_request(f"'SerializedBaseOperator' object has no attribute '{attribute}'")
    views.sort(key=lambda view: str(view[attribute]), reverse=name.startswith("-"))
    return {"tasks": views, "total_entries": len(views)}


@operation("get_task")
def get_task(call: Call) -> Any:
    """Show a task."""
    dag = lookup.dag(call, "dag of tasks")
    return _task(call, dag, lookup.task(call, dag))


def _task(call: Call, dag: Dag, task: Task) -> dict[str, Any]:
    """A task; the classes of its links stand by themselves, not under the name that the document has (measured)."""
    shown = task_view(dag, task, call.world.version)
    if call.mock.follow == "documents":
        shown["extra_links"] = [{"class_ref": link} for link in shown["extra_links"]]
    return shown
