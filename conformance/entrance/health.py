"""What an Airflow runs beside its API, as the API says itself."""

from __future__ import annotations

from conformance.findings import Preflight, told
from conformance.needs import COMPONENTS

_HEALTHY = "healthy"


def look(found: Preflight, role: str | None) -> None:
    """Note which components are healthy; none where the API does not tell.

    Before Airflow 3 the scheduler parses the DAGs, unless a DAG processor of its own has ever been there.
    """
    target = found.target
    if target.api.health not in target.interface.operations:
        return
    says = told(target.call(target.api.health, role=role))
    states = {name: part.get("status") for name in COMPONENTS if isinstance(part := says.get(name), dict)}
    if target.version.major < 3 and states.get("dag_processor") is None:
        states["dag_processor"] = states.get("scheduler")
    found.running = frozenset(name for name, state in states.items() if state == _HEALTHY)
