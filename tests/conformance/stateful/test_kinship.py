from __future__ import annotations

from conformance import apis
from conformance.checks.stateful.kinship import Kinship, families, nothing
from specs import contract

INTERFACE = contract.load().cut("3.3")
DATA = apis.load("public-v2").data("parents")
KINSHIP = Kinship(DATA["belongs"], tuple(DATA["sole"]))


def replaced(operation: str) -> list[tuple[str, object]]:
    family = families(DATA, INTERFACE.version)[0]
    return [(name, values[name]) for name, values in KINSHIP.foreign(INTERFACE.operations[operation], family)]


def test_a_run_is_asked_for_under_another_dag() -> None:
    assert replaced("get_dag_run") == [("dag_id", "conformance_mapped"), ("dag_run_id", "{mapped}")]


def test_an_xcom_is_asked_for_under_each_other_parent() -> None:
    names = [name for name, _ in replaced("get_xcom_entry")]
    assert names == ["dag_id", "dag_run_id", "dag_run_id", "task_id", "task_id", "xcom_key"]


def test_a_task_is_under_every_run_of_its_dag() -> None:
    assert ("dag_run_id", "{run_b}") not in replaced("get_task_instance")


def test_what_is_put_there_is_not_sought_among_siblings() -> None:
    assert ("dag_run_id", "{run_b}") in replaced("get_task_state_store")
    assert ("dag_run_id", "{run_b}") not in replaced("set_task_state_store")


def test_one_value_is_replaced_at_a_time() -> None:
    family = families(DATA, INTERFACE.version)[0]
    for _, values in KINSHIP.foreign(INTERFACE.operations["get_xcom_entry"], family):
        assert sum(values[name] != family["own"][name] for name in values) == 1


def test_nothing() -> None:
    assert nothing({"items": [], "total_entries": 0, "more": None})
    assert not nothing({"items": [{"id": 1}], "total_entries": 1})
