from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from conformance.coverage.sums import Coverage, Sent
from conformance.exchange import Exchange, Request, Response
from specs import contract

INTERFACE = contract.load().cut("3.3")
STABLE = contract.load("stable-v1").cut("2.11")
JSON = ("Content-Type", "application/json")


def sent(
    operation: str | None,
    target: str,
    method: str = "GET",
    body: bytes | None = None,
    *headers: tuple[str, str],
    status: int | None = 200,
) -> Exchange:
    answer = None if status is None else Response(status, "", (), b"", 0.01)
    return Exchange(Request(method, target, headers, body, operation), answer)


def counted(*exchanges: Exchange, coverage: Coverage | None = None) -> dict[str, Sent]:
    coverage = coverage or Coverage(INTERFACE)
    for each in exchanges:
        coverage.note(each)
    return {each.id: each for each in coverage.sent()}


def test_every_operation_is_there_from_the_start() -> None:
    found = counted()
    assert list(found) == list(INTERFACE.operations)
    assert all(each.requests == 0 and each.seen == 0 and len(each.never) == each.total > 0 for each in found.values())


def test_what_a_query_reaches() -> None:
    found = counted(
        sent("get_pools", "/api/v2/pools?limit=5&order_by=id&order_by=-id"),
        sent("get_pools", "/api/v2/pools?limit=-1&unknown=1", status=422),
        sent("get_pools", "/api/v2/pools?limit=", status=None),
    )["get_pools"]
    assert found.parts["query limit"] == {
        "type": {"valid": 2, "invalid": 1},
        "minimum": {"valid": 1, "invalid": 1},
    }
    assert found.parts["query order_by"]["type"] == {"valid": 2}
    assert (found.requests, found.statuses) == (3, {200: 1, 422: 1, None: 1})
    assert "status 401" in found.never
    assert "status 200" not in found.never
    assert "query offset type valid" in found.never
    assert found.total - found.seen == len(found.never)


def test_what_a_path_reaches() -> None:
    found = counted(
        sent("get_event_log", "/api/v2/eventLogs/7"), sent("get_event_log", "/api/v2/eventLogs/a%2Fb", status=422)
    )
    assert found["get_event_log"].parts["path event_log_id"]["type"] == {"valid": 1, "invalid": 1}


def test_what_a_body_reaches() -> None:
    found = counted(
        sent("post_pool", "/api/v2/pools", "POST", b'{"name":"x","slots":3}', JSON),
        sent("post_pool", "/api/v2/pools", "POST", b'{"name":"x","slots":"3"}', JSON),
        sent("post_pool", "/api/v2/pools", "POST", b"{", ("content-type", "text/plain")),
        sent("post_pool", "/api/v2/pools", "POST", b"[" * 100_000, JSON),
        sent("post_pool", "/api/v2/pools", "POST"),
    )["post_pool"]
    assert found.parts["body"]["required"] == {"valid": 4, "invalid": 1}
    assert found.parts["body"]["media"] == {"valid": 3, "invalid": 1}
    assert found.parts["body"]["JSON"] == {"valid": 2, "invalid": 2}
    assert found.parts["body slots"]["type"] == {"valid": 1, "invalid": 1}


def test_what_must_be_in_a_query_may_be_missing() -> None:
    needed = [(each, one) for each in INTERFACE.operations.values() for one in each.parameters if one.required]
    operation, parameter = next((each, one) for each, one in needed if one.where == "query")
    found = counted(sent(operation.id, operation.path), sent(operation.id, f"{operation.path}?{parameter.name}=x"))[
        operation.id
    ]
    assert found.parts[f"query {parameter.name}"]["required"] == {"valid": 1, "invalid": 1}


def test_what_is_no_operation_is_not_counted() -> None:
    found = counted(sent(None, "/nowhere"), sent("of_another_api", "/api/v1/pools"))
    assert sum(each.requests for each in found.values()) == 0


def test_the_sums_of_workers_are_added() -> None:
    one, other, whole = Coverage(INTERFACE), Coverage(INTERFACE), Coverage(INTERFACE)
    for coverage, limit, status in ((one, 1, 200), (other, -1, None), (other, 2, 200)):
        coverage.note(sent("get_pools", f"/api/v2/pools?limit={limit}", status=status))
        whole.note(sent("get_pools", f"/api/v2/pools?limit={limit}", status=status))
    one.add(json.loads(json.dumps(other.to_json())))
    assert one.sent() == whole.sent()


def test_threads_lose_nothing() -> None:
    coverage = Coverage(STABLE)
    each = sent("get_pools", "/api/v1/pools?limit=1")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(coverage.note, [each] * 2000))
    found = counted(coverage=coverage)["get_pools"]
    assert (found.requests, found.parts["query limit"]["type"]["valid"]) == (2000, 2000)


@pytest.mark.parametrize("api", ["public-v2", "stable-v1", "experimental"])
def test_every_version_of_every_contract_can_be_counted(api: str) -> None:
    whole = contract.load(api)
    for version in whole.versions:
        for manager in whole.auth_managers:
            assert all(each.total for each in Coverage(whole.cut(version, manager)).sent())
