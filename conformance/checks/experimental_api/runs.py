"""The runs that the checks of the experimental API share: few, for the API cannot remove any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from conformance.checks.experimental_api.answers import moment, records
from conformance.exchange import Exchange
from conformance.journal import FAMILY
from conformance.judge import Judge
from conformance.strategies.dates import plain, zoned
from conformance.target import Target

#: A DAG of the fixtures with several tasks. It is paused, so that runs stay as they are.
WITH_TASKS: Final = "conformance_empty"
#: Which of the spare DAGs get runs (see `Target.spare_dag`).
_DAG, _OTHER = 1, 2
#: Far from UTC, and no whole hours.
_OFFSET = timedelta(hours=5, minutes=30)

#: What tells a run from the others of its DAG: its id and its moment.
Key = tuple[Any, datetime | None]


@dataclass(frozen=True)
class Tried:
    """A request for a run, and what the list of its DAG has afterwards that it did not have before."""

    answer: Exchange
    after: Exchange
    new: tuple[Key, ...]

    @property
    def story(self) -> list[Exchange]:
        """The exchanges, for the judge."""
        return [self.answer, self.after]


@dataclass(frozen=True)
class Made:
    """A run that is to be there now."""

    dag_id: str
    run_id: str
    moment: datetime
    tried: Tried

    def __str__(self) -> str:
        return f"the run {self.run_id} of {self.dag_id} at {self.moment.isoformat()}"

    @property
    def key(self) -> Key:
        """Its id and its moment."""
        return self.run_id, self.moment

    @property
    def done(self) -> bool:
        """Whether the target said that it was created."""
        return self.tried.answer.status == 200


class Runs:
    """A few runs, made when they are first asked for, on dates that no other run has; `early` is made after `late`."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.dag, self.other_dag = target.spare_dag(_DAG), target.spare_dag(_OTHER)
        self._early, self._other, self._with_tasks, self._shifted = (_date(target, whole=True) for _ in range(4))
        self._late = _date(target)
        self._known: dict[str, list[Any]] = {}

    @cached_property
    def late(self) -> Made:
        """Of the latest date, which has microseconds."""
        return self._make(self.dag, self._late, plain(self._late))

    @cached_property
    def shifted(self) -> Made:
        """Its date is given in another zone than UTC."""
        return self._make(self.dag, self._shifted, zoned(self._shifted, _OFFSET))

    @cached_property
    def early(self) -> Made:
        """Of the earliest date, which is given as the document writes it."""
        _ = self.late
        return self._make(self.dag, self._early, plain(self._early))

    @cached_property
    def other(self) -> Made:
        """Of another DAG."""
        return self._make(self.other_dag, self._other, plain(self._other))

    @cached_property
    def with_tasks(self) -> Made:
        """Of a DAG with several tasks."""
        return self._make(WITH_TASKS, self._with_tasks, plain(self._with_tasks))

    def every(self) -> list[Made]:
        """All of them, in the order in which they were made."""
        return [self.late, self.shifted, self.early, self.other, self.with_tasks]

    def there(self, judge: Judge) -> list[Made]:
        """The same; the check is unreached where one was not created."""
        if failed := next((each for each in self.every() if not each.done), None):
            judge.unreached(f"{failed} could not be created: the answer was {failed.tried.answer.status}")
        return self.every()

    def new(self, **fields: Any) -> dict[str, Any]:
        """A body that asks for one more run, on a date that no run has."""
        date = plain(_date(self.target))
        return {
            "run_id": self.target.new_name("run"),
            "execution_date": date,
            "replace_microseconds": "false",
            **fields,
        }

    def trigger(self, dag: str, **how: Any) -> Tried:
        """Ask for a run, with what `how` has of headers and body."""
        known = self._known[dag] if dag in self._known else _ids(self.listed(dag))
        answer = self.target.call("trigger_dag", params={"dag_id": dag}, **how)
        after = self.listed(dag)
        self._known[dag] = _ids(after)
        new = [each for each in records(after) if each.get("id") not in known and not self._foreign(each)]
        return Tried(answer, after, tuple(map(_key, new)))

    def listed(self, dag: str, **query: Any) -> Exchange:
        """The list of a DAG's runs."""
        return self.target.call("dag_runs", params={"dag_id": dag}, query=query)

    def _make(self, dag: str, moment: datetime, date: str) -> Made:
        body = self.new(execution_date=date)
        return Made(dag, body["run_id"], moment, self.trigger(dag, json=body))

    def _foreign(self, run: dict[str, Any]) -> bool:
        """Whether another run of the suite made it, at the same time."""
        name = str(run.get("run_id"))
        return name.startswith(FAMILY) and not name.startswith(self.target.prefix)


def at(target: Target, dag: str, date: str, task: str | None = None) -> Exchange:
    """The run of a DAG at a date, or the instance of a task in it."""
    params = {"dag_id": dag, "execution_date": date}
    if task is None:
        return target.call("dag_run_status", params=params)
    return target.call("task_instance_info", params={**params, "task_id": task})


def keys(listed: Exchange) -> list[Key]:
    """The key of each run in a list."""
    return [_key(each) for each in records(listed)]


def _key(run: dict[str, Any]) -> Key:
    return run.get("run_id"), moment(run.get("execution_date"))


def _ids(listed: Exchange) -> list[Any]:
    return [each.get("id") for each in records(listed)]


def _date(target: Target, *, whole: bool = False) -> datetime:
    return datetime.fromisoformat(target.new_date(whole=whole)).astimezone(UTC)
