"""The experimental API as a whole, and what stands beside it: measured on Airflow 1.10.15, 2.2.5, 2.6.3 and 2.11.2."""

from __future__ import annotations

import json

import pytest

import profiles
from mockserver.app import create_app
from specs import contract, fixtures
from specs.versions import Version
from tests.mockserver.experimental import EVERY, PREFIX, Experimental

CRASHING = "/dags/nope/paused/true"


@pytest.mark.parametrize("version", [str(one) for one in contract.load("experimental").versions])
def test_every_operation_is_carried_out(version: str) -> None:
    part = Experimental(version).mock.experimental
    assert set(part.interface.operations) <= set(part.handlers)


@pytest.mark.parametrize(
    ("version", "text"),
    [
        ("1.10", '{"status":"OK"}\n'),
        ("2.2", '{"status":"OK"}\n'),
        ("2.6", '{"status": "OK"}'),
        ("2.11", '{"status": "OK"}'),
    ],
)
def test_the_test(version: str, text: str) -> None:
    reply = Experimental(version).call("GET", "/test")
    assert (reply.status, reply.media, reply.text) == (200, "application/json", text)


def test_only_airflow_2_tells_its_version_and_lineage() -> None:
    api = Experimental("2.11")
    assert api.get("/info") == {"version": "2.11.2"}
    api.triggered(execution_date="2031-01-01")
    assert api.get("/lineage/conformance_empty/2031-01-01") == {"task_ids": {}}
    assert api.call("GET", "/lineage/conformance_empty/2031-01-02").status == 404
    assert Experimental("1.10").call("GET", "/info").status == 404


@pytest.mark.parametrize(
    "path", ["/nope", "/test/", "/TEST", "/pools/a/b", "", "/", "/dags", "/dags/conformance_empty/"]
)
@pytest.mark.parametrize(
    ("version", "media"),
    [("1.10", "text/html; charset=utf-8"), ("2.2", "text/html; charset=utf-8"), ("2.11", "application/problem+json")],
)
def test_paths_that_there_are_not(version: str, media: str, path: str) -> None:
    reply = Experimental(version).call("GET", path)
    assert (reply.status, reply.media) == (404, media)
    assert "deprecation" not in reply.headers


def test_slashes() -> None:
    assert Experimental("1.10").ask("GET", f"/{PREFIX}/test").status == 200
    assert Experimental("1.10").ask("GET", "/api//experimental/test").status == 404
    moved = Experimental("2.11").ask("GET", "/api//experimental/test")
    assert (moved.status, moved.headers["location"]) == (308, f"http://airflow{PREFIX}/test")


