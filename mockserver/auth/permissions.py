"""Who may do what: the least role of each operation, read from permissions.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from specs import yamlfile

if TYPE_CHECKING:
    from mockserver.operations import User
    from mockserver.traits import Traits
    from profiles import Profile
    from specs.contract import Operation


class Permissions:
    """The table of one deployment.

    `late` are the operations whose role is looked at after the body was checked, `twice` those of them that tell each
    error twice; `logged` are those that leave an event log, `logged_before` those of them that do so before the role is
    looked at.
    """

    def __init__(self, profile: Profile, traits: Traits) -> None:
        table = _tables()
        mine: Mapping[str, Any] = table[profile.auth_manager]
        self._rank = {role: number for number, role in enumerate(mine["roles"])}
        self._reads, self._writes = str(mine["reads"]), str(mine["writes"])
        self._least: dict[str, str] = {name: role for role in mine["roles"] for name in mine.get(role, ())}
        self._least |= dict.fromkeys(mine.get("op_in_3_0", ()), "op") if traits.backfills_for_op else {}
        self.twice: frozenset[str] = frozenset(table["told_twice"] if traits.late_roles else ())
        self.late: frozenset[str] = self.twice | frozenset(table["after_body"] if traits.late_roles else ())
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
    tables: dict[str, Any] = yamlfile.read("mockserver.auth", "permissions.yaml")
    return tables
