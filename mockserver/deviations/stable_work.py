"""Faults of Airflow 2's operations that change, or show, something else than they are there for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, Change, deviation, spoiling
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import afterwards, around, kept
from mockserver.operations import Call, Handler
from mockserver.world.runs import Run
from profiles import Profile
from specs.versions import Version

if TYPE_CHECKING:
    from mockserver.operations import Answer
    from mockserver.request import Request
    from mockserver.stable import StableMock


def work(name: str, sentence: str, since: str = "2.2") -> Callable[[Change], Change]:
    """Declare a deviation of operations that do not do their work, of versions from `since` on."""

    def applies(profile: Profile) -> bool:
        return admitting(profile) and profile.airflow >= Version.parse(since)

    return deviation(name, breaks=["STB-API-001"], applies=applies, apis=STABLE, sentence=sentence)


def _run(call: Call) -> Run:
    """The run that the path names, which is there."""
    found = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
    assert found is not None  # noqa: S101 (the handler has found it)
    return found


# ---- task instances --------------------------------------------------------------------------------------------------


@work("stable-failed-stays-failed", "What has failed after an instance that is given a state is not cleared.")
def failed_stays_failed(mock: StableMock) -> None:
    """Set the states that were asked for, and leave it at that."""

    def fail(call: Call, answer: Any) -> None:
        named = {(one["dag_run_id"], one["task_id"]) for one in answer["task_instances"]}
        for one in call.world.instances() if not call.body.get("dry_run", True) else ():
            if one.state is None and (one.run.run_id, one.task_id) in named:
                one.set_state(call.body["new_state"], call.world.now())

    afterwards(mock, "post_set_task_instances_state", fail)


@work("stable-all-mapped-fail", "A mapped instance is set to failed, and with it those after it.", since="2.5")
def all_mapped_fail(mock: StableMock) -> None:
    """Take the map index for the first of several."""

    def fail(call: Call, _answer: Any) -> None:
        for one in _run(call).instances if call.body.get("dry_run") is False else ():
            if one.task_id == call.path["task_id"] and one.map_index > call.path["map_index"]:
                one.set_state(call.body["new_state"], call.world.now())

    afterwards(mock, "patch_mapped_task_instance", fail)


@work("stable-first-try-forgotten", "Of a task that ran twice only the last try is listed.", since="2.10")
def first_try_forgotten(mock: StableMock) -> None:
    """Look at what is there now."""

    def change(value: dict[str, Any]) -> None:
        (name,) = (key for key in value if key != "total_entries")
        value[name], value["total_entries"] = value[name][-1:], min(value["total_entries"], 1)

    spoiling.answers(mock, "get_task_instance_tries", 200, change)


@work("stable-log-without-lines", "A log as JSON has where it was found, and none of what the task has written.")
def log_without_lines(mock: StableMock) -> None:
    """Stop before the first line; as plain text it is all there."""

    def cut(body: bytes) -> bytes:
        value = json.loads(body)
        return json.dumps({**value, "content": value["content"].partition("[20")[0]}).encode()

    spoiling.contents(mock, "get_log", "application/json", cut)


# ---- runs ------------------------------------------------------------------------------------------------------------


@work("stable-dry-clearing-clears", "A run is cleared although it was only to be shown what would be.", since="2.5")
def dry_clearing_clears(mock: StableMock) -> None:
    """Show it, and do it."""

    def clear(call: Call, _answer: Any) -> None:
        if call.body.get("dry_run", True):
            call.world.clear(list(_run(call).instances))

    afterwards(mock, "clear_dag_run", clear)


@work("stable-note-lost-on-clearing", "A run that is cleared loses its note.", since="2.5")
def note_lost_on_clearing(mock: StableMock) -> None:
    """Begin anew."""

    def lose(call: Call, _answer: Any) -> None:
        if call.body.get("dry_run") is False:
            _run(call).note = None

    afterwards(mock, "clear_dag_run", lose)


# ---- DAGs ------------------------------------------------------------------------------------------------------------


@work(
    "stable-many-paused-in-words",
    "DAGs paused by a pattern are told to be, and go on.",
    since="2.3",
)
def many_paused_in_words(mock: StableMock) -> None:
    """Answer, and keep nothing."""

    def spoil(original: spoiling.Respond, request: Request) -> Answer:
        before = [(dag, dag.is_paused) for dag in mock.world.dags]
        given = original(request)
        for dag, paused in before:
            mock.world.pause(dag, paused)
        return given

    spoiling.of(mock, "patch_dags", spoil)


@work("stable-dag-survives", "A DAG is deleted with 204 and is still there.")
def dag_survives(mock: StableMock) -> None:
    """Answer, and keep everything."""

    def delete(handler: Handler, call: Call) -> Any:
        return None if call.world.dags.get(call.path["dag_id"]) else handler(call)

    around(mock, "delete_dag", delete)


@work(
    "stable-source-cut-short",
    "The file of a DAG is cut short as plain text.",
    since="2.10",
)
def source_cut_short(mock: StableMock) -> None:
    """Send an eighth of it."""
    spoiling.contents(mock, "get_dag_source", "text/plain", lambda body: body[: len(body) // 8])


@work("stable-warnings-of-another", "The warnings about a DAG are those about all the others.", since="2.4")
def warnings_of_another(mock: StableMock) -> None:
    """Turn the filter round."""

    def empty(call: Call, page: Any) -> None:
        if call.query.get("dag_id"):
            page.rows, page.total = [], 0

    afterwards(mock, "get_dag_warnings", empty)


@work("stable-error-without-its-trace", "An import error by itself has no stack trace, though the list has it.")
def error_without_its_trace(mock: StableMock) -> None:
    """Leave it empty."""
    spoiling.answers(mock, "get_import_error", 200, lambda value: {**value, "stack_trace": ""})


# ---- datasets --------------------------------------------------------------------------------------------------------


@work("stable-queued-event-stays", "What waits for a DAG is taken away for all datasets only.", since="2.9")
def queued_event_stays(mock: StableMock) -> None:
    """Answer, where one of them is named, and keep it."""

    def delete(handler: Handler, call: Call) -> Any:
        return kept(call.world.queued_events, lambda: handler(call))

    around(mock, "delete_dag_dataset_queued_event", delete)


@work("stable-event-without-extra", "In their list, events lack what a client said of them.", since="2.9")
def event_without_extra(mock: StableMock) -> None:
    """Tell only where it came from."""

    def change(value: dict[str, Any]) -> None:
        for event in value["dataset_events"]:
            event["extra"] = {name: each for name, each in event["extra"].items() if name == "from_rest_api"}

    spoiling.answers(mock, "get_dataset_events", 200, change)


@work("stable-run-without-its-cause", "A run that a dataset has started does not tell of the update.", since="2.4")
def run_without_its_cause(mock: StableMock) -> None:
    """Show nothing."""
    spoiling.answers(mock, "get_upstream_dataset_events", 200, lambda _: {"dataset_events": [], "total_entries": 0})


# ---- who may do what, and what was done ------------------------------------------------------------------------------


@work("stable-renamed-role-is-empty", "A role that a mask gives another name may do nothing.", since="2.3")
def renamed_role_is_empty(mock: StableMock) -> None:
    """Take the actions of the body too, where there are none."""

    def empty(call: Call, _answer: Any) -> None:
        for role in call.world.roles if call.query.get("update_mask") else ():
            if role.name == call.body["name"]:
                role.grants = ()

    afterwards(mock, "patch_role", empty)


@work("stable-entry-of-another", "An entry of the event log by its number is the one before.", since="2.5")
def entry_of_another(mock: StableMock) -> None:
    """Count from one."""

    def entry(handler: Handler, call: Call) -> Any:
        number = call.path["event_log_id"]
        there = number in call.world.events and number - 1 in call.world.events
        shown = handler(replace(call, path={"event_log_id": number - 1} if there else call.path))
        return {**shown, "event_log_id": number}

    around(mock, "get_event_log", entry)
