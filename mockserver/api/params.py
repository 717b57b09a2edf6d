"""Whether the values given to a run are what the DAG's parameters allow.

Only the words of JSON Schema that such parameters use in practice are known; others allow everything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mockserver.world.dags import Dag

_TYPES: dict[str, Callable[[Any], bool]] = {
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def _types(wanted: Any) -> list[str]:
    return wanted if isinstance(wanted, list) else [wanted]


_WORDS: dict[str, tuple[Callable[[Any, Any], bool], str]] = {
    "type": (lambda value, wanted: any(_TYPES[one](value) for one in _types(wanted)), "is not of type {}"),
    "enum": (lambda value, wanted: value in wanted, "is not one of {}"),
    "minimum": (lambda value, wanted: not _is_number(value) or value >= wanted, "is less than the minimum of {}"),
    "maximum": (lambda value, wanted: not _is_number(value) or value <= wanted, "is greater than the maximum of {}"),
    "minLength": (lambda value, wanted: not isinstance(value, str) or len(value) >= wanted, "is too short"),
    "maxLength": (lambda value, wanted: not isinstance(value, str) or len(value) <= wanted, "is too long"),
    "pattern": (lambda value, wanted: not isinstance(value, str) or _matches(value, wanted), "does not match {}"),
}


def _matches(value: str, pattern: str) -> bool:
    return re.search(pattern, value) is not None


def _is_number(value: Any) -> bool:
    return _TYPES["number"](value)


def complaint(dag: Dag, conf: Mapping[str, Any], *, sort: bool = False) -> str | None:
    """What is wrong with the first value that its parameter does not allow, in the words of Airflow 2 and 3.

    `sort`: the schema is told with its keys in order.
    """
    for name, param in dag.plan.params.items():
        value = conf.get(name, param.value)
        for word, wanted in param.schema.items():
            holds, says = _WORDS.get(word, (_anything, ""))
            if not holds(value, wanted):
                schema = dict(sorted(param.schema.items()) if sort else param.schema)
                return _complaint(name, value, schema, word, says.format(_quoted(wanted)))
    return None


def _anything(value: Any, wanted: Any) -> bool:  # noqa: ARG001
    return True


def _quoted(wanted: Any) -> str:
    return ", ".join(repr(one) for one in wanted) if isinstance(wanted, list) else repr(wanted)


def _complaint(name: str, value: Any, schema: Mapping[str, Any], word: str, says: str) -> str:
    return (
        f"Invalid input for param {name}: {value!r} {says}\n\n"
        f"Failed validating {word!r} in schema:\n    {schema!r}\n\nOn instance:\n    {value!r}"
    )
