"""Whether an answer has the form that the contract has for it: status, media type and JSON Schema."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from conformance.exchange import NotJson, Response
from specs.contract import Interface, Operation

#: What a refusal may call its JSON (RFC 9457), whatever its document says.
_JSON, _PROBLEM = "application/json", "application/problem+json"


class Forms:
    """The forms of the answers of one interface."""

    def __init__(self, interface: Interface) -> None:
        self._components = json_schema(interface.document.get("components", {}))
        self._validators: dict[tuple[str, int], jsonschema_rs.Draft202012Validator] = {}

    def fault(self, operation: Operation, response: Response) -> str:
        """What is wrong with an answer; empty when it has the form of one of the operation's."""
        if response.status not in operation.responses:
            return f"the contract has no status {response.status} for {operation.id}"
        media = operation.media[response.status]
        if not response.body and (not media or response.status >= 300):  # Airflow 2 gives a type to nothing at all
            return ""
        said = _JSON if response.media == _PROBLEM and response.status >= 400 else response.media
        if said not in media:
            wanted = " or ".join(media) or "no body"
            return f"{response.status} of {operation.id} is to be {wanted}; it is {response.media or 'without a type'}"
        return self._unlike(operation, response) if said == _JSON else ""

    def _unlike(self, operation: Operation, response: Response) -> str:
        try:
            value = response.json()
        except NotJson as error:
            return str(error)
        fault = next(iter(self._validator(operation, response.status).iter_errors(value)), None)
        if fault is None:
            return ""
        place = "/".join(map(str, fault.instance_path)) or "the whole"
        return f"{response.status} of {operation.id} is of another form, at {place}: {fault.message[:300]}"

    def _validator(self, operation: Operation, status: int) -> jsonschema_rs.Draft202012Validator:
        key = operation.id, status
        if key not in self._validators:
            whole = {**json_schema(operation.responses[status] or {}), "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


def json_schema(value: Any) -> Any:
    """OpenAPI's schemas as JSON Schema has them: what is `nullable` may be null."""
    if isinstance(value, list):
        return [json_schema(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {name: json_schema(each) for name, each in value.items() if name != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if value.get("nullable") is True else plain
