"""Draws data with schemathesis: the same seed, the same data. No files, no checks of its own, nothing is sent."""

from __future__ import annotations

import threading
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable

from conformance.target import UNSET
from specs.contract import Operation

#: What every tiny document has around a schema.
_SHELL = {"openapi": "3.1.0", "info": {"title": "values", "version": "1"}}
#: What schemathesis calls data that a document allows, and data that it does not.
_RIGHT, _WRONG = "positive", "negative"


@dataclass(frozen=True)
class Drawn:
    """What a request says: values of path parameters, query and headers by name, and the body (UNSET for none)."""

    path: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    body: Any = UNSET


class Source:
    """Draws from one document. `number` is the run's seed. Safe to use from many threads: one of them draws."""

    def __init__(self, document: Mapping[str, Any], number: int) -> None:
        self._document = document
        self._number = number
        self._lock = threading.Lock()
        self._schema: Any = None
        self._values: dict[tuple[str, str, int], list[Any]] = {}

    def requests(self, operation: Operation, count: int) -> list[Drawn]:
        """So many requests of an operation that the document allows; fewer where there are not so many."""
        with self._lock:
            if self._schema is None:
                self._schema = _loaded(self._document)
            one = self._schema[operation.path][operation.method.lower()]
            cases = self._drawn(one, _RIGHT, count, operation.id)
        return [_plain(case) for case in cases]

    def wrong(self, schema: Mapping[str, Any], count: int) -> list[Any]:
        """So many JSON values that the schema does not allow, as schemathesis believes."""
        return self._of(schema, _WRONG, count)

    def right(self, schema: Mapping[str, Any], count: int) -> list[Any]:
        """So many JSON values that the schema allows."""
        return self._of(schema, _RIGHT, count)

    def _of(self, schema: Mapping[str, Any], mode: str, count: int) -> list[Any]:
        key = (repr(schema), mode, count)
        with self._lock:
            if key not in self._values:
                one = _loaded(self._tiny(schema))["/value"]["post"]
                cases = self._drawn(one, mode, count, key[0])
                self._values[key] = [case.body for case in cases if not isinstance(case.body, bytes)]
        return self._values[key]

    def _tiny(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """A document with one operation, the body of which is a value of the schema."""
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        operation = {"requestBody": body, "responses": {"200": {"description": ""}}}
        return {**_SHELL, "paths": {"/value": {"post": operation}}, "components": self._document.get("components", {})}

    def _drawn(self, operation: Any, mode: str, count: int, word: str) -> list[Any]:
        from schemathesis import GenerationMode

        found: list[Any] = []

        @seed(self._number ^ zlib.crc32(word.encode()))
        @settings(
            max_examples=count,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=GenerationMode(mode)))
        def draw(case: Any) -> None:
            found.append(case)

        try:
            draw()
        except Unsatisfiable:
            return []
        return found


def _loaded(document: Mapping[str, Any]) -> Any:
    """A document as schemathesis has it."""
    import schemathesis  # costs a second: what draws nothing need not wait for it

    return schemathesis.openapi.from_dict(dict(document))


def _plain(case: Any) -> Drawn:
    """A case of schemathesis as plain data; a body that is no JSON is none."""
    headers = {name: value for name, value in dict(case.headers or {}).items() if isinstance(value, str)}
    body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else UNSET
    return Drawn(dict(case.path_parameters or {}), _kept(dict(case.query or {})), headers, _kept(body))


def _kept(value: Any) -> Any:
    """The same without NUL: not every database that Airflow stands on takes it in a text."""
    if isinstance(value, dict):
        return {_kept(key): _kept(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_kept(each) for each in value]
    return value.replace("\0", "") if isinstance(value, str) else value
