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
    health = target.api.health
    if health.startswith("/"):  # a page of the web server, where the API has no such operation
        says = told(target.call("GET", health, role=role))
    elif health in target.interface.operations:
        says = told(target.call(health, role=role))
    else:
        return
    states = {name: part.get("status") for name in COMPONENTS if isinstance(part := says.get(name), dict)}
    if target.version.major < 3 and states.get("dag_processor") is None:
        states["dag_processor"] = states.get("scheduler")
    found.running = frozenset(name for name, state in states.items() if state == _HEALTHY)
