"""How collections are cut, counted and ordered (measured on 3.3.2 and 3.0.6)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.driver import application, send, token

CAP = ["api.maximum_page_limit=5", "api.fallback_page_limit=3"]


def make(*settings: str, count: int = 8, **options: Any) -> Any:
    """A mock with variables v0 ... v7 whose descriptions are b, a, none, b, a, none, ..."""
    app = application("airflow-3", *settings, **options)
    headers = {"authorization": f"Bearer {token(app)}"}
    for number in range(count):
        body = {"key": f"v{number}", "value": "x", "description": ["b", "a", None][number % 3]}
        assert send(app, "POST", "/api/v2/variables", body, headers).status == 201
    return app


def keys(app: Any, query: str = "") -> list[str]:
    reply = send(app, "GET", f"/api/v2/variables?variable_key_pattern=v_&{query}", user="admin")
    assert reply.status == 200, reply
    assert reply.json["total_entries"] == 8
    return [one["key"] for one in reply.json["variables"]]


@pytest.mark.parametrize(
    ("limit", "capped", "old"),
    [(None, 3, 8), (0, 0, 0), (1, 1, 1), (5, 5, 5), (6, 5, 6), (10**9, 5, 8)],
)
def test_sizes(limit: int | None, capped: int, old: int) -> None:
    query = "" if limit is None else f"limit={limit}"
    assert len(keys(make(*CAP), query)) == capped
    assert len(keys(make("airflow=3.0", *CAP), query)) == old
    assert len(keys(make("airflow=3.0", *CAP, follow="documents"), query)) == min(capped if limit else old, 5)


def test_a_fallback_beyond_the_cap_is_cut() -> None:
    assert len(keys(make("api.maximum_page_limit=5"))) == 5


def test_offsets() -> None:
    app = make()
    assert keys(app, "limit=3&offset=6") == ["v6", "v7"]
    assert keys(app, "offset=99") == []


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("key", ["v0", "v1", "v2"]),
        ("-key", ["v7", "v6", "v5"]),
        ("--key", ["v7", "v6", "v5"]),
        ("description", ["v2", "v5", "v1"]),  # none first, equal ones by primary key
        ("-description", ["v6", "v3", "v0"]),  # the primary key descends with it
        ("description&order_by=-key", ["v5", "v2", "v7"]),
    ],
)
def test_orders(order: str, first: list[str]) -> None:
    assert keys(make(), f"limit=3&order_by={order}") == first


@pytest.mark.parametrize("order", ["zz", "", "+key", "KEY", "value"])
def test_orders_that_are_not_offered(order: str) -> None:
    reply = send(make(count=0), "GET", f"/api/v2/variables?order_by={order}", user="admin")
    assert reply.status == 400
    assert reply.detail.startswith(f"Ordering with '{order.replace('+', ' ')}' is disallowed")


def test_too_many_orders() -> None:
    query = "&".join(["order_by=key"] * 11)
    assert send(make(count=0), "GET", f"/api/v2/variables?{query}", user="admin").status == 400


def test_one_order_in_3_0() -> None:
    assert keys(make("airflow=3.0"), "limit=2&order_by=-key") == ["v7", "v6"]


def runs(app: Any, count: int = 7) -> None:
    app.state.mock.clock.hold()
    headers = {"authorization": f"Bearer {token(app)}"}
    for number in range(count):
        body = {"logical_date": None, "dag_run_id": f"r{number}", "note": "n" if number % 2 else None}
        reply = send(app, "POST", "/api/v2/dags/conformance_empty/dagRuns", body, headers)
        assert reply.status == 200, reply


@pytest.mark.parametrize(("follow", "count"), [("airflow", 7), ("documents", 5)])
@pytest.mark.parametrize("version", ["3.0", "3.3"])
def test_batches_are_capped_only_where_the_documents_are_followed(version: str, follow: Any, count: int) -> None:
    app = application("airflow-3", f"airflow={version}", *CAP, follow=follow)
    runs(app)
    body = {"page_limit": 1000, "dag_ids": ["conformance_empty"], "order_by": "-dag_run_id"}
    reply = send(app, "POST", "/api/v2/dags/~/dagRuns/list", body, user="admin")
    assert [run["dag_run_id"] for run in reply.json["dag_runs"]][:2] == ["r6", "r5"]
    assert (len(reply.json["dag_runs"]), reply.json["total_entries"]) == (count, 7)
    some = send(app, "POST", "/api/v2/dags/~/dagRuns/list", body | {"page_limit": 2, "page_offset": 1}, user="admin")
    assert [run["dag_run_id"] for run in some.json["dag_runs"]] == ["r5", "r4"]


PATH = "/api/v2/dags/conformance_empty/dagRuns"


def page(app: Any, query: str) -> Any:
    reply = send(app, "GET", f"{PATH}?{query}", user="admin")
    assert reply.status == 200, reply
    return reply.json


@pytest.mark.parametrize("order", ["id", "-id", "dag_run_id", "-dag_run_id", "logical_date", "-start_date"])
def test_a_walk_by_cursors_there_and_back(order: str) -> None:
    app = application()
    runs(app)
    whole = [run["dag_run_id"] for run in page(app, f"order_by={order}")["dag_runs"]]
    pages = [page(app, f"order_by={order}&limit=3&cursor=")]
    while pages[-1]["next_cursor"]:
        pages.append(page(app, f"order_by={order}&limit=3&cursor={pages[-1]['next_cursor']}"))
    seen = [[run["dag_run_id"] for run in one["dag_runs"]] for one in pages]
    assert [len(one) for one in seen] == [3, 3, 1]
    assert [name for one in seen for name in one] == whole
    assert pages[0]["previous_cursor"] is None
    assert {one["total_entries"] for one in pages} == {7}
    assert {one["total_entries_limit"] for one in pages} == {50000}
    back = page(app, f"order_by={order}&limit=3&cursor={pages[-1]['previous_cursor']}")
    assert [run["dag_run_id"] for run in back["dag_runs"]] == seen[1]
    first = page(app, f"order_by={order}&limit=3&cursor={back['previous_cursor']}")
    assert ([run["dag_run_id"] for run in first["dag_runs"]], first["previous_cursor"]) == (seen[0], None)


def test_a_cursor_keeps_its_place_when_its_row_is_deleted() -> None:
    app = application()
    runs(app)
    cursor = page(app, "limit=3&cursor=")["next_cursor"]
    send(app, "DELETE", f"{PATH}/r2", user="admin")
    assert [run["dag_run_id"] for run in page(app, f"limit=2&cursor={cursor}")["dag_runs"]] == ["r3", "r4"]


def test_without_a_cursor_its_keys_are_there_and_null_since_3_3() -> None:
    app = application()
    found = page(app, "limit=1")
    assert {found[name] for name in ("next_cursor", "previous_cursor", "total_entries_limit")} == {None}
    old = send(application("airflow-3", "airflow=3.0"), "GET", f"{PATH}?cursor=", user="admin").json
    assert list(old) == ["dag_runs", "total_entries"]


@pytest.mark.parametrize(
    ("cursor", "says"),
    [
        ("%21", "Invalid cursor token"),
        ("e30", "Invalid cursor token structure"),
        ("WzEsMiwzXQ", "does not match"),
        ("WyJ4Il0", "Invalid cursor token"),
    ],
)
def test_bad_cursors(cursor: str, says: str) -> None:
    app = application()
    runs(app, 1)
    reply = send(app, "GET", f"{PATH}?cursor={cursor}", user="admin")
    assert (reply.status, says in reply.detail) == (400, True)


def test_a_page_of_nothing_by_cursor() -> None:
    app = application()
    runs(app, 2)
    found = page(app, "limit=0&cursor=")
    assert (found["dag_runs"], found["next_cursor"]) == ([], None)
