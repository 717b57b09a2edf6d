"""Configuration, event log and health of the stable API: measured on Airflow 2.2.5, 2.6.3 and 2.11.2."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from tests.mockserver.stable import Stable

OPEN = "webserver.expose_config=True"
PARTLY = "webserver.expose_config=non-sensitive-only"
SECRET = "webserver.secret_key=geheim"
JSON = {"accept": "application/json"}
TEXT = {"accept": "text/plain"}


# ---- configuration


def test_the_configuration_is_not_shown_unless_it_is_exposed() -> None:
    reply = Stable().call("GET", "/config", headers=JSON)
    assert reply.status == 403
    assert reply.detail.startswith("Your Airflow administrator chose not to expose the configuration")


@pytest.mark.parametrize("accept", [None, "text/html", "", "text/plain;charset=utf-8"])
def test_who_wants_no_type_on_offer_gets_406_first(accept: str | None) -> None:
    for settings in ((), (OPEN,)):
        api = Stable(settings=settings)
        reply = api.call("GET", "/config", headers={} if accept is None else {"accept": accept})
        assert (reply.status, reply.media, reply.text) == (406, "text/html; charset=utf-8", "")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/plain"),
        ("application/json", "application/json"),
        ("application/JSON", "application/json"),
        ("application/*", "application/json"),
        ("application/json, text/plain", "text/plain"),
        ("application/json, */*;q=0.1", "application/json"),
        ("text/plain;q=0.1, application/json", "application/json"),
        ("image/png, */*", "text/plain"),
    ],
)
def test_the_type_that_is_rated_best(accept: str, media: str) -> None:
    reply = Stable(settings=(OPEN,)).call("GET", "/config", headers={"accept": accept})
    assert (reply.status, reply.media) == (200, media)


def test_the_backends_in_effect_are_shown() -> None:
    value = "airflow.api.auth.backend.basic_auth,airflow.api.auth.backend.session"
    api = Stable(settings=(OPEN,))
    for option in ("auth_backends", "AUTH_BACKENDS", "auth_backend"):
        shown = {"sections": [{"name": "api", "options": [{"key": option, "value": value}]}]}
        assert api.get(f"/config/section/api/option/{option}", **JSON) == shown
    assert f"\nauth_backends = {value}\n" in api.call("GET", "/config?section=api", headers=TEXT).text


def test_one_section_as_text() -> None:
    text = Stable(settings=(OPEN,)).call("GET", "/config?section=api", headers=TEXT).text
    assert text.startswith("[api]\n")
    assert "maximum_page_limit = 100\n" in text
    assert "[webserver]" not in text


def test_what_is_not_there() -> None:
    api = Stable(settings=(OPEN,))
    reply = api.call("GET", "/config?section=nope", headers=JSON)
    assert (reply.status, reply.body["title"], reply.detail) == (404, "section not found.", "section=nope not found.")
    reply = api.call("GET", "/config/section/api/option/nope", headers=JSON)
    assert (reply.status, reply.body["title"]) == (404, "Config not found.")
    assert reply.detail == "The option [api/nope] is not found in config."


def test_secrets_are_shown_only_among_everything() -> None:
    one = "/config/section/webserver/option/secret_key"
    for setting, shown in ((OPEN, "geheim"), (PARTLY, "< hidden >")):
        api = Stable(settings=(setting, SECRET))
        assert f"secret_key = {shown}\n" in api.call("GET", "/config", headers=TEXT).text
        assert api.call("GET", one, headers=TEXT).text == "[webserver]\nsecret_key = < hidden >\n"


def test_old_versions_show_all_or_nothing() -> None:
    assert Stable("2.6", (PARTLY,)).call("GET", "/config", headers=JSON).status == 500
    reply = Stable("2.6", (OPEN,)).call("GET", "/config?section=nope", headers=TEXT)
    assert reply.status == 200  # no such parameter, and an operation without parameters refuses none
    assert "[webserver]" in reply.text


# ---- event log


def events(api: Stable) -> list[Any]:
    return [(one["event"], one["extra"]) for one in api.get("/eventLogs")["event_logs"]]


def test_what_changes_leave_in_the_log() -> None:
    api = Stable()
    api.made("/variables", key="a_password", value="v")
    api.call("PATCH", "/variables/a_password", {"value": "x"})
    api.made("/connections", connection_id="c", conn_type="x", password="p", extra='{"token": "t", "a": 1}')
    api.call("PATCH", "/pools/nope?update_mask=slots", {"slots": 1})
    api.get("/pools")
    api.call("POST", "/pools", {"name": "p", "slots": 1}, user="viewer")
    assert [(event, json.loads(extra)) for event, extra in events(api)] == [
        ("api.variable.create", {"key": "a_password", "value": "***"}),
        ("api.variable.edit", {"value": "x"}),
        (
            "api.connection.create",
            {"connection_id": "c", "conn_type": "x", "password": "***", "extra": {"token": "***", "a": 1}},
        ),
        ("api.patch_pool", {"update_mask": "slots", "pool_name": "nope", "slots": 1}),
    ]


def test_runs_stand_in_columns_of_the_log() -> None:
    api = Stable()
    api.call("DELETE", "/dags/nope/dagRuns/r")
    [event] = api.get("/eventLogs")["event_logs"]
    assert (event["event"], event["dag_id"], event["run_id"], event["owner"], event["extra"]) == (
        "api.delete_dag_run",
        "nope",
        "r",
        "admin",
        "{}",
    )


def test_a_page_of_the_server_itself_counts_as_its_interface() -> None:
    api = Stable()
    api.call("DELETE", "/pools/nope", headers={"origin": "http://airflow"})
    assert events(api) == [("ui.delete_pool", '{"pool_name": "nope"}')]


def test_the_log_of_old_versions() -> None:
    api = Stable("2.6")
    api.made("/variables?x=1", key="k", value="v")
    api.call("DELETE", "/variables/k")
    api.made("/pools", name="p", slots=1)
    assert events(api) == [("variable.create", "[('x', '1')]"), ("variable.delete", "[('variable_key', 'k')]")]
    assert api.get("/eventLogs")["event_logs"][0]["owner"] == "admin (admin lab)"
    older = Stable("2.4")
    older.made("/variables", key="k", value="v")
    assert events(older) == []


def test_an_extra_that_is_no_object_breaks_the_log() -> None:
    api = Stable()
    body = {"connection_id": "c", "conn_type": "x", "extra": "[1]"}
    assert api.call("POST", "/connections", body).status == 500
    assert api.call("GET", "/connections/c").status == 404


def test_event_logs_are_found_and_ordered() -> None:
    api = Stable()
    api.call("DELETE", "/pools/a")
    api.mock.clock.advance(10)
    api.call("DELETE", "/variables/b", user="op")

    def found(query: str) -> list[str]:
        return [one["event"] for one in api.get(f"/eventLogs?{query}")["event_logs"]]

    both = ["api.delete_pool", "api.variable.delete"]
    assert found("owner=op") == both[1:]
    assert found("event=api.delete_pool") == both[:1]
    assert found("included_events=x,api.delete_pool") == both[:1]
    assert found("excluded_events=api.delete_pool") == both[1:]
    assert found("order_by=-event_log_id") == both[::-1]
    first = api.get("/eventLogs/1")["when"].replace("+", "%2B")
    assert found(f"after={first}") == both[1:]
    assert found(f"before={first}") == []
    assert found("map_index=0") == both  # 0 is not looked for


def test_an_event_log_that_is_not_there() -> None:
    reply = Stable().call("GET", "/eventLogs/9")
    assert (reply.status, reply.body["title"], reply.detail) == (404, "Event Log not found", None)


def test_only_an_administrator_reads_the_log_now() -> None:
    assert Stable().call("GET", "/eventLogs", user="viewer").status == 403
    assert Stable("2.6").call("GET", "/eventLogs", user="viewer").status == 200


# ---- the rest


@pytest.mark.parametrize(
    ("version", "parts"),
    [
        ("2.2", ["metadatabase", "scheduler"]),
        ("2.6", ["metadatabase", "scheduler", "triggerer"]),
        ("2.11", ["dag_processor", "metadatabase", "scheduler", "triggerer"]),
    ],
)
def test_health_by_version(version: str, parts: list[str]) -> None:
    health = Stable(version).get("/health")
    assert list(health) == parts
    assert health["scheduler"]["status"] == "healthy"


def test_import_errors() -> None:
    api = Stable()
    [error] = api.get("/importErrors")["import_errors"]
    assert api.get(f"/importErrors/{error['import_error_id']}") == error
    reply = api.call("GET", "/importErrors/99")
    assert (reply.status, reply.detail) == (404, "The ImportError with import_error_id: `99` was not found")


@pytest.mark.parametrize("version", ["2.0", "2.6", "2.11"])
def test_what_workers_do_is_logged(version: str) -> None:
    api = Stable(version)
    run = {"dag_run_id": "a", "execution_date": "2025-03-01T00:00:00Z"}
    api.made("/dags/conformance_python/dagRuns", **run)
    api.mock.clock.advance(60)
    logged = [one for one in api.get("/eventLogs")["event_logs"] if one["task_id"]]
    assert [(one["task_id"], one["event"]) for one in logged] == [
        *(("produce", event) for event in ("running", "success")),
        *(("consume", event) for event in ("running", "success")),
    ]
    assert {(one["owner"], one["extra"], one["execution_date"]) for one in logged} == {
        ("airflow", None, "2025-03-01T00:00:00+00:00")
    }


def test_providers_take_any_query_and_are_all_listed() -> None:
    api = Stable()
    listed = api.get("/providers?limit=nonsense")
    assert listed["total_entries"] == len(listed["providers"]) == 9
    assert {"apache-airflow-providers-fab"} & {one["package_name"] for one in listed["providers"]}
    assert Stable("2.2").get("/providers")["total_entries"] == 4


def test_there_are_no_plugins() -> None:
    assert Stable().get("/plugins") == {"plugins": [], "total_entries": 0}


@pytest.mark.parametrize(("version", "release"), [("2.2", "2.2.5"), ("2.11", "2.11.2")])
def test_the_version(version: str, release: str) -> None:
    assert Stable(version).get("/version")["version"] == release


def test_the_documents() -> None:
    api = Stable()
    document = api.get("/openapi.json")
    assert "/pools/{pool_name}" in document["paths"]
    assert document["servers"] == [{"url": "/api/v1"}]
    reply = api.call("GET", "/openapi.yaml")
    assert reply.media == "text/yaml"
    assert yaml.safe_load(reply.text) == document
    assert "/config/section/{section}/option/{option}" not in Stable("2.6").get("/openapi.json")["paths"]
