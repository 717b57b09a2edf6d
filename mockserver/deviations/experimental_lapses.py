"""Faults of the experimental API that a glance does not show: it is late, or mistakes one thing for another."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from mockserver.api.experimental.pools import view
from mockserver.deviations import wrap
from mockserver.deviations.conditions import letting_in
from mockserver.deviations.experimental import (
    answered,
    around,
    asked,
    dag_of,
    date_of,
    experimental,
    instead,
    member,
    refused,
    runs_of,
    with_body,
    with_path,
)
from mockserver.errors import ApiError, Crash, PlainError
from mockserver.operations import Answer, Call, Handler
from mockserver.world.pools import DEFAULT
from profiles import Profile

_STALE = timedelta(seconds=2)
_FINER = re.compile(r"(\.\d{3})\d+")  # than a millisecond


def _before_2(profile: Profile) -> bool:
    """A version whose command line's null is taken."""
    return letting_in(profile) and profile.airflow < (2, 0)


def _remember(mock: Any, operation: str) -> None:
    """Give the answer to the same question again, for a while."""
    kept: dict[str, Any] = {}

    def remembered(call: Call, answer: Any) -> Any:
        now, question = call.world.now(), f"{call.path} {call.raw_query}"
        if question not in kept or now - kept[question][0] >= _STALE:
            kept[question] = now, answer
        return kept[question][1]

    answered(mock, operation, remembered)


@experimental("pool-slots-from-zero", "EXP-POOL-006", "A pool has no fewer slots than none, whatever it is given.")
def pool_slots_from_zero(mock: Any) -> None:
    """Take no endless pools."""

    def created(call: Call) -> Call:
        slots = member(call, "slots")
        return with_body(call, slots=0) if isinstance(slots, int) and slots < 0 else call

    asked(mock, "create_pool", created)


@experimental("pools-of-a-moment-ago", "EXP-POOL-002 EXP-POOL-008", "The list of pools is up to two seconds old.")
def pools_of_a_moment_ago(mock: Any) -> None:
    """Remember it."""
    _remember(mock, "get_pools")


@experimental("pool-deleted-twice", "EXP-POOL-009", "A pool that was deleted can be deleted once more.")
def pool_deleted_twice(mock: Any) -> None:
    """Remember what was shown."""
    gone: dict[str, Any] = {}

    def delete(handler: Handler, call: Call) -> Any:
        name = call.path["name"]
        try:
            gone[name] = handler(call)
        except PlainError:
            if name not in gone:
                raise
        return gone[name]

    around(mock, "delete_pool", delete)


@experimental("pool-refused-gone", "EXP-POOL-007", "A pool for which a change is refused is gone.")
def pool_refused_gone(mock: Any) -> None:
    """Delete first."""

    def remove(call: Call, _error: ApiError | Crash) -> None:
        if (name := member(call, "name")) != DEFAULT and isinstance(name, str):
            call.world.pools.remove(name)

    refused(mock, "create_pool", remove)


@experimental("pausing-late", "EXP-PAUSE-001 EXP-PAUSE-002", "A DAG is paused or unpaused once the next one is.")
def pausing_late(mock: Any) -> None:
    """Wait for another request."""
    waiting: list[Call] = []

    def pause(handler: Handler, call: Call) -> Any:
        waiting.append(call)
        if len(waiting) > 1:
            handler(waiting.pop(0))
        return {"response": "ok"} if dag_of(call) else handler(waiting.pop())

    around(mock, "dag_paused", pause)


@experimental("pausing-the-file", "EXP-PAUSE-001 EXP-PAUSE-002", "All DAGs of a file are paused and unpaused together.")
def pausing_the_file(mock: Any) -> None:
    """Go by the file."""

    def paused(call: Call, answer: Any) -> Any:
        dag = dag_of(call)
        for other in call.world.dags:
            if dag and other.plan.file == dag.plan.file:
                call.world.pause(other, dag.is_paused)
        return answer

    answered(mock, "dag_paused", paused)


@experimental("latest-of-the-running", "EXP-LATEST-001", "The latest runs are those of DAGs that are not paused.")
def latest_of_the_running(mock: Any) -> None:
    """Leave the others out."""

    def latest(call: Call, answer: Any) -> Any:
        paused = {dag.dag_id for dag in call.world.dags if dag.is_paused}
        return {"items": [one for one in answer["items"] if one["dag_id"] not in paused]}

    answered(mock, "latest_dag_runs", latest)


@experimental("instances-of-the-first-run", "EXP-INSTANCE-001", "Every instance is told to be of its DAG's first run.")
def instances_of_the_first_run(mock: Any) -> None:
    """Look the run up by the DAG alone."""

    def told(call: Call, answer: Any) -> Any:
        first = runs_of(call)[0]
        shown = {"run_id": first.run_id, "execution_date": str(date_of(first))}
        return {**answer, **{name: value for name, value in shown.items() if name in answer}}

    answered(mock, "task_instance_info", told)


