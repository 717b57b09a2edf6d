"""Whether a request is refused as the API's version refuses what its contract does not allow."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from conformance.exchange import NotJson, Response
from conformance.forms import Forms, json_schema
from conformance.generation.wrong import Wrong
from conformance.target import Target
from specs.contract import Operation


class Refusals:
    """The refusals of one API, by generated.yaml."""

    def __init__(self, target: Target) -> None:
        self._how: dict[str, dict[str, Any]] = target.api.data("generated")["refused"]
        self._forms = Forms(target.interface)
        components = json_schema(target.interface.document.get("components", {}))
        names = {each["schema"] for each in self._how.values()}
        self._schemas = {
            name: jsonschema_rs.Draft202012Validator(
                {"$ref": f"#/components/schemas/{name}", "components": components}, validate_formats=True
            )
            for name in names
        }

    def fault(self, operation: Operation, wrong: Wrong, response: Response) -> str:
        """What is wrong with the answer to a request that has something wrong; empty when it is a refusal of that.

        A few operations have a form of their own for it.
        """
        how = self._how[wrong.where]
        if response.status not in how["status"]:
            wanted = " or ".join(map(str, how["status"]))
            return f"it is to be refused with {wanted}; the answer was {response.status}"
        if response.media != how["media"]:
            return f"its refusal is to be {how['media']}; it is {response.media or 'without a type'}"
        try:
            body = response.json()
        except NotJson as error:
            return str(error)
        fault = next(iter(self._schemas[how["schema"]].iter_errors(body)), None)
        if fault is not None and self._forms.fault(operation, response):
            place = "/".join(map(str, fault.instance_path)) or "the whole"
            return f"its refusal is of another form, at {place}: {fault.message[:300]}"
        if fault is None and how.get("named") and wrong.place and not _names(body, how["named"], str(wrong.place[-1])):
            return f"its refusal does not say that it is for {wrong.place[-1]}: {str(body)[:300]}"
        return ""


def _names(body: Any, key: str, name: str) -> bool:
    """Whether one of the errors in a refusal is about that parameter or property, or about the body as a whole."""
    errors = body.get("detail") if isinstance(body, dict) else None
    places = [each.get(key, ()) for each in errors] if isinstance(errors, list) else []
    return any(name in map(str, place) or list(place) == ["body"] for place in places)
