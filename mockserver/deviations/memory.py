"""Faults of memory: the answer to a write says what was said, and a part of it is kept otherwise."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation
from mockserver.deviations.bystanders import PUBLIC_STATE, STABLE_STATE
from mockserver.deviations.conditions import admitting
from mockserver.deviations.state import afterwards, around
from mockserver.operations import Call, Handler
from profiles import Profile

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.public import PublicMock
    from mockserver.stable import StableMock
    from mockserver.world.runs import Run

WORK = ["PUB-API-001"]


def _with_users(profile: Profile) -> bool:
    return admitting(profile) and profile.airflow >= (2, 2)


def _run_of(call: Call, answer: Any) -> Run | None:
    """The run that an answer tells of."""
    return call.world.runs.get((call.path["dag_id"], call.path.get("dag_run_id") or answer["dag_run_id"]))


def _forgetting(mock: Mock, operation: str, forget: Callable[[Run, Call], None]) -> None:
    """Change a run once the answer to an operation on it is there."""

    def change(call: Call, answer: Any) -> None:
        run = _run_of(call, answer)
        if run is not None:
            forget(run, call)

    afterwards(mock, operation, change)


@deviation("runs-forget-microseconds", breaks=PUBLIC_STATE, sentence="A run's logical date is kept to the second.")
def runs_forget_microseconds(mock: PublicMock) -> None:
    """Cut it."""

    def forget(run: Run, _call: Call) -> None:
        run.logical_date = run.logical_date and run.logical_date.replace(microsecond=0)

    _forgetting(mock, "trigger_dag_run", forget)


@deviation("runs-forget-when-they-may-run", breaks=PUBLIC_STATE, sentence="A run is told to run after now at any rate.")
def runs_forget_when_they_may_run(mock: PublicMock) -> None:
    """Take the time of the request."""

    def forget(run: Run, call: Call) -> None:
        run.run_after = call.world.now()

    _forgetting(mock, "trigger_dag_run", forget)


@deviation(
    "runs-forget-their-interval", breaks=PUBLIC_STATE, sentence="The data interval of a run is its logical date."
)
def runs_forget_their_interval(mock: PublicMock) -> None:
    """Leave it to the date."""

    def forget(run: Run, _call: Call) -> None:
        if run.logical_date is not None:
            run.data_interval_start = run.data_interval_end = run.logical_date

    _forgetting(mock, "trigger_dag_run", forget)


@deviation(
    "finished-runs-have-no-end", breaks=PUBLIC_STATE, sentence="A run that is said to have succeeded has no end."
)
def finished_runs_have_no_end(mock: PublicMock) -> None:
    """Set the state alone."""

    def forget(run: Run, call: Call) -> None:
        if call.body.get("state") == "success":
            run.end_date = None

    _forgetting(mock, "patch_dag_run", forget)


@deviation("queued-runs-have-ended", breaks=PUBLIC_STATE, sentence="A run that is queued again keeps the end it had.")
def queued_runs_have_ended(mock: PublicMock) -> None:
    """Set the state alone."""

    def change(handler: Handler, call: Call) -> Any:
        run = call.world.runs.get((call.path["dag_id"], call.path["dag_run_id"]))
        end = run.end_date if run else None
        answer = handler(call)
        if run and end and call.body.get("state") == "queued":
            run.end_date = end
        return answer

    around(mock, "patch_dag_run", change)


@deviation("backfills-run-ten-at-once", breaks=WORK, sentence="A backfill has ten active runs, whatever was said.")
def backfills_run_ten_at_once(mock: PublicMock) -> None:
    """Forget the number."""

    def create(handler: Handler, call: Call) -> Any:
        return handler(dataclasses.replace(call, body={**call.body, "max_active_runs": 10}))

    around(mock, "create_backfill", create)


@deviation("backfills-forget-what-to-do-again", breaks=WORK, sentence="A backfill is said to do nothing again.")
def backfills_forget_what_to_do_again(mock: PublicMock) -> None:
    """Forget it once it is told."""

    def forget(call: Call, _answer: Any) -> None:
        max(call.world.backfills, key=lambda one: one.number).reprocess_behavior = "none"

    afterwards(mock, "create_backfill", forget)


@deviation("extras-of-events-are-texts", breaks=WORK, sentence="What an asset event has in its extra becomes text.")
def extras_of_events_are_texts(mock: PublicMock) -> None:
    """Write every value as text."""

    def create(handler: Handler, call: Call) -> Any:
        extra = call.body.get("extra") or {}
        told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in extra.items()}
        return handler(dataclasses.replace(call, body={**call.body, "extra": told}))

    around(mock, "create_asset_event", create)


@deviation(
    "stable-users-keep-their-address",
    breaks=STABLE_STATE,
    applies=_with_users,
    apis=STABLE,
    sentence="A user's e-mail address is changed in the answer alone.",
)
def users_keep_their_address(mock: StableMock) -> None:
    """Put the old one back."""

    def change(handler: Handler, call: Call) -> Any:
        user = call.world.users.named(call.path["username"])
        before = user.email if user else ""
        answer = handler(call)
        if user:
            user.email = before
        return answer

    around(mock, "patch_user", change)
