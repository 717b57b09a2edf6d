"""Which DAGs of the fixtures a target lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from conformance.findings import told
from specs import fixtures
from specs.fixtures import Dag

if TYPE_CHECKING:
    from conformance.target import Target

_PAGES = 200
#: So many DAGs of one file are too many to ask for each of them.
_MANY = 10


def missing(target: Target) -> tuple[list[str], int]:
    """The ids of those that are not there, in the order of the alphabet, and how many were looked for."""
    expected = [dag for dag in fixtures.published(target.version).dags if not dag.disposable]
    if "get_dags" not in target.interface.operations:
        return _unknown(target, expected)
    ids = {dag.id for dag in expected}
    return sorted(ids - _listed(target, ids)), len(ids)


def _listed(target: Target, expected: set[str]) -> set[str]:
    there: set[str] = set()
    narrowed = target.interface.operations["get_dags"].parameter("dag_id_pattern")
    pattern = {"dag_id_pattern": "conformance_"} if narrowed else {}
    for page in _pages(target, pattern):
        there |= {str(item.get("dag_id")) for item in page}
        if expected <= there:
            break
    return there


def _pages(target: Target, narrowed: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    offset = 0
    for _ in range(_PAGES):
        answer = target.call("get_dags", query={"limit": 100, **narrowed, "offset": offset})
        page = told(answer).get("dags")
        if not isinstance(page, list) or not page:
            return
        yield [item for item in page if isinstance(item, dict)]
        offset += len(page)


def _unknown(target: Target, expected: Iterable[Dag]) -> tuple[list[str], int]:
    """The same where no list tells of them: each is asked for its first task, of many in one file two of them.

    Airflow 1.10 reads the file of a DAG anew for each question about its tasks (measured on 1.10.15).
    """
    by_file: dict[str, list[Dag]] = {}
    for dag in expected:
        by_file.setdefault(dag.file, []).append(dag)
    asked = [dag for dags in by_file.values() for dag in (dags if len(dags) < _MANY else (dags[0], dags[-1]))]
    requests = (target.request("task_info", params={"dag_id": dag.id, "task_id": dag.tasks[0].id}) for dag in asked)
    both = zip(asked, target.all(requests), strict=True)
    return sorted(dag.id for dag, answer in both if answer.status != 200), len(asked)
