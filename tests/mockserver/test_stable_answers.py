"""Answers of the stable API: their pages, their CORS headers, their form (measured on 2.2.5 to 2.11.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from mockserver.api.v1 import HANDLERS
from mockserver.operations import Answer, Call, Page, User
from mockserver.stable.rendering import StableRenderer, dumps, to_json
from mockserver.stable.wire import Wire
from specs import contract
from specs.versions import Version
from tests.mockserver.driver import application, send
from tests.mockserver.stable import Stable

CAPPED = ("api.maximum_page_limit=5",)

# ---- pages -----------------------------------------------------------------------------------------------------------


def count(api: Stable, query: str, what: str = "dags") -> int:
    return len(api.get(f"/{what}{query}")[what])


@pytest.mark.parametrize(
    ("query", "wide", "narrow"),
    [("", 100, 5), ("?limit=1", 1, 1), ("?limit=5", 5, 5), ("?limit=6", 6, 5), ("?limit=100", 100, 5),
     ("?limit=101", 100, 5), ("?limit=1000000000000000000000", 100, 5), ("?limit=0", 100, 100)],
)  # fmt: skip
def test_limits(query: str, wide: int, narrow: int) -> None:
    total = len(list(Stable().mock.world.dags))
    assert total > 100
    assert count(Stable(), query) == wide
    assert count(Stable(settings=CAPPED), query) == narrow
    assert count(Stable(settings=CAPPED, follow="documents"), query) == min(narrow, 5)
    assert Stable().get(f"/dags{query}")["total_entries"] == total


def test_the_fallback_is_what_0_gives() -> None:
    assert count(Stable(settings=("api.fallback_page_limit=3",)), "?limit=0") == 3
    assert count(Stable(settings=("api.fallback_page_limit=3",)), "") == 100


def test_a_maximum_that_is_none() -> None:
    assert count(Stable(settings=("api.maximum_page_limit=0",)), "?limit=7") == 0
    free = Stable(settings=("api.maximum_page_limit=-3",))
    assert count(free, "?limit=-1") == count(free, "?limit=500") == len(list(free.mock.world.dags))
    assert free.call("GET", "/dags?limit=-4").status == 400


def test_a_limit_below_0() -> None:
    reply = Stable().call("GET", "/dags/nope/dagRuns?limit=-1")
    assert (reply.status, reply.body["title"], reply.detail) == (400, "Page limit must be a positive integer", None)


def test_offsets() -> None:
    api = Stable()
    names = [dag["dag_id"] for dag in api.get("/dags?limit=5")["dags"]]
    assert [dag["dag_id"] for dag in api.get("/dags?limit=3&offset=2")["dags"]] == names[2:]
    assert count(api, "?offset=1000") == 0


def triggered(api: Stable, runs: int) -> Stable:
    for number in range(runs):
        api.made("/dags/conformance_empty/dagRuns", dag_run_id=f"r{number}")
    return api


def test_lists_that_know_no_maximum() -> None:
    api = triggered(Stable(settings=CAPPED), 7)
    assert len(api.get("/dags/~/dagRuns?limit=7")["dag_runs"]) == 5
    assert len(api.get("/dags/~/dagRuns/~/taskInstances?limit=7")["task_instances"]) == 7
    assert len(api.get("/dags/~/dagRuns/~/taskInstances?limit=-1")["task_instances"]) == 14
    assert len(api.get("/dags/~/dagRuns/~/taskInstances?limit=0")["task_instances"]) == 0
    assert len(api.made("/dags/~/dagRuns/list", page_limit=10**9)["dag_runs"]) == 7


def test_and_do_where_the_documents_are_followed() -> None:
    api = triggered(Stable(settings=CAPPED, follow="documents"), 7)
    assert len(api.get("/dags/~/dagRuns/~/taskInstances?limit=7")["task_instances"]) == 5
    assert len(api.made("/dags/~/dagRuns/list", page_limit=10**9)["dag_runs"]) == 5
    assert api.call("GET", "/dags/~/dagRuns/~/taskInstances?limit=-1").status == 400


@pytest.mark.parametrize(("order", "named"), [("nope", "nope"), ("-nope", "nope"), ("", ""), ("-", ""), ("a,b", "a,b")])
def test_orders_that_are_not_offered(order: str, named: str) -> None:
    reply = Stable().call("GET", f"/dags?order_by={order}")
    text = f"Ordering with '{named}' is disallowed or the attribute does not exist on the model"
    assert (reply.status, reply.detail) == (400, text)


def test_orders() -> None:
    api = Stable()
    names = [dag["dag_id"] for dag in api.get("/dags?order_by=dag_id")["dags"]]
    assert names == sorted(names)
    last = api.get("/dags?order_by=-dag_id&limit=1")["dags"][0]["dag_id"]
    assert api.get("/dags?order_by=--dag_id&limit=1")["dags"][0]["dag_id"] == last > names[-1]


def test_dags_of_2_2_take_any_order() -> None:
    names = [[dag["dag_id"] for dag in Stable("2.2").get(f"/dags{query}")["dags"]] for query in ("", "?order_by=nope")]
    assert names[0] == names[1]


# ---- CORS ------------------------------------------------------------------------------------------------------------

A, B = "https://exampleclientapp1.com", "https://exampleclientapp2.com"
STATIC = {
    "access-control-allow-headers": "origin, content-type, accept",
    "access-control-allow-methods": "POST, GET, OPTIONS, DELETE",
}


def cors(app: Any, path: str, origin: str | None = None, method: str = "GET") -> dict[str, str]:
    """The CORS headers of an answer, and Vary."""
    headers = {} if origin is None else {"origin": origin}
    found = send(app, method, path, b"", headers).headers
    return {name: value for name, value in found.items() if name.startswith("access-control") or name == "vary"}


@pytest.mark.parametrize("profile", ["airflow-2-basic", "airflow-2.2-basic"])
@pytest.mark.parametrize(
    ("origin", "named"),
    [
        (None, A),
        (A, A),
        (B, B),
        ("https://evil.example", None),
        (A.upper(), None),
        (f"{A}/", None),
        ("null", None),
        ("", None),
    ],
)
def test_the_first_origin_answers_who_names_none(profile: str, origin: str | None, named: str | None) -> None:
    app = application(profile)
    wanted = STATIC if named is None else {**STATIC, "access-control-allow-origin": named}
    for path in ("/api/v1/version", "/api/v1/dags", "/api/v1/dags?limit=x", "/api/v1/ui/"):
        assert cors(app, path, origin) == wanted
    assert cors(app, "/api/v1/dags", origin, "OPTIONS") == wanted


@pytest.mark.parametrize(("method", "path"), [("GET", "/api/v1/nope"), ("PUT", "/api/v1/dags"), ("GET", "/health"),
                                              ("GET", "/login/"), ("GET", "/api/v1//dags")])  # fmt: skip
def test_only_operations_have_them(method: str, path: str) -> None:
    assert cors(application("airflow-2-basic"), path, A, method).keys() <= {"vary"}


NOTHING = [f"api.access_control_allow_{what}=null" for what in ("headers", "methods", "origins")]


def test_nothing_configured() -> None:
    assert cors(application("airflow-2-basic", *NOTHING), "/api/v1/version") == {}
    old = application("airflow-2.2-basic", *NOTHING)
    empty = {"access-control-allow-headers": "", "access-control-allow-methods": ""}
    assert cors(old, "/api/v1/version", A) == empty
    assert cors(old, "/api/v1/version") == {**empty, "access-control-allow-origin": ""}
    assert cors(application("airflow-2.2-basic", *NOTHING, follow="documents"), "/api/v1/version") == {}


@pytest.mark.parametrize(("profile", "named"), [("airflow-2-basic", "*"), ("airflow-2.2-basic", None)])
def test_a_star(profile: str, named: str | None) -> None:
    app = application(profile, "api.access_control_allow_origins=*")
    assert cors(app, "/api/v1/version").get("access-control-allow-origin") == "*"
    assert cors(app, "/api/v1/version", A).get("access-control-allow-origin") == named


# ---- rendering -------------------------------------------------------------------------------------------------------


def renderer(version: str = "2.11", *, follows: bool = True) -> tuple[StableRenderer, contract.Interface]:
    interface = contract.load("stable-v1").cut(version)
    return StableRenderer(interface, Wire(Version.parse(version), follows=follows)), interface


def test_json_is_sorted_and_indented() -> None:
    assert to_json({"b": [], "a": {"é": 1}}) == b'{\n  "a": {\n    "\\u00e9": 1\n  },\n  "b": []\n}\n'
    there = datetime(2024, 1, 2, 3, tzinfo=timezone(timedelta(hours=1)))
    assert dumps([datetime(2024, 1, 2, 3, 4, 5, 60, UTC), there]) == (
        b'[\n  "2024-01-02T03:04:05.000060+00:00",\n  "2024-01-02T03:00:00+01:00"\n]'
    )


def test_a_page_looks_like_json_of_one_piece() -> None:
    made, interface = renderer()
    rows = [{"key": "a", "value": "x\ny", "description": None}, {"key": "b", "value": "", "description": "d"}]
    page = Page("variables", rows, lambda row: row, 7)
    body = made.render(interface.operations["get_variables"], page).body
    assert body == to_json({"variables": rows, "total_entries": 7})
    empty = made.render(interface.operations["get_variables"], Page("variables", [], lambda row: row, 0)).body
    assert empty == to_json({"variables": [], "total_entries": 0})


USER = {"username": "u", "fail_login_count": 3, "password": "secret", "nope": 1}


@pytest.mark.parametrize(("follows", "name"), [(True, "fail_login_count"), (False, "failed_login_count")])
def test_names_as_airflow_sends_them_or_as_the_document_has_them(follows: bool, name: str) -> None:
    made, interface = renderer(follows=follows)
    body = made.render(interface.operations["get_user"], dict(USER)).body
    assert body == to_json({"username": "u", name: 3})
    page = Page("users", [USER], lambda row: row, 1)
    assert made.render(interface.operations["get_users"], page).body == to_json(
        {"users": [{"username": "u", name: 3}], "total_entries": 1}
    )


@pytest.mark.parametrize(("follows", "name"), [(True, "queued_events"), (False, "datasets")])
def test_so_are_the_names_of_lists(follows: bool, name: str) -> None:
    made, interface = renderer(follows=follows)
    page = Page("queued_events", [{"uri": "x"}], lambda row: row, 1)
    body = made.render(interface.operations["get_dataset_queued_events"], page).body
    assert body == to_json({name: [{"uri": "x"}], "total_entries": 1})


@pytest.mark.parametrize(
    ("operation", "media"), [("delete_pool", "text/html; charset=utf-8"), ("delete_dag", "application/json")]
)
def test_an_empty_answer_has_a_type(operation: str, media: str) -> None:
    made, interface = renderer()
    answer = made.render(interface.operations[operation], None)
    assert (answer.status, answer.body, answer.media) == (204, b"", media)


def test_an_answer_of_bytes_stays() -> None:
    made, interface = renderer()
    assert made.render(interface.operations["get_log"], Answer(200, b"x", media="text/plain")).body == b"x"


def test_every_operation_has_a_handler() -> None:
    Stable()
    known = {name for version in contract.load("stable-v1").versions for name in _operations(version)}
    assert known <= set(HANDLERS)


def _operations(version: Version) -> dict[str, Any]:
    return dict(contract.load("stable-v1").cut(version).operations)


def test_a_handler_is_given_what_was_checked() -> None:
    api = Stable()
    seen: list[Call] = []

    def get_pools(call: Call) -> Any:
        seen.append(call)
        return {}

    api.mock.handlers["get_pools"] = get_pools
    api.get("/pools?limit=3&order_by=-name")
    assert isinstance(seen[0].user, User)
    assert (seen[0].user.name, seen[0].query) == ("admin", {"limit": 3, "order_by": "-name"})
