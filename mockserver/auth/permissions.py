"""Who may do what: the least role of each operation, read from permissions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mockserver.operations import User
    from profiles import Profile
    from specs.contract import Operation


class Permissions:
    """The table of one deployment.

    `late` are the operations whose role is looked at after the body was checked, `twice` those of them that tell each
    error twice; `logged` are those that leave an event log, `logged_before` those of them that do so before the role is
    looked at.
    """

    def __init__(self, profile: Profile) -> None:
        table = _tables()
        modern = profile.airflow >= (3, 1)
        mine: Mapping[str, Any] = table[profile.auth_manager]
        self._rank = {role: number for number, role in enumerate(mine["roles"])}
        self._reads, self._writes = str(mine["reads"]), str(mine["writes"])
        self._least: dict[str, str] = {name: role for role in mine["roles"] for name in mine.get(role, ())}
        self._least |= {} if modern else dict.fromkeys(mine.get("op_in_3_0", ()), "op")
        self.twice: frozenset[str] = frozenset(table["told_twice"] if modern else ())
        self.late: frozenset[str] = self.twice | frozenset(table["after_body"] if modern else ())
        self.logged_before: frozenset[str] = frozenset(table["logged"]["before"])
        self.logged: frozenset[str] = self.logged_before | frozenset(table["logged"]["after"])

    def least(self, operation: Operation) -> str:
        """Name the least role that may use the operation."""
        return self._least.get(operation.id) or (self._reads if operation.method == "GET" else self._writes)

    def allows(self, user: User, operation: Operation) -> bool:
        """Tell whether `user` may use the operation."""
        return self._rank[user.role] >= self._rank[self.least(operation)]


@cache
def _tables() -> dict[str, Any]:
    text = (files("mockserver.auth") / "permissions.yaml").read_text(encoding="utf-8")
    tables: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe ones
    return tables
