"""Following the documents, an answer has a status and a form that the document has for its operation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mockserver.driver import Reply, application, send

DAG = "/api/v2/dags/conformance_empty"
RUN = f"{DAG}/dagRuns"


@pytest.fixture(scope="module", params=["airflow", "documents"])
def follow(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def app(follow: str) -> Any:
    return application(follow=follow)


def ask(app: Any, method: str, path: str, body: Any = b"", **headers: str) -> Reply:
    return send(app, method, path, body, headers, user="admin")


def form(reply: Reply) -> tuple[int, str]:
    return reply.status, type(reply.json["detail"]).__name__


@pytest.mark.parametrize(
    ("path", "airflow", "documents"),
    [
        ("/api/v2/pools?order_by=x", (400, "str"), (422, "list")),
        ("/api/v2/dags?dag_run_state=x", (422, "str"), (422, "list")),
        (f"{RUN}/x/taskInstances/first/dependencies", (404, "list"), (404, "str")),
        ("/api/v2/assets?limit=x", (422, "list"), (422, "list")),
        ("/api/v2/pools/x", (404, "str"), (404, "str")),
    ],
)
def test_refusals(app: Any, follow: str, path: str, airflow: Any, documents: Any) -> None:
    assert form(ask(app, "GET", path)) == (airflow if follow == "airflow" else documents)


def test_a_collection_of_what_is_not_there_is_empty(app: Any) -> None:
    """Where the document has no status 404 for it; so it is in Airflow (measured on 3.3.2)."""
    for path, items in (
        (f"{RUN}/x/hitlDetails", "hitl_details"),
        (f"{RUN}/x/taskInstances/x/state-store", "task_state_store"),
    ):
        reply = ask(app, "GET", path)
        assert (reply.status, reply.json) == (200, {items: [], "total_entries": 0})


def test_refusals_say_where(app: Any, follow: str) -> None:
    reply = ask(app, "PATCH", "/api/v2/pools", {"actions": [{"action": "x"}]})
    assert reply.status == (500 if follow == "airflow" else 422)
    if follow == "documents":
        assert [one["loc"] for one in reply.detail] == [["body", "actions", 0, "action"]]


def test_refusals_of_the_login(app: Any, follow: str) -> None:
    reply = send(app, "POST", "/auth/token", {"username": "x"})
    assert reply.status == 422
    if follow == "documents":
        assert [one["loc"] for one in reply.detail] == [["body", "password"]]
    else:
        assert reply.detail.startswith("1 validation error for LoginBody")


def test_refusals_of_bodies(app: Any, follow: str) -> None:
    odd = ask(app, "POST", "/api/v2/connections/enqueue-test", {})
    broken = ask(app, "POST", "/api/v2/pools", b"\xff", **{"content-type": "application/json"})
    nothing = ask(app, "PATCH", f"{RUN}/x/taskInstances/first", {"new_state": {}})
    if follow == "airflow":
        assert (form(odd), form(broken), nothing.status) == ((422, "list"), (400, "str"), 500)
    else:
        assert (form(odd), form(broken), form(nothing)) == ((422, "str"), (422, "list"), (422, "list"))


def test_successes(app: Any, follow: str) -> None:
    gone, login = ask(app, "DELETE", DAG), ask(app, "GET", "/api/v2/auth/login")
    logout = ask(app, "GET", "/api/v2/auth/logout")
    assert {login.status, logout.status} == {307}
    if follow == "airflow":
        assert (gone.status, gone.body, login.body, logout.body) == (204, b"", b"", b"")
    else:
        assert (gone.status, gone.json) == (200, None)
        assert login.json == logout.json == {"detail": "Temporary Redirect"}
        assert login.headers["content-type"] == "application/json"


def test_of_two_forms_only_one_fits(app: Any, follow: str) -> None:
    """Whatever is a TaskInstanceResponse is a NewTaskResponse too; the document wants exactly one of them."""
    ask(app, "POST", RUN, {"logical_date": None, "dag_run_id": "r"})
    (shown, *_) = ask(app, "POST", f"{RUN}/r/clear", {}).json["task_instances"]
    assert ("map_index" in shown) is (follow == "airflow")
    assert "task_id" in shown


def test_slashes_within_a_name_stay(app: Any) -> None:
    ask(app, "POST", "/api/v2/pools", {"name": "a//b", "slots": 1})
    assert ask(app, "GET", "/api/v2/pools/a%2F%2Fb").json["name"] == "a//b"
