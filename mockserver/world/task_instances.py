"""Task instances: one task in one run, with its tries and their logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mockserver.world.operators import operator_of
from mockserver.world.record import Record
from specs.fixtures import Task

if TYPE_CHECKING:
    from mockserver.world.asking import Question
    from mockserver.world.runs import Run

HOST = "worker-1"
FINISHED = frozenset({"success", "failed", "skipped", "upstream_failed", "removed"})
LogLine = Mapping[str, Any]


@dataclass(frozen=True)
class Try:
    """How one try of a task instance went."""

    state: str | None
    try_number: int
    max_tries: int
    start_date: datetime | None
    end_date: datetime | None
    queued_when: datetime | None
    scheduled_when: datetime | None
    hostname: str
    pid: int | None

    @property
    def duration(self) -> float | None:
        """Seconds from start to end; None unless both are known."""
        if self.start_date is None or self.end_date is None:
            return None
        return round((self.end_date - self.start_date) / timedelta(seconds=1), 3)


@dataclass(eq=False)
class TaskInstance(Record):
    """One task (or one mapped instance of it: `map_index` from 0) in one run. `questions`: what each try has asked."""

    id: str
    run: Run
    task: Task
    map_index: int = -1
    state: str | None = None
    try_number: int = 0
    max_tries: int = 0
    start_date: datetime | None = None
    end_date: datetime | None = None
    queued_when: datetime | None = None
    scheduled_when: datetime | None = None
    hostname: str = ""
    pid: int | None = None
    note: str | None = None
    updated_at: datetime | None = None
    rendered_fields: Mapping[str, Any] = None  # type: ignore[assignment]
    history: tuple[Try, ...] = ()
    logs: Mapping[int, tuple[LogLine, ...]] = None  # type: ignore[assignment]
    questions: Mapping[int, Question] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.rendered_fields = {}
        self.logs = {}
        self.questions = {}

    @property
    def task_id(self) -> str:
        """The id of the task."""
        return self.task.id

    @property
    def duration(self) -> float | None:
        """Seconds from start to end; None unless both are known."""
        return self.current().duration

    @property
    def operator(self) -> str:
        """The class of the task's operator."""
        return operator_of(self.task).name

    @property
    def operator_name(self) -> str:
        """The name by which the operator goes."""
        return operator_of(self.task).shown

    @property
    def rendered_map_index(self) -> str | None:
        """The label of a mapped instance."""
        return None if self.map_index < 0 else str(self.map_index)

    @property
    def value(self) -> Any:
        """What the task returns when it succeeds."""
        return self.task.mapped[self.map_index] if self.task.mapped is not None else self.task.returns

    def current(self) -> Try:
        """The latest try."""
        return Try(
            self.state,
            self.try_number,
            self.max_tries,
            self.start_date,
            self.end_date,
            self.queued_when,
            self.scheduled_when,
            self.hostname,
            self.pid,
        )

    def tries(self) -> tuple[Try, ...]:
        """Every try, the first one first; one that was cleared and has not begun again counts too."""
        return (*self.history, self.current())

    @property
    def next_try(self) -> int:
        """The number of the try that begins next, or has begun."""
        return max((one.try_number for one in self.history), default=0) + 1

    def set_state(self, state: str, now: datetime) -> None:
        """Set the state by hand; a state in which nothing moves any more ends the instance."""
        self.state = state
        self.updated_at = now
        if state in FINISHED:
            self.start_date = self.start_date or now
            self.end_date = self.end_date or now

    def clear(self, new_id: str, now: datetime) -> None:
        """Make the instance run again: what was becomes history, under a new id; of tries with one number the first."""
        if self.state is not None and all(one.try_number != self.try_number for one in self.history):
            self.history = (*self.history, self.current())
        self._begin_again(new_id, now)

    def clear_keeping(self, new_id: str, now: datetime) -> None:
        """The same in the way of Airflow 2: of tries with one number the first stays, and what goes on has failed."""
        if self.state not in FINISHED:
            self.end_date = now
        if all(one.try_number != self.try_number for one in self.history):
            state = self.state if self.state in FINISHED else "failed"
            self.history = (*self.history, replace(self.current(), state=state))
        self._begin_again(new_id, now)

    def _begin_again(self, new_id: str, now: datetime) -> None:
        self.id = new_id
        self.state = None
        self.max_tries = self.try_number + self.task.retries
        self.updated_at = now
