from __future__ import annotations

import pytest

from conformance.needs import lacking

FACTS: dict[str, object] = {
    "capabilities": frozenset({"writes"}),
    "jwt_secret": "unknown",
    "expose_config": False,
    "admits": True,
    "scheduler": True,
    "triggerer": False,
}


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ([], ""),
        (["writes", "admits", "scheduler"], ""),
        (["roles", "writes", "fixture-dags"], "not claimed: roles, fixture-dags"),
        (["jwt_secret"], "not known: jwt_secret"),
        (["triggerer"], "not running: triggerer"),
        (["dag_processor"], "not running: dag_processor"),  # before anybody has looked
        (["expose_config"], "for expose config only"),
    ],
)
def test_what_is_lacking(needs: list[str], expected: str) -> None:
    assert lacking(needs, FACTS) == expected