@experimental("task-of-the-last-question", "EXP-TASK-001", "What is told of a task is what was told before.")
def task_of_the_last_question(mock: Any) -> None:
    """Answer with what was answered before."""
    last: list[Any] = []

    def told(_call: Call, answer: Any) -> Any:
        last.append(answer)
        return last.pop(0) if len(last) > 1 else answer

    answered(mock, "task_info", told)


@experimental("tasks-by-their-id-alone", "EXP-TASK-001 EXP-TASK-002", "A task is told of as any DAG has it.")
def tasks_by_their_id_alone(mock: Any) -> None:
    """Look for the first DAG that has one of that id."""

    def first(call: Call) -> Call:
        dag, task_id = dag_of(call), call.path["task_id"]
        if dag is None or task_id not in dag.tasks:
            return call
        return with_path(call, dag_id=min(other.dag_id for other in call.world.dags if task_id in other.tasks))

    asked(mock, "task_info", first)


@experimental("runs-of-a-moment-ago", "EXP-RUN-001 EXP-LIST-001", "The list of a DAG's runs is up to two seconds old.")
def runs_of_a_moment_ago(mock: Any) -> None:
    """Remember it."""
    _remember(mock, "dag_runs")


@experimental("milliseconds", "EXP-RUN-003 EXP-DATE-001", "The date of a run has milliseconds, and nothing finer.")
def milliseconds(mock: Any) -> None:
    """Cut what is finer."""

    def triggered(call: Call) -> Call:
        text = member(call, "execution_date")
        return with_body(call, execution_date=_FINER.sub(r"\1", text)) if isinstance(text, str) else call

    asked(mock, "trigger_dag", triggered)


@experimental("null-conf-refused", "EXP-CLI-001", "A run is refused whose configuration is null.", applies=_before_2)
def null_conf_refused(mock: Any) -> None:
    """Want an object, as Airflow 2 does."""

    def refused(call: Call) -> Any:
        if isinstance(call.body, dict) and "conf" in call.body and call.body["conf"] is None:
            raise PlainError(400, "the configuration must be an object")

    instead(mock, "trigger_dag", refused)


@experimental("address-by-the-day", "EXP-LATEST-002", "The address of a latest run has the day of its date alone.")
def address_by_the_day(mock: Any) -> None:
    """Cut the time of day."""

    def latest(_call: Call, answer: Any) -> Any:
        return {"items": [{**one, "dag_run_url": one["dag_run_url"].partition("+")[0]} for one in answer["items"]]}

    answered(mock, "latest_dag_runs", latest)


@experimental(
    "pool-made-anew", "EXP-POOL-006", "A pool that is created again is another one, in the place of the first."
)
def pool_made_anew(mock: Any) -> None:
    """Delete and create."""

    def created(call: Call, answer: Any) -> Any:
        pool = call.world.pools.remove(answer["pool"])
        if pool is None:
            return answer
        number = call.world.pools.next_id()
        call.world.pools.add(pool.name, replace(pool, number=number))
        return {**answer, "id": number}

    answered(mock, "create_pool", created)


@experimental("pool-changed-in-part", "EXP-POOL-007", "A body that lacks a value leaves the pool that one.")
def pool_changed_in_part(mock: Any) -> None:
    """Take the value that the pool has."""

    def completed(call: Call) -> Call:
        pool = call.world.pools.get(str(member(call, "name")))
        if pool is None:
            return call
        return with_body(call, **{"slots": pool.slots, "description": pool.description, **call.body})

    asked(mock, "create_pool", completed)


@experimental("pool-listed-as-it-began", "EXP-POOL-002 EXP-POOL-006", "The list has the slots that a pool began with.")
def pool_listed_as_it_began(mock: Any) -> None:
    """Remember what was listed first."""
    first: dict[int, int] = {}

    def listed(_call: Call, answer: Any) -> Any:
        return [{**pool, "slots": first.setdefault(pool["id"], pool["slots"])} for pool in answer]

    answered(mock, "get_pools", listed)


@experimental("pool-deleted-at-the-second-try", "EXP-POOL-008", "A pool is gone when it is deleted a second time.")
def pool_deleted_at_the_second_try(mock: Any) -> None:
    """Mark it first."""
    marked: set[int] = set()

    def delete(call: Call) -> Any:
        pool = call.world.pools.get(call.path["name"])
        if pool is None or pool.name == DEFAULT or pool.number in marked:
            return None
        marked.add(pool.number)
        return view(call, pool)

    instead(mock, "delete_pool", delete)


@experimental("lists-as-html", "EXP-API-005", "Lists are sent as HTML, though they are JSON.")
def lists_as_html(mock: Any) -> None:
    """Name the wrong media type."""

    def render(original: Callable[..., Answer], result: Any) -> Answer:
        answer = original(result)
        return replace(answer, media="text/html") if isinstance(result, list) else answer

    wrap(mock.experimental, "render", render)


@experimental("dates-without-zone", "EXP-API-005", "The dates in the list of a DAG's runs name no zone.")
def dates_without_zone(mock: Any) -> None:
    """Cut the zone off."""

    def listed(_call: Call, answer: Any) -> Any:
        return [{**run, "execution_date": run["execution_date"].removesuffix("+00:00")} for run in answer]

    answered(mock, "dag_runs", listed)
