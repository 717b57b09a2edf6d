"""Faults of operations that answer as they should and do not do their work, or do it for something else."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from mockserver.deviations import deviation
from mockserver.deviations.state import around, kept
from mockserver.operations import Call, Handler, Page

if TYPE_CHECKING:
    from mockserver.public import PublicMock

WORK = ["PUB-API-001"]


def _as_if(call: Call, **path: Any) -> Call:
    """The same call with other values in its path."""
    return dataclasses.replace(call, path={**call.path, **path})


@deviation("log-of-a-neighbour", breaks=WORK, sentence="The log of a task that handed on a value is that of the next.")
def log_of_a_neighbour(mock: PublicMock) -> None:
    """Take the last task of the run."""

    def show(handler: Handler, call: Call) -> Any:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        last = run.instances[-1] if run else None
        return handler(_as_if(call, task_id=last.task_id) if last and last.map_index < 0 else call)

    around(mock, "get_log", show)


@deviation("latest-try-alone", breaks=WORK, sentence="Of the tries of a task the last one is listed, and no other.")
def latest_try_alone(mock: PublicMock) -> None:
    """Forget the history."""

    def show(handler: Handler, call: Call) -> Any:
        found = handler(call)
        return {"task_instances": found["task_instances"][-1:], "total_entries": 1}

    around(mock, "get_task_instance_tries", show)


@deviation(
    "cleared-with-its-run-alone",
    breaks=WORK,
    sentence="What is cleared without its run is listed, and stays as it was.",
)
def cleared_with_its_run_alone(mock: PublicMock) -> None:
    """Take that wish to clear for the question what would be cleared."""

    def clear(handler: Handler, call: Call) -> Any:
        dry = call.body.get("dry_run", True) or not call.body.get("reset_dag_runs", True)
        return handler(dataclasses.replace(call, body={**call.body, "dry_run": dry}))

    around(mock, "post_clear_task_instances", clear)


@deviation("dry-run-for-real", breaks=WORK, sentence="Asking what a new state would change sets the state.")
def dry_run_for_real(mock: PublicMock) -> None:
    """Change it, and answer as if nothing had happened."""
    change = mock.handlers["patch_task_instance"]

    def ask(handler: Handler, call: Call) -> Any:
        answer = handler(call)
        change(call)
        return answer

    around(mock, "patch_task_instance_dry_run", ask)


@deviation("mapped-neighbour", breaks=WORK, sentence="The instance of map index 2 is shown as the one of map index 1.")
def mapped_neighbour(mock: PublicMock) -> None:
    """Count from one."""

    def show(handler: Handler, call: Call) -> Any:
        return handler(_as_if(call, map_index=call.path["map_index"] - 1) if call.path["map_index"] > 1 else call)

    around(mock, "get_mapped_task_instance", show)


@deviation(
    "group-without-its-last", breaks=WORK, sentence="A state set for a group is not set for its last instance.",
    applies=lambda profile: str(profile.airflow) == "3.3",
)  # fmt: skip
def group_without_its_last(mock: PublicMock) -> None:
    """Put the last one back, and tell of all of them."""

    def change(handler: Handler, call: Call) -> Any:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        last = run.instances[-1] if run and run.instances else None
        before = last.state if last else None
        answer = handler(call)
        if last:
            last.state = before
            answer["task_instances"][-1]["state"] = before
        return answer

    around(mock, "patch_task_group_instances", change)


@deviation("nothing-in-the-way", breaks=WORK, sentence="A task of a paused DAG is said to wait for nothing.")
def nothing_in_the_way(mock: PublicMock) -> None:
    """Find no obstacle."""
    around(mock, "get_task_instance_dependencies", lambda handler, call: {**handler(call), "dependencies": []})


@deviation("link-forgotten", breaks=WORK, sentence="The link of a task that starts a run of another DAG is not told.")
def link_forgotten(mock: PublicMock) -> None:
    """Have no links."""
    around(mock, "get_extra_links", lambda handler, call: {**handler(call), "extra_links": {}, "total_entries": 0})


@deviation("event-unheard", breaks=WORK, sentence="An event of an asset is recorded, and no DAG hears of it.")
def event_unheard(mock: PublicMock) -> None:
    """Queue nothing."""
    around(mock, "create_asset_event", lambda handler, call: kept(call.world.queued_events, lambda: handler(call)))


@deviation(
    "queued-event-stays", breaks=WORK, sentence="What waits for one DAG and one asset is deleted with 204 and waits on."
)
def queued_event_stays(mock: PublicMock) -> None:
    """Answer, and keep it."""
    around(
        mock,
        "delete_dag_asset_queued_event",
        lambda handler, call: kept(call.world.queued_events, lambda: handler(call)),
    )


@deviation(
    "one-cause-of-many", breaks=WORK, sentence="Of the events that a run was started for the first alone is told."
)
def one_cause_of_many(mock: PublicMock) -> None:
    """Tell of one."""

    def show(handler: Handler, call: Call) -> Any:
        found = handler(call)
        events = found["asset_events"][:1]
        return {"asset_events": events, "total_entries": len(events)}

    around(mock, "get_upstream_asset_events", show)


@deviation("backfill-in-reverse", breaks=WORK, sentence="A backfill that was paused is shown as going on.")
def backfill_in_reverse(mock: PublicMock) -> None:
    """Answer as it was before."""

    def pause(handler: Handler, call: Call) -> Any:
        return {**handler(call), "is_paused": False}

    around(mock, "pause_backfill", pause)


@deviation("backfill-never-over", breaks=WORK, sentence="A backfill that was cancelled is found to be going on.")
def backfill_never_over(mock: PublicMock) -> None:
    """Forget when it ended."""
    around(mock, "get_backfill", lambda handler, call: {**handler(call), "completed_at": None})


@deviation("dry-backfill-short", breaks=WORK, sentence="A backfill is said to make no run for its last day.")
def dry_backfill_short(mock: PublicMock) -> None:
    """Stop before the end."""

    def ask(handler: Handler, call: Call) -> Any:
        days = handler(call)["backfills"][:-1]
        return {"backfills": days, "total_entries": len(days)}

    around(mock, "create_backfill_dry_run", ask)


@deviation(
    "answer-of-a-person-lost", breaks=WORK, sentence="What a person answers is confirmed, and found unanswered.",
    applies=lambda profile: str(profile.airflow) != "3.0",
)  # fmt: skip
def answer_of_a_person_lost(mock: PublicMock) -> None:
    """Show the question as it was asked."""

    def show(handler: Handler, call: Call) -> Any:
        unanswered: dict[str, Any] = {
            "responded_at": None,
            "chosen_options": None,
            "response_received": False,
            "params_input": {},
        }
        return {**handler(call), **unanswered}

    around(mock, "get_hitl_detail", show)


@deviation(
    "defaults-of-params-lost", breaks=WORK, sentence="The details of a DAG tell its params without their values."
)
def defaults_of_params_lost(mock: PublicMock) -> None:
    """Leave the values out."""

    def show(handler: Handler, call: Call) -> Any:
        found = handler(call)
        return {**found, "params": {name: {**each, "value": None} for name, each in (found["params"] or {}).items()}}

    around(mock, "get_dag_details", show)


@deviation("event-before", breaks=WORK, sentence="The entry of the event log that is asked for is the one before.")
def event_before(mock: PublicMock) -> None:
    """Be off by one."""

    def show(handler: Handler, call: Call) -> Any:
        number = call.path["event_log_id"]
        return handler(_as_if(call, event_log_id=number - 1) if number > 1 else call)

    around(mock, "get_event_log", show)


@deviation("unliked-by-word-only", breaks=WORK, sentence="A DAG that is no favorite any more is still one.",
    applies=lambda profile: str(profile.airflow) not in ("3.0", "3.1"),
)  # fmt: skip
def unliked_by_word_only(mock: PublicMock) -> None:
    """Keep it."""

    def forget(handler: Handler, call: Call) -> Any:
        dag = call.world.dags.get(call.path["dag_id"])
        before = dag.favorites if dag else frozenset()
        answer = handler(call)
        if dag:
            dag.favorites = before
        return answer

    around(mock, "unfavorite_dag", forget)


@deviation("alias-unlisted", breaks=WORK, sentence="The list of asset aliases is empty although there is one.")
def alias_unlisted(mock: PublicMock) -> None:
    """Show an empty page."""

    def show(handler: Handler, call: Call) -> Any:
        page: Page = handler(call)
        return Page(page.key, [], page.view, 0, page.extra)

    around(mock, "get_asset_aliases", show)
