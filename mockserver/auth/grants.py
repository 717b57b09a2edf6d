"""Which permissions an operation of Airflow 2's stable API needs, read from grants.yaml.

From 2.8 on a DAG is looked at only where the path names one. Before, every DAG will do where it names none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from mockserver.auth.visitor import ALL_DAGS, Visitor
from specs import yamlfile
from specs.versions import Version, within

if TYPE_CHECKING:
    from mockserver.world.users import Permission
    from mockserver.world.world import World
    from specs.contract import Operation

ITS_DAG = "its DAG"


class Grants:
    """The table of one version."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.needs: dict[str, tuple[Permission, ...]] = dict(_table(world.version))

    def allows(self, visitor: Visitor, operation: Operation, path: Mapping[str, Any]) -> bool:
        """Whether the visitor has every permission that the operation needs, on the DAG that the path names if any."""
        named = path.get("dag_id")
        dag_id = None if named in (None, "~") else str(named)
        return all(self._grants(visitor, action, resource, dag_id) for action, resource in self.needs[operation.id])

    def _grants(self, visitor: Visitor, action: str, resource: str, dag_id: str | None) -> bool:
        if resource == ITS_DAG:
            return dag_id is None or visitor.may_dag(action, dag_id)
        if resource != ALL_DAGS:
            return visitor.may(action, resource)
        if dag_id is not None:
            return visitor.may_dag(action, dag_id)
        return visitor.may(action, ALL_DAGS) or bool(visitor.dags(self.world.dags, action))


@cache
def _table(version: Version) -> dict[str, tuple[Permission, ...]]:
    data: list[dict[str, Any]] = yamlfile.read("mockserver.auth", "grants.yaml")
    here = [entry for entry in data if within(version, entry.get("since"), entry.get("until"))]
    return {name: tuple(_pair(text) for text in entry["needs"]) for entry in here for name in entry["operations"]}


def _pair(text: str) -> Permission:
    action, _, resource = text.partition(" ")
    return action, resource
