"""Faults of names: with reserved characters, in other scripts, and long ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, unquote_plus

from mockserver.deviations import STABLE, deviation, in_both
from mockserver.deviations.state import around
from mockserver.operations import Call, Handler

if TYPE_CHECKING:
    from mockserver.mock import Mock


def in_path(mock: Mock, operation: str, name: str, change: Callable[[str], str]) -> None:
    """Read a parameter of the path of an operation in another way."""

    def read(handler: Handler, call: Call) -> Any:
        return handler(replace(call, path={**call.path, name: change(call.path[name])}))

    around(mock, operation, read)


def in_body(mock: Mock, operation: str, name: str, change: Callable[[str], str]) -> None:
    """Read a field of the body of an operation in another way."""

    def read(handler: Handler, call: Call) -> Any:
        return handler(replace(call, body={**call.body, name: change(call.body[name])}))

    around(mock, operation, read)


def _creating(mock: Mock) -> str:
    return "post_variables" if mock.profile.api in STABLE else "post_variable"


@in_both(
    "name-cut-at-50",
    breaks="STATE-001",
    sentence="Of the name of a new pool 50 characters are kept.",
)
def name_cut_at_50(mock: Mock) -> None:
    """Cut it."""
    in_body(mock, "post_pool", "name", lambda name: name[:50])


@in_both(
    "accents-lost",
    breaks="STATE-001",
    sentence="The key of a new variable loses its accents.",
)
def accents_lost(mock: Mock) -> None:
    """Take the letters apart, and keep those of ASCII and of far scripts."""
    drop = "".join(map(chr, range(0x300, 0x370)))
    table = dict.fromkeys(map(ord, drop))
    in_body(mock, _creating(mock), "key", lambda key: unicodedata.normalize("NFD", key).translate(table))


@in_both(
    "path-decoded-twice",
    breaks="STATE-001",
    sentence="The name of a pool in a path is decoded a second time.",
)
def path_decoded_twice(mock: Mock) -> None:
    """Decode what is decoded."""
    for operation in ("get_pool", "patch_pool", "delete_pool"):
        in_path(mock, operation, "pool_name", unquote)


@in_both(
    "plus-taken-for-blank",
    breaks="STATE-001",
    sentence="A plus in the id of a run in a path is taken for a blank.",
)
def plus_taken_for_blank(mock: Mock) -> None:
    """Take the path for a query."""
    for operation in ("get_dag_run", "delete_dag_run"):
        in_path(mock, operation, "dag_run_id", unquote_plus)


@deviation(
    "slash-ends-the-key",
    breaks=["PUB-STATE-001"],
    sentence="To delete a variable its key is read up to the first slash.",
)
def slash_ends_the_key(mock: Mock) -> None:
    """Split it."""
    in_path(mock, "delete_variable", "variable_key", lambda key: key.partition("/")[0])


@in_both(
    "dots-end-the-id",
    breaks="STATE-001",
    sentence="To read a connection its id is read up to the first two dots.",
)
def dots_end_the_id(mock: Mock) -> None:
    """Take them for a way up."""
    in_path(mock, "get_connection", "connection_id", lambda name: name.partition("..")[0])
