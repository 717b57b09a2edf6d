"""Facts of the public API, measured on real 3.3.2 and 3.0.6, looked up in the contract; laws of any contract."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import specs
from specs import contract
from specs.contract import Contract, ContractError, Interface, Operation, cut, load, parse
from specs.versions import Version

FILES = {file.stem: file for file in (Path(specs.__file__).parent / "openapi").glob("*.yaml")}
REFRESHED = [name for name in FILES if name != "experimental"]  # that one is written by hand
PROSE = {"title", "description", "summary", "tags", "example", "examples", "externalDocs"}
RUN = "/api/v2/dags/d/dagRuns/r"
EVERY = [
    (name, str(version), manager)
    for name in FILES
    for version in load(name).versions
    for manager in load(name).auth_managers
]


def api(version: str, manager: str = "simple") -> list[Operation]:
    operations = load().cut(version, manager).operations.values()
    return [one for one in operations if one.path.startswith("/api/v2/")]


def found(version: str, method: str, path: str) -> str | None:
    operation = load().cut(version).find(method, path)
    return operation.id if operation else None


@pytest.mark.parametrize(
    ("version", "paths", "operations", "methods"),
    [
        ("3.0", 72, 99, {"GET": 58, "POST": 15, "PATCH": 14, "DELETE": 8, "PUT": 4}),
        ("3.3", 88, 128, {"GET": 68, "POST": 20, "PATCH": 20, "DELETE": 14, "PUT": 6}),
    ],
)
def test_how_much_there_is(version: str, paths: int, operations: int, methods: dict[str, int]) -> None:
    there = api(version)
    assert (len({one.path for one in there}), len(there)) == (paths, operations)
    assert {method: sum(one.method == method for one in there) for method in methods} == methods


def test_what_came_and_went_after_3_0() -> None:
    old, new = ({one.id for one in api(version)} for version in ("3.0", "3.3"))
    assert old - new == {"get_dag_reports"}
    assert len(new - old) == 30
    assert {"wait_dag_run_until_finished", "bulk_dag_runs", "delete_xcom_entry", "favorite_dag"} <= new - old


@pytest.mark.parametrize(
    ("version", "open_operations"),
    [("3.0", {"get_health", "get_version", "login", "logout"}), ("3.3", {"get_health", "get_version", "login"})],
)
def test_what_needs_no_token(version: str, open_operations: set[str]) -> None:
    assert {one.id for one in api(version) if one.open} == open_operations


@pytest.mark.parametrize(("version", "documented"), [("3.0", (95, 96)), ("3.3", (124, 123))])
def test_how_often_refusals_are_documented(version: str, documented: tuple[int, int]) -> None:
    there = api(version)
    assert (sum({401, 403} <= one.responses.keys() for one in there), sum(422 in one.responses for one in there)) == (
        documented
    )


def test_success_statuses_and_media_types() -> None:
    operations = load().cut("3.3").operations
    assert operations["post_pool"].success == (201,)
    assert operations["login"].success == (200, 307)
    assert operations["enqueue_connection_test"].success == (202,)
    assert operations["delete_pool"].success == (204,)
    assert operations["delete_pool"].responses[204] is None
    assert operations["get_config"].media[200] == ("application/json", "text/plain")
    assert operations["post_pool"].body_required
    assert not operations["materialize_asset"].body_required
    assert operations["get_pools"].body is None


def test_token_routes_of_each_auth_manager() -> None:
    simple = {"create_token", "create_token_all_admins", "create_token_cli", "login_all_admins"}
    for version, manager, expected in [
        ("3.0", "simple", simple),
        ("3.3", "simple", simple),
        ("3.0", "fab", {"create_token", "create_token_cli"}),
        ("3.3", "fab", {"create_token", "create_token_cli", "auth_logout"}),
    ]:
        operations = load().cut(version, manager).operations
        tokens = {one.id for one in operations.values() if one.path.startswith("/auth/")}
        assert tokens == expected, (version, manager)
        assert all(operations[name].open for name in tokens)


def test_the_simple_auth_manager_takes_no_field_too_many_and_fab_says_nothing_of_fields() -> None:
    simple, fab = (load().cut("3.3", manager) for manager in ("simple", "fab"))
    login = simple.resolve(simple.operations["create_token"].body or {})
    assert (login["additionalProperties"], login["required"]) == (False, ["password", "username"])
    assert fab.operations["create_token"].body == {"additionalProperties": True, "type": "object"}
    assert simple.operations["create_token"].body_media == ("application/json", "application/x-www-form-urlencoded")


def test_orders_are_offered_by_name_since_3_1() -> None:
    assert load().cut("3.3").operations["get_pools"].order_by == ("id", "name", "pool")
    assert load().cut("3.0").operations["get_pools"].order_by == ("id",)  # all that 3.0 says is the default
    assert "team_name" in load().cut("3.2").operations["get_variables"].order_by
    assert "team_name" not in load().cut("3.1").operations["get_variables"].order_by
    assert load().cut("3.3").operations["get_providers"].order_by == ()


@pytest.mark.parametrize(("version", "kind"), [("3.0", "string"), ("3.1", "array"), ("3.3", "array")])
def test_order_by_became_repeatable(version: str, kind: str) -> None:
    order = load().cut(version).operations["get_dags"].parameter("order_by")
    assert order
    assert order.schema["type"] == kind


@pytest.mark.parametrize(("version", "there"), [("3.1", set()), ("3.2", {"get_dag_runs", "get_task_instances"})])
def test_cursors_came_with_3_2(version: str, there: set[str]) -> None:
    assert {one.id for one in api(version) if one.parameter("cursor")} == there


def test_enum_values_and_required_names_differ_by_version() -> None:
    def schema(version: str, name: str) -> dict[str, Any]:
        return load().cut(version).resolve({"$ref": f"#/components/schemas/{name}"})

    kinds = [set(schema(version, "DagRunType")["enum"]) for version in ("3.0", "3.1", "3.2", "3.3")]
    assert kinds[0] == kinds[1] == {"asset_triggered", "backfill", "manual", "scheduled"}
    assert kinds[2] - kinds[1] == {"asset_materialization"}
    assert kinds[3] - kinds[2] == {"operator_triggered"}
    assert "total_entries" in schema("3.0", "DAGRunCollectionResponse")["required"]
    assert "total_entries" not in schema("3.3", "DAGRunCollectionResponse")["required"]
    assert "description" in schema("3.0", "PoolResponse")["required"]
    assert "description" not in schema("3.3", "PoolResponse")["required"]


def test_paged_collections_name_their_items() -> None:
    for version in ("3.0", "3.3"):
        assert not [one.id for one in api(version) if one.paged and one.method == "GET" and not one.items]
    operations = load().cut("3.3").operations
    assert (operations["get_dag_runs"].items, operations["get_list_dag_runs_batch"].items) == ("dag_runs", "dag_runs")
    assert (operations["get_pool"].items, operations["get_extra_links"].items) == (None, None)
    assert (operations["get_pools"].paged, operations["get_tasks"].paged) == (True, False)


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "/api/v2/dags", "get_dags"),
        ("get", "/api/v2/dags?limit=1&x=/a/b", "get_dags"),
        ("GET", "/api/v2/pools/a%2Fb", "get_pool"),
        ("GET", "/api/v2/pools/{}", "get_pool"),
        ("POST", "/api/v2/connections/defaults", "create_default_connections"),
        ("GET", "/api/v2/connections/defaults", "get_connection"),
        ("GET", "/api/v2/connections/enqueue-test", "get_connection_test"),
        ("DELETE", "/api/v2/connections/enqueue-test", "delete_connection"),
        ("POST", f"{RUN}/taskInstances/list", "get_task_instances_batch"),
        ("GET", f"{RUN}/taskInstances/list", "get_task_instance"),
        ("GET", f"{RUN}/taskInstances/t/tries", "get_task_instance_tries"),
        ("PATCH", f"{RUN}/taskInstances/t/tries", "patch_task_instance_by_map_index"),  # real 3.3.2 answers so, too
        ("GET", f"{RUN}/taskInstances/t/-1", "get_mapped_task_instance"),
        ("GET", "/api/v2/dags/~/dagRuns/~/taskInstances", "get_task_instances"),
        ("POST", "/auth/token", "create_token"),
        ("PUT", "/api/v2/dags", None),
        ("GET", "/api/v2/dags/", None),
        ("GET", "//api/v2/dags", None),
        ("GET", "/api/v2//dags", None),
        ("GET", "/api/v2/Dags", None),
        ("GET", "/api/v2/nowhere", None),
        ("GET", "/", None),
        ("GET", "", None),
        ("GET", "/api/v2/pools/a/b", None),
    ],
)
def test_requests_find_their_operation(method: str, path: str, operation: str | None) -> None:
    assert found("3.3", method, path) == operation


def test_what_3_0_has_not_is_not_found_there() -> None:
    assert found("3.0", "GET", "/api/v2/dagReports") == "get_dag_reports"
    assert found("3.0", "GET", "/api/v2/connections/enqueue-test") == "get_connection"


@pytest.mark.parametrize(("name", "version", "manager"), EVERY)
def test_every_operation_is_found_at_its_own_path(name: str, version: str, manager: str) -> None:
    interface = load(name).cut(version, manager)
    for operation in interface.operations.values():
        values = {one.name: "7" for one in operation.parameters if one.where == "path"}
        assert interface.find(operation.method, operation.path.format_map(values)) is operation


@pytest.mark.parametrize(("name", "version", "manager"), EVERY)
def test_a_cut_is_one_whole_openapi_document(name: str, version: str, manager: str) -> None:
    interface = load(name).cut(version, manager)
    ids = [one["operationId"] for item in interface.document["paths"].values() for one in item.values()]
    assert len(ids) == len(set(ids)) == len(interface.operations)
    assert interface.document["info"]["title"]
    for key, value in _pairs(interface.document):
        assert not key.startswith("x-") or key in {"x-order-by", "x-open", "x-typed-routes", "x-undocumented"}, key
        if key == "$ref":
            assert interface.resolve({"$ref": value}) is not None
    for item in interface.document["paths"].values():
        assert all("description" in answer for one in item.values() for answer in one["responses"].values())


def test_cuts_are_made_once_and_apart() -> None:
    assert load() is load()
    assert load().cut("3.3.2") is load().cut(Version(3, 3))
    assert load().cut("3.3").document["paths"]["/api/v2/dags"] is not load().document["paths"]["/api/v2/dags"]


def test_what_a_contract_does_not_cover_is_refused() -> None:
    with pytest.raises(ContractError, match=r"covers Airflow 3\.0, 3\.1, 3\.2, 3\.3; not 2\.11"):
        load().cut("2.11")
    with pytest.raises(ContractError, match="simple, fab; no auth manager ldap"):
        load().cut("3.3", "ldap")
    with pytest.raises(ContractError, match=r"no contract 'v9'; there is .*public-v2"):
        load("v9")


def test_contracts_may_be_yaml_too() -> None:
    assert parse("paths: {a: 1}\n") == {"paths": {"a": 1}}


@pytest.mark.parametrize("name", REFRESHED)
def test_the_file_is_json_and_so_yaml(name: str) -> None:
    text = FILES[name].read_text(encoding="utf-8")
    assert yaml.load(text, yaml.CSafeLoader) == json.loads(text) == load(name).document


@pytest.mark.parametrize("name", FILES)
def test_the_file_has_no_prose(name: str) -> None:
    document, of_names = load(name).document, {"properties", "schemas", *contract.NAMED_ITEMS.values()}
    assert not {key for key, under in _names(document) if under not in of_names} & PROSE
    assert {"description"} <= {key for key, under in _names(document) if under == "properties"}
    assert not [text for text in _texts(document) if len(text.split()) > 3]  # the longest value has three words


@pytest.mark.parametrize("name", FILES)
def test_every_mark_is_within_what_is_covered_and_narrows(name: str) -> None:
    covered = [str(version) for version in load(name).versions]
    since = {value for key, value in _pairs(load(name).document) if key == "x-since"}
    until = {value for key, value in _pairs(load(name).document) if key == "x-until"}
    after = {covered[covered.index(version) + 1] for version in until}
    assert since | after <= set(covered[1:])
    assert since | after == set(covered[1:]) or name not in REFRESHED


@pytest.mark.parametrize("name", FILES)
def test_reading_and_cutting_leaves_the_mock_its_time(name: str) -> None:
    newest = load(name).versions[-1]
    spent = []
    for _ in range(3):
        start = time.process_time()
        interface = Contract(parse(FILES[name].read_text(encoding="utf-8"))).cut(newest)
        assert interface.operations
        spent.append(time.process_time() - start)
    assert min(spent) < 0.06, spent


class TestTinyContract:
    """The marks, one at a time."""

    @staticmethod
    def at(version: str, node: dict[str, Any]) -> dict[str, Any]:
        return cut(node, Version.parse(version))

    def test_a_range_takes_an_object_away(self) -> None:
        node = {"a": {"x-since": "3.1", "x-until": "3.2", "b": 1}, "c": 2}
        assert [self.at(version, node) for version in ("3.0", "3.1", "3.2", "3.3")] == [
            {"c": 2},
            {"a": {"b": 1}, "c": 2},
            {"a": {"b": 1}, "c": 2},
            {"c": 2},
        ]

    def test_a_range_takes_an_item_away_and_with_the_last_the_list(self) -> None:
        node = {"anyOf": [{"x-since": "3.1", "type": "null"}, {"x-since": "3.2", "type": "string"}], "enum": []}
        assert self.at("3.0", node) == {"enum": []}
        assert self.at("3.1", node)["anyOf"] == [{"type": "null"}]
        assert self.at("3.2", node)["anyOf"] == [{"type": "null"}, {"type": "string"}]

    @pytest.mark.parametrize("name", ["required", "enum", "x-order-by"])
    def test_named_items_have_their_ranges_beside_the_list(self, name: str) -> None:
        marks = contract.NAMED_ITEMS[name]
        node = {name: ["a", "b"], marks: {"b": {"x-until": "3.0"}}}
        assert self.at("3.0", node) == {name: ["a", "b"]}
        assert self.at("3.1", node) == {name: ["a"]}

    def test_alternatives_change_an_object(self) -> None:
        node: dict[str, Any] = {
            "type": "a",
            "x-versions": [{"x-until": "3.0", "default": 1}, {"x-since": "3.2", "default": {"k": []}}],
        }
        assert self.at("3.0", node) == {"type": "a", "default": 1}
        assert self.at("3.1", node) == {"type": "a"}
        assert self.at("3.2", node) == {"type": "a", "default": {"k": []}}
        assert self.at("3.2", node)["default"] is not node["x-versions"][1]["default"]


def test_an_operation_without_optional_parts() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"version": "1"},
        "paths": {"/a/{b}": {"get": {"operationId": "a", "responses": {"204": {}, "404": {}}}}},
        "components": {"schemas": {}},
    }
    interface = Interface(document, Version(3, 3), "simple")
    operation = interface.operations["a"]
    assert (operation.method, operation.open, operation.parameters, operation.body) == ("GET", True, (), None)
    assert (operation.responses, operation.success, operation.items) == ({204: None, 404: None}, (204,), None)
    assert interface.find("GET", "/a/b") is operation
    assert interface.find("GET", "/a") is None


def _pairs(node: Any) -> Iterator[tuple[str, Any]]:
    for name, child in node.items() if isinstance(node, dict) else ():
        yield name, child
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _pairs(child)


def _names(node: Any, under: str = "") -> Iterator[tuple[str, str]]:
    """Every key, and the key that its object stands under. Alternatives stand where their object stands."""
    if isinstance(node, list):
        for item in node:
            yield from _names(item, under)
    elif isinstance(node, dict):
        for name, child in node.items():
            yield name, under
            # A property called `properties` holds a schema, not a map of properties.
            inside = "" if under == "properties" and name != "x-versions" else name
            yield from _names(child, under if name == "x-versions" else inside)


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _texts(child)
