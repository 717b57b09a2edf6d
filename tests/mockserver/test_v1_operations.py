"""The operations of the stable API as a whole, in every version."""

from __future__ import annotations

from typing import Any

import pytest

from specs import contract, yamlfile
from specs.versions import within
from tests.mockserver.stable import Stable

VERSIONS = [f"2.{minor}" for minor in range(12)]
EVENTS: list[dict[str, Any]] = yamlfile.read("mockserver.api.v1", "audit.yaml")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_is_carried_out(version: str) -> None:
    mock = Stable(version).mock
    assert set(mock.interface.operations) <= set(mock.handlers)


def test_no_operation_is_carried_out_that_no_version_has() -> None:
    known = {name for version in VERSIONS for name in contract.load("stable-v1").cut(version, "fab").operations}
    assert set(Stable().mock.handlers) <= known


@pytest.mark.parametrize("version", VERSIONS)
def test_events_are_those_of_operations(version: str) -> None:
    operations = contract.load("stable-v1").cut(version, "fab").operations
    assert {one["by"] for one in EVENTS if within(version, one["since"], one.get("until"))} <= set(operations)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_collection_can_be_listed_under_its_documented_name(version: str) -> None:
    api = Stable(version, follow="documents")
    for operation in api.mock.interface.operations.values():
        path = operation.path.removeprefix("/api/v1")
        if operation.method == "GET" and operation.paged and "{" not in path:
            listed = api.get(f"{path}?limit=1")
            assert len(listed[str(operation.items)]) <= 1, path
