"""Faults about values that few people send: long ones, odd letters, zero, large numbers; and about lengths of time."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from mockserver.deviations import STABLE, deviation, in_both, spoiling
from mockserver.deviations.conditions import admitting
from mockserver.deviations.filtering import public, revalued, since_3_1

if TYPE_CHECKING:
    from mockserver.mock import Mock
    from mockserver.operations import Answer
    from mockserver.stable import StableMock

_KEPT = 4000
_VARIABLES = ("post_variable", "post_variables", "patch_variable")


def _revised(mock: Mock, operations: tuple[str, ...], member: str, change: Callable[[Any], Any]) -> None:
    """Let those of some operations that there are be sent another value of a member."""

    def revise(body: dict[str, Any]) -> None:
        if member in body:
            body[member] = change(body[member])

    for each in operations:
        if each in mock.interface.operations:
            spoiling.bodies(mock, each, revise)


def _text(change: Callable[[str], str]) -> Callable[[Any], Any]:
    """The change of what is a text."""
    return lambda value: change(value) if isinstance(value, str) else value


@in_both("long-values-cut", breaks="STATE-001", sentence="Of the value of a variable 4,000 characters are kept.")
def long_values_cut(mock: Mock) -> None:
    """Have a column that is too short."""
    _revised(mock, _VARIABLES, "value", _text(lambda text: text[:_KEPT]))


@in_both("letters-composed", breaks="STATE-001", sentence="A letter and its mark in a variable become one.")
def letters_composed(mock: Mock) -> None:
    """Normalise."""
    _revised(mock, _VARIABLES, "value", _text(partial(unicodedata.normalize, "NFC")))


@in_both("descriptions-stripped", breaks="STATE-001", sentence="Blanks around the description of a pool are not kept.")
def descriptions_stripped(mock: Mock) -> None:
    """Tidy up."""
    _revised(mock, ("post_pool", "patch_pool"), "description", _text(str.strip))


@in_both("port-zero-is-none", breaks="STATE-001", sentence="A connection that is changed to have the port 0 has none.")
def port_zero_is_none(mock: Mock) -> None:
    """Ask whether there is one."""
    _revised(mock, ("patch_connection",), "port", lambda port: port or None)


@in_both("large-numbers-rounded", breaks="STATE-001", sentence="Large numbers in the conf of a run are rounded.")
def large_numbers_rounded(mock: Mock) -> None:
    """Take them for floats."""

    def rounded(conf: Any) -> Any:
        if not isinstance(conf, dict):
            return conf
        return {key: int(float(value)) if type(value) is int else value for key, value in conf.items()}

    _revised(mock, ("trigger_dag_run", "post_dag_run"), "conf", rounded)


@public(
    "filter-zero-of-instances",
    "map_index=0 counts as if nothing had been said, for task instances.",
    applies=since_3_1,
)
def zero_of_instances(mock: Mock) -> None:
    """Ask whether there is one."""
    revalued(mock, ["get_task_instances"], "map_index", lambda value: value if value and any(value) else None)


@in_both("filter-offsets-lost", breaks="API-005", sentence="The offset of a date that chooses runs does not count.")
def offsets_lost(mock: Mock) -> None:
    """Read the clock and not the zone."""

    def change(query: dict[str, str]) -> None:
        query |= {name: re.sub(r"[+-]\d\d:\d\d$", "Z", value) for name, value in query.items()}

    spoiling.queries(mock, "get_dag_runs", change)


@in_both("durations-in-milliseconds", breaks="API-002", sentence="How long a task took is told in milliseconds.")
def durations_in_milliseconds(mock: Mock) -> None:
    """Count otherwise."""

    def change(item: dict[str, Any]) -> None:
        if item.get("duration"):
            item["duration"] *= 1000

    spoiling.answers(mock, "get_task_instance", 200, change)


@deviation(
    "stable-problems-are-all-500",
    breaks=["STB-API-003"],
    applies=admitting,
    apis=STABLE,
    sentence="The problem that tells why a variable is refused has the status 500, whatever that of its answer is.",
)
def problems_are_all_500(mock: StableMock) -> None:
    """Forget to set it."""

    def change(given: Answer) -> None:
        given.body = json.dumps({**json.loads(given.body), "status": 500}).encode()

    spoiling.refusals(mock, "post_variables", 400, change)
