"""Facts of Airflow 2's stable API that were measured on real servers, looked up in the contract."""

from __future__ import annotations

import pytest

from specs.contract import ContractError, Interface, load

STABLE = load("stable-v1")
VERSIONS = [str(version) for version in STABLE.versions]
RUN = "/dags/d/dagRuns/r"


def api(version: str) -> Interface:
    return STABLE.cut(version, "fab")


def found(version: str, method: str, path: str) -> str | None:
    operation = api(version).find(method, f"/api/v1{path}")
    return operation.id if operation else None


@pytest.mark.parametrize(
    ("version", "paths", "operations", "schemas"),
    [
        ("2.0", 31, 43, 55),
        ("2.2", 39, 59, 70),
        ("2.3", 41, 62, 70),
        ("2.6", 50, 73, 86),
        ("2.10", 62, 89, 98),
        ("2.11", 62, 89, 98),
    ],
)
def test_how_much_there_is(version: str, paths: int, operations: int, schemas: int) -> None:
    interface = api(version)
    there = interface.operations.values()
    assert (len({one.path for one in there}), len(there)) == (paths, operations)
    assert len(interface.document["components"]["schemas"]) == schemas
    assert all(one.path.startswith("/api/v1/") for one in there)


def test_every_minor_version_is_covered() -> None:
    assert [f"2.{minor}" for minor in range(12)] == VERSIONS
    assert STABLE.auth_managers == ("fab",)
    assert STABLE.cut("2.11.2") is api("2.11")
    with pytest.raises(ContractError, match=r"2\.11; not 3\.0"):
        STABLE.cut("3.0")
    with pytest.raises(ContractError, match="knows fab; no auth manager simple"):
        STABLE.cut("2.11", "simple")


def test_what_came_with_2_3() -> None:
    assert api("2.3").operations.keys() - api("2.2").operations.keys() == {
        "patch_dags",
        "get_mapped_task_instances",
        "get_mapped_task_instance",
    }
    assert api("2.11").operations.keys() == api("2.10").operations.keys()


@pytest.mark.parametrize("version", VERSIONS)
def test_only_health_and_version_need_no_authentication(version: str) -> None:
    assert {one.id for one in api(version).operations.values() if one.open} == {"get_health", "get_version"}


def test_parameters_of_the_path_and_shared_ones_are_the_operations_own() -> None:
    run = api("2.11").operations["get_dag_run"]
    assert [(one.name, one.where, one.required) for one in run.parameters] == [
        ("dag_id", "path", True),
        ("dag_run_id", "path", True),
        ("fields", "query", False),
    ]
    limit = api("2.11").operations["get_pools"].parameter("limit")
    assert limit
    assert limit.schema == {"type": "integer", "default": 100}
    assert api("2.11").operations["get_dag_run"].responses.keys() == {200, 401, 403, 404}
    assert api("2.11").operations["get_dag_run"].responses[404] == {"$ref": "#/components/schemas/Error"}


def test_success_statuses_and_media_types() -> None:
    operations = api("2.11").operations
    assert operations["post_pool"].success == (200,)
    assert operations["reparse_dag_file"].success == (201,)
    assert operations["delete_pool"].success == (204,)
    assert operations["get_config"].media[200] == ("application/json", "text/plain")
    assert operations["post_dag_run"].body_media == ("application/json",)


@pytest.mark.parametrize("version", VERSIONS)
def test_paged_collections_name_their_items(version: str) -> None:
    nameless = {
        one.id for one in api(version).operations.values() if one.paged and one.method == "GET" and not one.items
    }
    assert nameless == ({"get_mapped_task_instances"} if version == "2.3" else set())  # 2.3 declares one instance there


def test_items_are_found_in_parts_too() -> None:
    operations = api("2.11").operations
    names = {name: operations[name].items for name in ("get_pools", "get_permissions", "get_dag_runs_batch", "get_dag")}
    assert names == {
        "get_pools": "pools",
        "get_permissions": "actions",
        "get_dag_runs_batch": "dag_runs",
        "get_dag": None,
    }
    assert "allOf" in api("2.11").document["components"]["schemas"]["PoolCollection"]


