"""What tasks ask people, and the answers (Airflow 3.1 and later; measured on 3.3.2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver.api.filters import holding, select, states
from mockserver.api.v2 import lookup
from mockserver.api.v2.dag_views import asked_params
from mockserver.api.v2.run_views import instance_view, try_view
from mockserver.api.v2.task_instances import known_states
from mockserver.api.v2.wording import missing
from mockserver.errors import ApiError, conflict, not_found
from mockserver.operations import Call, Page, operation
from mockserver.world.asking import Question, question_of
from mockserver.world.task_instances import TaskInstance

Asked = tuple[TaskInstance, Question]
TEXTS: dict[str, Callable[[Asked], str]] = {
    "subject_search": lambda asked: (asked[0].task.asks or {})["subject"],
    "body_search": lambda asked: (asked[0].task.asks or {}).get("body", ""),
}
FIELDS: dict[str, Callable[[Asked], Any]] = {
    "dag_id": lambda asked: asked[0].run.dag_id,
    "task_id": lambda asked: asked[0].task_id,
    "map_index": lambda asked: asked[0].map_index,
    "state": lambda asked: asked[0].state,
    "created_at": lambda asked: asked[1].created_at,
    "response_received": lambda asked: asked[1].responded_at is not None,
    "responded_by_user_id": lambda asked: (asked[1].responded_by or {}).get("id"),
    "responded_by_user_name": lambda asked: (asked[1].responded_by or {}).get("name"),
}
ORDER: dict[str, Callable[[Asked], Any]] = {
    **FIELDS,
    "ti_id": lambda asked: asked[0].id,
    "subject": TEXTS["subject_search"],
    "responded_at": lambda asked: asked[1].responded_at,
    "run_id": lambda asked: asked[0].run.run_id,
    "run_after": lambda asked: asked[0].run.run_after,
    "rendered_map_index": lambda asked: asked[0].rendered_map_index,
    "task_display_name": FIELDS["task_id"],
    "task_instance_operator": lambda asked: asked[0].operator,
    "task_instance_state": FIELDS["state"],
}


def _view(call: Call, asked: Asked) -> dict[str, Any]:
    """A HITLDetail, without what it tells of the instance."""
    (instance, question), asks = asked, asked[0].task.asks or {}
    return {
        "options": asks["options"],
        "subject": asks["subject"],
        "body": asks.get("body"),
        "defaults": asks.get("defaults"),
        "multiple": False,
        "params": asked_params(instance.task, call.world.version),
        "assigned_users": [],
        "created_at": question.created_at,
        "responded_by_user": question.responded_by,
        "responded_at": question.responded_at,
        "chosen_options": question.chosen,
        "params_input": question.params_input or {},
        "response_received": question.responded_at is not None,
    }


def _latest(call: Call, asked: Asked) -> dict[str, Any]:
    return {**_view(call, asked), "task_instance": instance_view(asked[0])}


@operation("get_hitl_details")
def get_hitl_details(call: Call) -> Page:
    """List what was asked in one run, in all runs of a DAG (run ~), or of all DAGs (~).

    Where there is no such run or DAG the list is empty (measured on 3.3.2).
    """
    given = dict(call.query)
    given["state"] = states(given.get("state") or (), known_states(call))
    dag, name = call.path["dag_id"], call.path["dag_run_id"]
    runs = [one for one in call.world.runs if dag in (lookup.ALL, one.dag_id) and name in (lookup.ALL, one.run_id)]
    rows = [(one, found) for run in runs for one in run.instances if (found := question_of(one))]
    for name, get in TEXTS.items():
        if given.get(name):
            held = holding(call, given[name])
            rows = [row for row in rows if held(get(row))]
    rows = select(call, rows, given, FIELDS)
    return call.page(rows, key="hitl_details", view=lambda asked: _latest(call, asked), order=ORDER)


def _asked(call: Call) -> Asked:
    instance = lookup.instance(call, "instance of map index")
    question = question_of(instance)
    if question is None:
        raise not_found(f"Human-in-the-loop detail does not exist for Task Instance with id {instance.id}")
    return instance, question


@operation("get_hitl_detail")
def get_hitl_detail(call: Call) -> Any:
    """Show what an instance has asked last."""
    return _latest(call, _asked(call))


@operation("get_hitl_detail_try_detail")
def get_hitl_detail_try_detail(call: Call) -> Any:
    """Show what one try of an instance has asked."""
    instance, number = lookup.instance(call, "instance of map index"), call.path["try_number"]
    if number not in instance.questions:
        raise missing(call, "instance of map index", map_index=instance.map_index)
    shown = next(one for one in (*instance.history, instance.current()) if one.try_number == number)
    return {**_view(call, (instance, instance.questions[number])), "task_instance": try_view(instance, shown)}


@operation("update_hitl_detail")
def update_hitl_detail(call: Call) -> Any:
    """Answer what an instance has asked, once."""
    instance, question = _asked(call)
    if question.responded_at is not None:
        raise conflict(
            f"Human-in-the-loop detail has already been updated for Task Instance with id {instance.id} "
            "and is not allowed to write again."
        )
    chosen, allowed = call.body["chosen_options"], (instance.task.asks or {})["options"]
    if unknown := [one for one in chosen if one not in allowed]:
        raise ApiError(400, f"Invalid options {unknown}; allowed options are {sorted(allowed)}.")
    if len(chosen) > 1:
        raise ApiError(400, "Multiple options chosen but this Human-in-the-loop task accepts only a single option.")
    user = {"id": str(call.user.id or call.user.name), "name": call.user.name}
    question.answer(chosen, call.body.get("params_input") or {}, user, call.world.now())
    answer = {"chosen_options": question.chosen, "params_input": question.params_input}
    return {"responded_by": user, "responded_at": question.responded_at, **answer}
