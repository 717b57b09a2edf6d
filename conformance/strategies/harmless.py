"""How to ask for any operation of the contract so that nothing comes of it that matters, whoever asks.

Every law over all operations needs such a request: well-formed, so that it is refused for the credential and nothing
else; without consequence, should the target forget to refuse it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.exchange import SAFE, Request
from conformance.strategies.headers import Attempt
from conformance.strategies.minimal import minimal, properties
from conformance.target import Target
from specs.contract import Operation, Parameter

Query = Iterable[tuple[str, Any]]


def closed(target: Target, operation: str) -> bool:
    """Whether an option of the profile closes the operation to everybody."""
    options = target.api.data("harmless")["closed"].get(operation, {})
    return any(target.profile.option(*key.split(".")) in values for key, values in options.items())


@dataclass
class Harmless:
    """Builds harmless requests.

    `name` is one that nothing has. `there` has values of path parameters for what the check has created, for reads.
    """

    target: Target
    name: str
    there: Mapping[str, Any] = field(default_factory=dict)

    @property
    def _data(self) -> Mapping[str, Any]:
        return self.target.api.data("harmless")

    def request(self, operation: Operation, attempt: Attempt | None = None, more: Query = (), **proof: Any) -> Request:
        """The request; `attempt` or `proof` (role, token, authorization) say who asks, else it is an admin.

        `more`: of the query.
        """
        extra = attempt or Attempt("")
        how: dict[str, Any] = {"role": None} if attempt else {}
        if operation.body is not None:
            how["json"] = self.body(operation)
        query = [*self.query(operation).items(), *extra.query, *more]
        headers = [*self.headers(operation).items(), *extra.headers]
        return self.target.request(
            operation.id, params=self.path(operation), query=query, headers=headers, **how, **proof
        )

    def path(self, operation: Operation) -> dict[str, Any]:
        """Values for the braces of the path: what is there, for reads; what nobody has, for writes."""
        return {each.name: self._value(operation, each) for each in operation.parameters if each.where == "path"}

    def query(self, operation: Operation) -> dict[str, Any]:
        """The parameters without which it is not understood, or would reach too far."""
        return self._named("query", operation)

    def headers(self, operation: Operation) -> dict[str, str]:
        """The headers without which it is not understood."""
        return self._named("headers", operation)

    def body(self, operation: Operation) -> Any:
        """A body that the contract allows, about what nobody has."""
        given = self._data["bodies"].get(operation.id)
        if given is None or not self._known(operation, given):
            given = self._own_properties(minimal(self.target.interface, operation.body or {}))
        return self._filled(given)

    def _own_properties(self, body: Any) -> Any:
        own = self._data["properties"]
        return {key: own.get(key, value) for key, value in body.items()} if isinstance(body, dict) else body

    def _known(self, operation: Operation, body: Mapping[str, Any]) -> bool:
        """Whether this version's operation has these properties."""
        return set(body) <= set(properties(self.target.interface, operation.body or {}))

    def _value(self, operation: Operation, parameter: Parameter) -> Any:
        if "const" in parameter.schema:
            return parameter.schema["const"]
        if "enum" in parameter.schema:
            return parameter.schema["enum"][0]
        reading = operation.method in SAFE and operation.id not in self._data["absent"]
        if reading:
            values = {**self.always(), **self.there}
            if parameter.name in values:
                return values[parameter.name]
        return self._data["absent_number"] if _numeric(parameter.schema) else self.name

    def always(self) -> dict[str, Any]:
        """Values of path parameters that are there, whatever a check has created."""
        reads = self._data["reads"]
        fixtures = reads["fixtures"] if "fixture-dags" in self.target.profile.capabilities else {}
        return {**fixtures, **reads["always"]}

    def _named(self, kind: str, operation: Operation) -> dict[str, Any]:
        found: dict[str, Any] = self._filled(self._data[kind].get(operation.id, {}))
        return found

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str):
            return value
        return self._data["absent_number"] if value == "absent_number" else value.replace("{name}", self.name)


def _numeric(schema: Mapping[str, Any]) -> bool:
    return schema.get("type") == "integer" or any(_numeric(each) for each in schema.get("anyOf", ()))