@pytest.mark.parametrize(
    ("version", "operation", "both", "more"),
    [
        ("2.11", "get_pools", {"id", "name", "slots"}, set()),
        ("2.11", "get_dags", {"dag_id"}, set()),
        ("2.5", "get_dags", set(), set()),  # read and not followed
        ("2.11", "get_task_instance_tries", set(), set()),  # likewise
        ("2.2", "get_roles", {"name", "role_id"}, set()),
        ("2.6", "get_roles", set(), {"name", "role_id"}),
        ("2.6", "get_mapped_task_instances", {"state"}, {"-map_index"}),
        ("2.10", "get_mapped_task_instances", {"state", "duration", "start_date", "end_date"}, {"-map_index"}),
    ],
)
def test_orders(version: str, operation: str, both: set[str], more: set[str]) -> None:
    one = api(version).operations[operation]
    assert set(one.order_by) == both
    assert one.orders == both | {f"-{name}" for name in both} | more


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/datasets/s3://a/b", "get_dataset"),
        ("GET", "/datasets/s3%3A%2F%2Fa%2Fb", "get_dataset"),
        ("GET", "/datasets/events", "get_dataset_events"),
        ("DELETE", "/datasets/events", None),
        ("GET", "/datasets/queuedEvent/a/b", "get_dataset_queued_events"),
        ("GET", "/datasets/queuedEvent", "get_dataset"),
        ("GET", "/variables/a/b", "get_variable"),
        ("GET", "/variables/a%2Fb", "get_variable"),
        ("GET", "/variables/x/", "get_variable"),
        ("GET", "/variables/%2Fx", None),
        ("GET", "/variables/", None),
        ("GET", "/pools/a%2Fb", None),
        ("GET", "/pools/a%252Fb", "get_pool"),
        ("GET", "/pools/a%3Fb?c", "get_pool"),
        ("GET", "/eventLogs/012", "get_event_log"),
        ("GET", "/eventLogs/%31", "get_event_log"),
        ("GET", "/eventLogs/x", None),
        ("GET", "/eventLogs/-1", None),
        ("GET", "/eventLogs/+1", None),
        ("GET", "/eventLogs/1.0", None),
        ("GET", "/eventLogs/{event_log_id}", None),
        ("GET", "/eventLogs//integer", None),
        ("POST", "/dags/~/dagRuns/list", "get_dag_runs_batch"),
        ("POST", "/dags/%7E/dagRuns/list", "get_dag_runs_batch"),
        ("GET", "/dags/~/dagRuns/list", "get_dag_run"),
        ("DELETE", "/dags/~/dagRuns/list", "delete_dag_run"),
        ("POST", "/dags/d/dagRuns/list", None),
        ("PUT", "/dags/~/dagRuns/list", None),
        ("POST", "/connections/test", "test_connection"),
        ("GET", "/connections/test", "get_connection"),
        ("GET", f"{RUN}/taskInstances/t/3", "get_mapped_task_instance"),
        ("GET", f"{RUN}/taskInstances/t/-1", None),
        ("GET", f"{RUN}/taskInstances/t/links", "get_extra_links"),
        ("GET", f"{RUN}/taskInstances/t/xcomEntries/a/b", "get_xcom_entry"),
        ("GET", f"{RUN}/taskInstances/t/logs/x", None),
        ("GET", "/dags/", None),
        ("GET", "/Dags", None),
        ("GET", "/dags//d", None),
        ("GET", "", None),
    ],
)
def test_requests_find_their_operation(method: str, path: str, operation: str | None) -> None:
    assert found("2.11", method, path) == operation


def test_slashes_in_names_came_with_2_4() -> None:
    assert [found(version, "GET", "/variables/a%2Fb") for version in ("2.2", "2.3", "2.4")] == [
        None,
        None,
        "get_variable",
    ]
    assert found("2.9", "GET", f"{RUN}/taskInstances/t/xcomEntries/a/b") is None
