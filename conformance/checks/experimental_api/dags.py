"""The DAGs of the fixtures that the checks of the experimental API look at, as their files describe them."""

from __future__ import annotations

from typing import Final

from specs import fixtures
from specs.fixtures.model import Dag

#: They differ in their tasks and in their owners. All of them are in every version's files.
NAMES: Final = ("conformance_empty", "conformance_python", "conformance_params", "conformance_cron")


def described() -> list[Dag]:
    """Each of them."""
    return [fixtures.load().dag(name) for name in NAMES]


def strange(dag: Dag) -> list[str]:
    """Tasks that other DAGs have and this one has not."""
    own = {task.id for task in dag.tasks}
    return sorted({task.id for each in described() for task in each.tasks} - own)
