"""Who makes a request to Airflow 2, and what their roles let them do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mockserver.operations import User
from mockserver.world.dags import Dag
from mockserver.world.users import Role
from mockserver.world.users import User as Account

ALL_DAGS = "DAGs"
READ, EDIT = "can_read", "can_edit"


@dataclass(frozen=True, slots=True)
class Visitor(User):
    """Somebody with roles: a user who is logged in, or nobody with the public role."""

    roles: tuple[Role, ...] = ()

    @classmethod
    def known(cls, account: Account) -> Visitor:
        """A user who is logged in."""
        role = account.roles[0].name.lower() if account.roles else ""
        return cls(account.username, role, account.number, account.roles)

    @classmethod
    def anonymous(cls, public: Role | None) -> Visitor:
        """Nobody."""
        return cls("", public.name.lower() if public else "", None, (public,) if public else ())

    def may(self, action: str, resource: str) -> bool:
        """Whether one of the roles grants the action on what has that name."""
        return any((action, resource) in role.grants for role in self.roles)

    def may_dag(self, action: str, dag_id: str) -> bool:
        """Whether the action is granted on all DAGs or on this one."""
        return self.may(action, ALL_DAGS) or self.may(action, f"DAG:{dag_id}")

    def dags(self, dags: Iterable[Dag], *actions: str) -> list[Dag]:
        """Those DAGs on which one of the actions is granted; without any: those that may be read or edited."""
        wanted = actions or (READ, EDIT)
        return [dag for dag in dags if any(self.may_dag(action, dag.dag_id) for action in wanted)]
