"""The public API as a whole: every operation is carried out, every list is one."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from specs import contract
from specs.fixtures import load
from specs.versions import Version
from tests.mockserver.api import Api

VERSIONS = ["3.0", "3.3"]
NEEDS = {"list_backfills": "?dag_id=conformance_cron"}
ALL = {"dag_id": "~", "dag_run_id": "~", "task_id": "~", "asset_id": "1"}
ONE = {"dag_id": "conformance_mapped", "dag_run_id": "run", "task_id": "group.square", "asset_id": "1"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_has_a_handler(version: str) -> None:
    api = Api(version)
    operations = contract.load().cut(Version.parse(version)).operations
    own = {one.id for one in operations.values() if one.path.startswith("/api/v2")}
    assert own - api.mock.handlers.keys() <= {"logout"}  # which the auth manager serves


@pytest.mark.parametrize("version", VERSIONS)
def test_every_list_answers_with_items_and_their_number(version: str) -> None:
    api = Api(version)
    api.trigger("conformance_mapped")
    for operation in contract.load().cut(Version.parse(version)).operations.values():
        if operation.method == "GET" and operation.paged:
            one = operation.path.endswith(("listMapped", "state-store"))
            path = operation.path.removeprefix("/api/v2").format_map(ONE if one else ALL)
            body = api.get(path + NEEDS.get(operation.id, ""))
            assert isinstance(body[str(operation.items)], list), operation.id
            assert body["total_entries"] >= len(body[str(operation.items)]), operation.id


@pytest.mark.parametrize("version", VERSIONS)
def test_every_order_on_offer_works_and_turns_round(version: str) -> None:
    api = Api(version)
    for number in range(3):
        api.trigger("conformance_empty", f"run{number}")
    crashing = {("get_dags", "state"), ("get_dags", "start_date")}
    for operation in contract.load().cut(Version.parse(version)).operations.values():
        path = operation.path.removeprefix("/api/v2").replace("{dag_id}", "~").replace("{dag_run_id}", "~")
        path = path.replace("{task_id}", "~")
        if operation.method != "GET" or not operation.paged or "listMapped" in path:
            continue
        mark = "&" if "?" in path + NEEDS.get(operation.id, "") else "?"
        for name in operation.order_by:
            if (operation.id, name) not in crashing:
                up, down = (
                    api.get(f"{path}{NEEDS.get(operation.id, '')}{mark}order_by={sign}{name}&limit=100")
                    for sign in ("", "-")
                )
                if up["total_entries"] <= 100:
                    assert up[str(operation.items)] == down[str(operation.items)][::-1], (operation.id, name)


PLACES = [
    {"dag_id": "conformance_python", "dag_run_id": "run", "task_id": "produce", "map_index": "-1"},
    {"dag_id": "conformance_mapped", "dag_run_id": "run", "task_id": "group.square", "map_index": "1"},
    {"dag_id": "conformance_hitl", "dag_run_id": "run", "task_id": "ask", "map_index": "-1"},
    {"dag_id": "~", "dag_run_id": "~", "task_id": "~", "map_index": "-1"},
]
THINGS = {
    **dict.fromkeys(["try_number", "task_try_number", "asset_id", "backfill_id", "event_log_id"], "1"),
    **dict.fromkeys(["import_error_id", "version_number"], "1"),
    "xcom_key": "return_value",
    "pool_name": "default_pool",
    "variable_key": "v",
    "connection_id": "c",
    "key": "k",
    "section": "api",
    "option": "maximum_page_limit",
    "asset_alias_id": "1",
}
QUERIES = {**NEEDS, "wait_dag_run_until_finished": "?interval=1"}


def filled(version: str) -> Api:
    """A world with something of everything that there can be."""
    api = Api(version, ("api.expose_config=True",))
    for name in ("producer", "consumer", "mapped", "cron"):
        api.call("PATCH", f"/dags/conformance_{name}", {"is_paused": False})
    for name in ("producer", "mapped", "python", *(["hitl"] if version != "3.0" else [])):
        api.trigger(f"conformance_{name}")
    api.call("POST", "/variables", {"key": "v", "value": {"a": 1}})
    api.call("POST", "/connections", {"connection_id": "c", "conn_type": "http", "extra": "{}"})
    dates = {"from_date": "2025-05-01T00:00:00Z", "to_date": "2025-05-02T00:00:00Z"}
    api.call("POST", "/backfills", {"dag_id": "conformance_cron", **dates})
    return api


@pytest.mark.parametrize("version", ["3.0", "3.1", "3.2", "3.3"])
def test_every_answer_is_as_the_contract_says(version: str) -> None:
    """Looked at while runs go on and after they are over, for plain, mapped and all tasks."""
    api, interface, checked = filled(version), contract.load().cut(Version.parse(version)), set()
    validators: dict[str, Any] = {}
    for seconds in (0.35, 5):
        api.wait(seconds)
        for operation in interface.operations.values():
            schema = operation.responses.get(200)
            if operation.method != "GET" or not operation.path.startswith("/api/v2") or not schema:
                continue
            for place in PLACES:
                path = operation.path.removeprefix("/api/v2").format_map({**THINGS, **place})
                reply = api.call("GET", path + QUERIES.get(operation.id, ""))
                if reply.status == 200 and reply.media == "application/json":
                    whole = {**schema, "components": interface.document["components"]}
                    validators.setdefault(operation.id, jsonschema_rs.Draft202012Validator(whole))
                    validators[operation.id].validate(reply.body)
                    checked.add(operation.id)
    reads = {one.id for one in interface.operations.values() if one.method == "GET" and one.path.startswith("/api/v2")}
    never = {"login", "logout", "get_asset_alias", "get_external_log_url", "get_connection_test", "get_dag_reports"}
    never |= {
        "wait_dag_run_until_finished",
        "get_dag_asset_queued_event",
    }
    never |= {"get_task_state_store", "get_asset_state_store", "get_asset_queued_events", "get_dag_asset_queued_events"}
    assert reads - checked <= never


def test_more_dags_than_a_page_holds() -> None:
    api = Api()
    for path, key in [("/dags", "dags"), ("/dagTags", "tags"), ("/dags/~/dagVersions", "dag_versions")]:
        body = api.get(f"{path}?limit=1000")
        assert len(body[key]) == 100
        assert len(api.get(f"{path}?limit=1000&offset=100")[key]) == body["total_entries"] - 100 > 0
    assert api.get("/dags")["total_entries"] == len(load().dags)
    assert len(Api("3.0").get("/dags?limit=1000")["dags"]) == len(load().dags) - 1


def test_health_version_and_what_there_is_none_of() -> None:
    api = Api()
    assert api.get("/version")["version"] == "3.3.2"
    assert Api("3.0").get("/version")["version"] == "3.0.6"
    assert api.get("/monitor/health")["scheduler"]["status"] == "healthy"
    assert [job["job_type"] for job in api.get("/jobs")["jobs"]] == ["SchedulerJob", "DagProcessorJob"]
    assert api.get("/jobs?job_state=success")["jobs"] == []
    assert api.get("/plugins/importErrors") == {"import_errors": [], "total_entries": 0}


def test_the_import_error_names_its_file_as_each_version_does() -> None:
    api = Api()
    [error] = api.get("/importErrors")["import_errors"]
    assert error["filename"] == "conformance_broken.py"
    assert error["stack_trace"].endswith("RuntimeError: broken on purpose\n")
    assert api.get(f"/importErrors/{error['import_error_id']}") == error
    assert api.get("/importErrors?filename_pattern=zz")["import_errors"] == []
    [old] = Api("3.0").get("/importErrors")["import_errors"]
    assert old["filename"] == "/opt/airflow/dags/conformance_broken.py"


def test_configuration_is_shown_only_where_it_is_exposed() -> None:
    assert Api().call("GET", "/config").status == 403
    api = Api(settings=("api.expose_config=True",))
    sections = {section["name"]: section["options"] for section in api.get("/config")["sections"]}
    secret = [option["value"] for option in sections["api_auth"] if option["key"] == "jwt_secret"]
    assert secret == ["< hidden >"]
    assert api.get("/config/section/api/option/expose_config")["sections"][0]["options"][0]["value"] == "True"
    assert "[api]\n" in api.get("/config", accept="text/plain")
    assert api.call("GET", "/config?section=zz").status == 404
    assert api.call("GET", "/config/section/api/option/zz").status == 404
    assert api.call("GET", "/config", accept="application/xml").status == 406


def test_event_logs_are_filtered() -> None:
    api = Api()
    api.trigger("conformance_empty")
    api.call("PATCH", "/dags/conformance_cron", {"is_paused": True})
    events = api.get("/eventLogs")["event_logs"]
    assert [event["event"] for event in events] == ["trigger_dag_run", "patch_dag"]
    for query, found in [
        ("event=patch_dag", [2]),
        ("dag_id=conformance_empty", [1]),
        ("run_id=run", [1]),
        ("excluded_events=patch_dag", [1]),
        ("included_events=patch_dag", [2]),
        ("owner_pattern=ADM", [1, 2]),
        ("before=2000-01-01T00:00:00Z", []),
        ("after=2000-01-01T00:00:00Z", [1, 2]),
    ]:
        assert [event["event_log_id"] for event in api.get(f"/eventLogs?{query}")["event_logs"]] == found, query
    assert api.get("/eventLogs/2") == events[1]
    assert api.call("GET", "/eventLogs/99").status == 404