@pytest.mark.parametrize(
    ("version", "status", "media"),
    [
        ("1.10", 405, "text/html"),
        ("2.2", 404, "text/html; charset=utf-8"),
        ("2.6", 405, "text/html; charset=utf-8"),
        ("2.11", 405, "application/problem+json"),
    ],
)
def test_methods_that_there_are_not(version: str, status: int, media: str) -> None:
    reply = Experimental(version).call("PUT", "/pools/p")
    assert (reply.status, reply.media) == (status, media)
    if version == "1.10":
        assert set(reply.headers["allow"].split(", ")) == {"GET", "DELETE", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("version", EVERY)
def test_options_and_head(version: str) -> None:
    api = Experimental(version)
    reply = api.call("OPTIONS", "/pools")
    assert (reply.status, reply.text, reply.media) == (200, "", "text/html; charset=utf-8")
    assert set(reply.headers["allow"].split(", ")) == {"GET", "POST", "HEAD", "OPTIONS"}
    assert api.call("HEAD", "/pools").media == "application/json"


@pytest.mark.parametrize("version", EVERY)
def test_airflow_2_says_that_the_api_is_deprecated(version: str) -> None:
    api = Experimental(version)
    for method, path in (
        ("GET", "/test"),
        ("GET", "/pools/nope"),
        ("POST", "/pools"),
        ("OPTIONS", "/test"),
        ("GET", CRASHING),
    ):
        headers = api.call(method, path).headers
        assert ("deprecation" in headers) is (version != "1.10"), path
        assert version == "1.10" or f"/{api.mock.release}/upgrading-to-2.html#" in headers["link"]


@pytest.mark.parametrize("version", EVERY)
def test_no_header_of_another_origin(version: str) -> None:
    headers = Experimental(version).call("GET", "/test", headers={"origin": "http://x"}).headers
    assert not [name for name in headers if name.startswith("access-control")]


def test_pages_of_2_2_set_the_cookie_of_a_session_whatever_comes_of_them() -> None:
    api = Experimental("2.2")
    for path in ("/test", "/pools/nope", CRASHING, "/nope"):
        assert "set-cookie" in api.call("GET", path).headers, path
    assert "set-cookie" not in Experimental("2.11").call("GET", "/test").headers


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("word", ["true", "false", "True", "1", "x"])
def test_only_true_pauses(version: str, word: str) -> None:
    api = Experimental(version)
    for before in ("true", "false"):
        api.get(f"/dags/conformance_empty/paused/{before}")
        assert api.get(f"/dags/conformance_empty/paused/{word}") == {"response": "ok"}
        assert api.get("/dags/conformance_empty/paused") == {"is_paused": word == "true"}
    assert api.get("/dags/conformance_cron/paused") == {"is_paused": True}


def test_the_documents_know_two_words_alone() -> None:
    api = Experimental(follow="documents")
    assert api.call("GET", "/dags/conformance_empty/paused/True").status == 400
    assert api.get("/dags/conformance_empty/paused") == {"is_paused": True}
    api.get("/dags/conformance_empty/paused/false")
    assert api.get("/dags/conformance_empty/paused") == {"is_paused": False}


@pytest.mark.parametrize("version", EVERY)
@pytest.mark.parametrize("path", [CRASHING, "/dags/nope/paused"])
def test_pausing_no_dag_breaks_the_server(version: str, path: str) -> None:
    reply = Experimental(version).call("GET", path)
    assert (reply.status, reply.is_page) == (500, True)
    assert Experimental(version, "documents").call("GET", path).status == 404


def test_the_code_of_a_dag_is_that_of_the_version() -> None:
    for version, word in (("1.10", "dummy_operator"), ("2.11", "airflow")):
        reply = Experimental(version).call("GET", "/dags/conformance_empty/code")
        assert (reply.status, reply.media) == (200, "text/html; charset=utf-8")
        assert word in reply.text
    assert Experimental().call("GET", "/dags/nope/code").error == "Dag id nope not found in DagModel"


@pytest.mark.parametrize(("version", "count"), [("1.10", 4), ("2.2", 4), ("2.3", 2), ("2.11", 2)])
def test_a_dag_is_deleted(version: str, count: int) -> None:
    api = Experimental(version)
    api.triggered("conformance_page_007")
    reply = api.call("DELETE", "/dags/conformance_page_007")
    assert reply.json == {"count": count, "message": f"Removed {count} record(s)"}
    again = api.call("DELETE", "/dags/conformance_page_007")
    assert (again.status, again.error) == (404, "Dag id conformance_page_007 not found")
    assert api.call("GET", "/dags/conformance_page_007/dag_runs").status == 400


# ---- the mock around it ----------------------------------------------------------------------------------------------


def test_what_the_experimental_api_writes_the_stable_one_lists() -> None:
    api = Experimental("2.11")
    api.triggered(run_id="a", execution_date="2031-01-01T00:00:00+02:00", conf={"k": 1})
    run = api.ask("GET", "/api/v1/dags/conformance_empty/dagRuns/a").json
    assert (run["logical_date"], run["conf"], run["external_trigger"]) == ("2030-12-31T22:00:00+00:00", {"k": 1}, True)
    assert run["data_interval_end"] == run["logical_date"]
    api.call("POST", "/pools", {"name": "p", "slots": "5", "description": "d"})
    assert api.ask("GET", "/api/v1/pools/p").json["slots"] == 5
    api.get("/dags/conformance_empty/paused/false")
    assert api.ask("GET", "/api/v1/dags/conformance_empty").json["is_paused"] is False


def test_what_the_stable_api_writes_the_experimental_one_lists() -> None:
    api = Experimental("2.11")
    api.ask(
        "POST",
        "/api/v1/dags/conformance_empty/dagRuns",
        {"dag_run_id": "b", "logical_date": "2031-01-01T00:00:00Z"},
        headers={"content-type": "application/json"},
    )
    assert [run["run_id"] for run in api.get("/dags/conformance_empty/dag_runs")] == ["b"]
    assert api.call("POST", "/dags/conformance_empty/dag_runs", {"run_id": "b"}).status == 400
    api.ask("DELETE", "/api/v1/dags/conformance_empty/dagRuns/b")
    assert api.get("/dags/conformance_empty/dag_runs") == []


def test_without_the_switch_airflow_2_has_no_experimental_api() -> None:
    mock = create_app(profiles.load("airflow-2-open")).state.mock
    assert mock.experimental is None
    assert not mock.routes.methods(f"{PREFIX}/test")


def test_airflow_1_10_has_the_dags_of_its_bundle() -> None:
    api = Experimental("1.10")
    assert len(list(api.mock.world.dags)) == len(fixtures.published(Version(1, 10)).dags) > 100
    assert api.call("GET", "/dags/conformance_mapped/dag_runs").status == 400
    assert Experimental("2.2").get("/dags/conformance_mapped/dag_runs") == []


def test_the_server_beside_it() -> None:
    api = Experimental("1.10")
    health = api.ask("GET", "/health")
    assert health.json["metadatabase"] == {"status": "healthy"}
    assert health.text == json.dumps(health.json, indent=4)
    assert api.ask("GET", "/").headers["location"] == "http://airflow/admin/"
    assert api.ask("GET", "/api/v1/dags").status == 404


@pytest.mark.parametrize("version", ["1.10", "2.11"])
def test_the_control_interface(version: str) -> None:
    api = Experimental(version, control=True)
    api.triggered(run_id="a")
    state = api.ask("POST", "/_mock/clock/hold", {"at": "2031-01-01T00:00:00Z"}).json
    assert (state["now"], state["deviations"]) == ("2031-01-01T00:00:00Z", [])
    assert api.triggered("conformance_params")["execution_date"] == "2031-01-01T00:00:00+00:00"
    assert api.ask("POST", "/_mock/reset").status == 200
    assert api.get("/dags/conformance_empty/dag_runs") == []
    assert api.ask("POST", "/_mock/clock/advance", {"seconds": -1}).status == 400
    assert api.ask("GET", "/_mock/nope").status == 404
