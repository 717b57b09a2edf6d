"""Answers as the document has them: what a mock that follows the documents makes of those that leave it.

Airflow 3 refuses with statuses that the document does not have for an operation, with details of another form than the
documented one, and succeeds in other ways than it says (measured on 3.3.2). Here each becomes what is documented and
says the most like it.
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from mockserver.errors import ApiError, problem
from mockserver.operations import Answer
from mockserver.rendering import JSON, to_json
from specs.contract import Interface, Operation

NOT_FOUND, _INVALID = 404, 422


class Documented:
    """Fits answers to one interface."""

    def __init__(self, interface: Interface) -> None:
        self._interface = interface

    def refused(self, operation: Operation, error: ApiError) -> Answer:
        """Raise the refusal with a status that the operation has, and a detail of its form.

        The collection of something that is not there is empty where the document does not have that it is refused.
        """
        known = operation.responses
        if error.status == NOT_FOUND and NOT_FOUND not in known and operation.items:
            return Answer(operation.success[0], to_json({operation.items: [], "total_entries": 0}), media=JSON)
        status = _INVALID if error.status not in known and _INVALID in known else error.status
        raise ApiError(status, self._detail(known.get(status), error.detail), error.headers) from error

    def answer(self, operation: Operation, answer: Answer) -> Answer:
        """The success with a status that the operation has, and with a body where it has a form for one."""
        if answer.status not in operation.responses:
            answer.status = operation.success[0]
        schema = operation.responses[answer.status]
        if schema is not None and not answer.body:
            told = HTTPStatus(answer.status).phrase if self._member(schema, "detail") else None
            answer.body, answer.media = to_json(told and {"detail": told}), JSON
        return answer

    def _detail(self, schema: Mapping[str, Any] | None, detail: Any) -> Any:
        form = self._member(schema or {}, "detail")
        if form.get("type") == "array":
            listed = isinstance(detail, list) and all(isinstance(one, dict) for one in detail)
            return detail if listed else [problem("value_error", (), f"Value error, {_text(detail)}", None)]
        return _text(detail) if form and isinstance(detail, list) else detail

    def _member(self, schema: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        properties: Mapping[str, Any] = self._interface.resolve(dict(schema)).get("properties", {})
        found: Mapping[str, Any] = properties.get(name, {})
        return found


def _text(detail: Any) -> str:
    """A detail as one text."""
    if isinstance(detail, list):
        return "; ".join(map(_text, detail))
    if isinstance(detail, dict):
        return str(detail.get("msg") or detail.get("reason") or detail)
    return str(detail)
