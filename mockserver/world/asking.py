"""Tasks that ask a person and wait for the answer (Airflow 3.1 and later; measured on 3.3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.world.task_instances import TaskInstance


@dataclass
class Question:
    """What one try of a task instance has asked, and the answer once there is one."""

    created_at: datetime
    responded_at: datetime | None = None
    responded_by: Mapping[str, str] | None = None
    chosen: tuple[str, ...] | None = None
    params_input: Mapping[str, Any] | None = None

    def answer(self, chosen: list[str], params: Mapping[str, Any], by: Mapping[str, str], now: datetime) -> None:
        """Take the answer of a person."""
        self.chosen, self.params_input, self.responded_by, self.responded_at = tuple(chosen), params, by, now


def question_of(instance: TaskInstance) -> Question | None:
    """The question that an instance asked last; one that was cleared keeps it until it asks again."""
    return instance.questions[max(instance.questions)] if instance.questions else None


def understood(instance: TaskInstance, question: Question) -> bool:
    """Whether the task can go on with the answer: it has a value for each param and no others, or no values at all."""
    wanted: Mapping[str, Any] = instance.task.asks.get("params", {}) if instance.task.asks else {}
    return not (wanted and question.params_input) or wanted.keys() == question.params_input.keys()


def result(question: Question) -> dict[str, Any]:
    """What the task returns."""
    return {
        "chosen_options": list(question.chosen or ()),
        "params_input": dict(question.params_input or {}),
        "responded_at": question.responded_at,
        "responded_by_user": question.responded_by,
    }
