"""DAGs, their versions and their tasks."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from mockserver.world.cron import Cron, cron
from mockserver.world.habits import has
from mockserver.world.record import Record
from specs.fixtures import Dag as Plan
from specs.fixtures import Task
from specs.versions import Version

BUNDLE = "dags-folder"
FOLDER = "/opt/airflow/dags"


@dataclass(eq=False)
class DagVersion(Record):
    """One version of a DAG's code."""

    id: str
    dag_id: str
    number: int
    created_at: datetime


@dataclass(eq=False)
class Dag(Record):
    """One DAG: `plan` is what its file says, the rest is what Airflow keeps about it."""

    plan: Plan
    number: int
    is_paused: bool | None  # None: Airflow 2 was told so
    parsed_at: datetime
    versions: list[DagVersion]
    unpaused_at: datetime
    next_run: datetime | None = None
    favorites: frozenset[str] = frozenset()

    @property
    def dag_id(self) -> str:
        """The DAG's id, which is its display name too."""
        return self.plan.id

    @property
    def version(self) -> DagVersion:
        """The latest version."""
        return self.versions[-1]

    @property
    def fileloc(self) -> str:
        """The path of the DAG's file."""
        return f"{FOLDER}/{self.plan.file}"

    @cached_property
    def cron(self) -> Cron | None:
        """When the DAG runs; None for one without a cron schedule."""
        return cron(self.plan.schedule) if self.plan.schedule else None

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The DAG's tasks by id, each after those that it waits for."""
        waiting, done = list(self.plan.tasks), dict[str, Task]()
        while waiting:
            ready = [task for task in waiting if all(task.id not in other.downstream for other in waiting)]
            if not ready:
                raise ValueError(f"DAG {self.dag_id!r}: its tasks wait for each other in a circle")
            done.update({task.id: task for task in ready})
            waiting = [task for task in waiting if task.id not in done]
        return done

    @cached_property
    def upstream(self) -> dict[str, tuple[str, ...]]:
        """The ids of the tasks that each task waits for."""
        return {
            task.id: tuple(other.id for other in self.plan.tasks if task.id in other.downstream)
            for task in self.plan.tasks
        }

    def relatives(self, task_id: str, *, upstream: bool = False, downstream: bool = False) -> set[str]:
        """The ids of the task itself and, where asked, of all tasks before and after it."""
        found = {task_id}
        for wanted, step in ((upstream, self.upstream), (downstream, {t.id: t.downstream for t in self.plan.tasks})):
            front = {task_id} if wanted else set()
            while front:
                front = {other for one in front for other in step[one]}
                found |= front
        return found

    def weight(self, task_id: str) -> int:
        """The priority weight: the number of tasks that hang on this one, itself included."""
        return len(self.relatives(task_id, downstream=True))

    @property
    def groups(self) -> set[str]:
        """The ids of the DAG's task groups."""
        return {task.group for task in self.plan.tasks if task.group}

    @property
    def file_token(self) -> str:
        """The token under which the API of Airflow 3 takes the DAG's file."""
        return signed(f'{{"bundle_name":"{BUNDLE}","relative_fileloc":"{self.plan.file}"}}')


def signed(text: str) -> str:
    """A token: a text that can be read out of it, and its signature."""
    signature = hmac.new(b"mock", text.encode(), hashlib.sha1).digest()
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (text.encode(), signature))


def unsigned(token: str) -> str:
    """The text of a token; ValueError when it was not signed here."""
    text = base64.urlsafe_b64decode(token.partition(".")[0] + "===").decode()
    if signed(text) != token:
        raise ValueError("the token was not signed here")
    return text


def known_by(version: Version, plan: Plan) -> Plan:
    """A DAG as a version can have it: before 2.3 no task is mapped, before 2.4 nothing waits for assets."""
    assets, mapped = has(version, "there are assets"), has(version, "tasks are mapped")
    tasks = [
        task if mapped or not task.mapped else replace(task, mapped=None, returns=task.mapped[0]) for task in plan.tasks
    ]
    catchup = plan.catchup if plan.catchup is not None else not has(version, "no run is made up for")
    return replace(
        plan,
        catchup=catchup,
        assets=plan.assets if assets else (),
        tasks=tuple(task if assets else replace(task, outlets=()) for task in tasks),
    )


@dataclass(eq=False)
class ImportError_(Record):  # noqa: N801 (the builtin has the name)
    """A DAG file that cannot be imported."""

    number: int
    file: str
    timestamp: datetime
    stack_trace: str
