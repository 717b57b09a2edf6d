"""Faults that reach what stands by: siblings, what a dry run is only asked about, what is left of what was deleted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, Change, deviation, in_both, wrap
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import afterwards, around
from mockserver.errors import ApiError
from mockserver.operations import Call, Handler
from profiles import Profile
from specs.versions import Version

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.public import PublicMock
    from mockserver.request import Request
    from mockserver.stable import StableMock
    from mockserver.world.runs import Run

STATE = "STATE-001"
PUBLIC_STATE, STABLE_STATE = [f"PUB-{STATE}"], [f"STB-{STATE}"]


def _since(version: str) -> Callable[[Profile], bool]:
    """Whether it can show: users are let in, of versions from this one on."""
    return lambda profile: admitting(profile) and profile.airflow >= Version.parse(version)


def _stable(name: str, sentence: str, since: str = "2.2") -> Callable[[Change], Change]:
    return deviation(name, breaks=STABLE_STATE, applies=_since(since), apis=STABLE, sentence=sentence)


def _note_all(mock: Mock, operation: str) -> None:
    def note(call: Call, _answer: Any) -> None:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        for one in run.of_task(call.path["task_id"]) if run and call.body.get("note") is not None else ():
            one.note = call.body["note"]

    afterwards(mock, operation, note)


# ---- siblings --------------------------------------------------------------------------------------------------------

_NOTED = "The note of one mapped instance is put on all that its task is mapped to."


@deviation("mapped-share-a-note", breaks=PUBLIC_STATE, sentence=_NOTED)
def mapped_share_a_note(mock: PublicMock) -> None:
    """Forget the map index."""
    _note_all(mock, "patch_task_instance_by_map_index")


@_stable("stable-mapped-share-a-note", _NOTED, since="2.5")
def stable_mapped_share_a_note(mock: StableMock) -> None:
    """Forget the map index."""
    _note_all(mock, "set_mapped_task_instance_note")


@deviation("xcoms-share-an-index", breaks=PUBLIC_STATE, sentence="Of XComs of one key the first is shown at any index.")
def xcoms_share_an_index(mock: PublicMock) -> None:
    """Take the first that fits."""

    def show(handler: Handler, call: Call) -> Any:
        names = ("dag_id", "dag_run_id", "task_id", "xcom_key")
        asked = tuple(call.path[name] for name in names)
        alike = [one.map_index for one in call.world.xcoms if _named(one) == asked]
        index = alike[0] if call.query.get("map_index", -1) in alike else call.query.get("map_index", -1)
        return handler(dataclasses.replace(call, query={**call.query, "map_index": index}))

    around(mock, "get_xcom_entry", show)


def _named(xcom: Any) -> tuple[str, ...]:
    return xcom.run.dag_id, xcom.run.run_id, xcom.task_id, xcom.key


_FOREIGN = "A run whose id one of another DAG has is a conflict."


def _one_name_space(mock: Mock, operation: str, conflict: Callable[[str], ApiError]) -> None:
    def create(handler: Handler, call: Call) -> Any:
        named, dag = call.body.get("dag_run_id"), call.path["dag_id"]
        if named and any(run.run_id == named and run.dag_id != dag for run in call.world.runs):
            raise conflict(named)
        return handler(call)

    around(mock, operation, create)


@deviation("run-ids-of-all-dags", breaks=PUBLIC_STATE, sentence=_FOREIGN)
def run_ids_of_all_dags(mock: PublicMock) -> None:
    """Look among all runs."""
    _one_name_space(mock, "trigger_dag_run", lambda name: ApiError(409, f"There is a run {name}"))


@_stable("stable-page-of-dags-passed", "DAGs are paused that match and are not on the page of the answer.", since="2.3")
def page_of_dags_passed(mock: StableMock) -> None:
    """Change all that match before the page is cut."""

    def change(handler: Handler, call: Call) -> Any:
        handler(dataclasses.replace(call, query={**call.query, "offset": 0, "limit": 100}))
        return handler(call)

    around(mock, "patch_dags", change)


# ---- dry runs --------------------------------------------------------------------------------------------------------


@deviation("dry-run-notes", breaks=PUBLIC_STATE, sentence="A dry run leaves its note on the task instance.")
def dry_run_notes(mock: PublicMock) -> None:
    """Write the note first."""
    _note_all(mock, "patch_task_instance_dry_run")


@deviation("dry-backfill-makes-runs", breaks=PUBLIC_STATE, sentence="A dry run of a backfill makes its runs.")
def dry_backfill_makes_runs(mock: PublicMock) -> None:
    """Make them, and undo the backfill alone."""

    def make(call: Call, _answer: Any) -> None:
        mock.handlers["create_backfill"](call)
        max(call.world.backfills, key=lambda one: one.number).completed_at = call.world.now()

    afterwards(mock, "create_backfill_dry_run", make)


@_stable("stable-dry-run-sets-states", "A dry run of setting states sets them.")
def dry_run_sets_states(mock: StableMock) -> None:
    """Do it."""

    def set_them(handler: Handler, call: Call) -> Any:
        return handler(dataclasses.replace(call, body={**call.body, "dry_run": False}))

    around(mock, "post_set_task_instances_state", set_them)


# ---- what is left ----------------------------------------------------------------------------------------------------


@in_both("deleted-runs-leave-xcoms", breaks=STATE, sentence="The XComs of a run that was deleted are still listed.")
def deleted_runs_leave_xcoms(mock: Mock) -> None:
    """Delete the run alone."""

    def delete(original: Callable[[Run], None], run: Run) -> None:
        left = [one for one in mock.world.xcoms if one.run is run]
        original(run)
        for one in left:
            mock.world.xcoms.add(one.full_key, one)

    wrap(mock.world, "delete_run", delete)


@_stable("stable-deleted-runs-leave-instances", "The task instances of a deleted run are still listed.")
def deleted_runs_leave_instances(mock: StableMock) -> None:
    """Delete the run alone."""
    left: list[Any] = []

    def delete(original: Callable[[Run], None], run: Run) -> None:
        left.extend(run.instances)
        original(run)

    wrap(mock.world, "delete_run", delete)
    wrap(mock.world, "instances", lambda original: [*original(), *left])


def _counted_for_ever(mock: Mock) -> None:
    gone: list[tuple[str, str]] = []

    def delete(original: Callable[[Run], None], run: Run) -> None:
        gone.append((run.dag_id, run.state))
        original(run)

    def count(_call: Call, answer: Any) -> None:
        for dag in answer["dags"]:
            for one in dag["stats"]:
                one["count"] += gone.count((dag["dag_id"], one["state"]))

    wrap(mock.world, "delete_run", delete)
    afterwards(mock, "get_dag_stats", count)


_COUNTED = "The figures of a DAG go on counting runs that were deleted."


@deviation("deleted-runs-are-counted", breaks=PUBLIC_STATE, sentence=_COUNTED)
def deleted_runs_are_counted(mock: PublicMock) -> None:
    """Count them before they go."""
    _counted_for_ever(mock)


@_stable("stable-deleted-runs-are-counted", _COUNTED, since="2.8")
def stable_deleted_runs_are_counted(mock: StableMock) -> None:
    """Count them before they go."""
    _counted_for_ever(mock)


# ---- what was there before -------------------------------------------------------------------------------------------


@deviation("log-of-the-latest-try", breaks=PUBLIC_STATE, sentence="The log of any try is that of the latest.")
def log_of_the_latest_try(mock: PublicMock) -> None:
    """Keep one."""

    def show(handler: Handler, call: Call) -> Any:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        latest = max((one.try_number for one in (run.of_task(call.path["task_id"]) if run else ())), default=0)
        asked = call.path["try_number"]
        return handler(dataclasses.replace(call, path={**call.path, "try_number": max(asked, latest)}))

    around(mock, "get_log", show)


@deviation("bulk-leaves-stale-ones", breaks=PUBLIC_STATE, sentence="What is changed in bulk is as it was for 2 s.")
def bulk_leaves_stale_ones(mock: PublicMock) -> None:
    """Keep answers, and drop them with every change but those in bulk."""
    shown: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def answer(original: Callable[[Request], Any], request: Request) -> Any:
        parts = request.path.split("/")
        if len(parts) < 5 or parts[3] != "variables":
            return original(request)
        if request.method != "GET":
            shown.clear()
            return original(request)
        key = (request.path, request.headers.get("authorization"), request.headers.get("origin"))
        if key in shown and (mock.world.now() - shown[key][0]).total_seconds() < 2:
            return shown[key][1]
        found = original(request)
        if found.status == 200:
            shown[key] = (mock.world.now(), found)
        return found

    wrap(mock, "answer", answer)
