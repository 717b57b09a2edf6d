"""Pools, variables and connections: what they have in common, and what not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.mockserver.api import Api, Reply


@dataclass(frozen=True)
class Kind:
    """One kind of thing: `full` is what a change must hold, `named` what it calls the key."""

    path: str
    key: str
    named: str
    full: dict[str, Any]
    field: str
    values: tuple[Any, Any]

    def body(self, key: str, value: Any = None, *, change: bool = False) -> dict[str, Any]:
        named = self.named if change else self.key
        return {named: key, **self.full, self.field: self.values[0] if value is None else value}


KINDS = [
    Kind("/pools", "name", "pool", {"slots": 3, "include_deferred": False}, "description", ("a", "b")),
    Kind("/variables", "key", "key", {"value": "x"}, "description", ("a", "b")),
    Kind("/connections", "connection_id", "connection_id", {"conn_type": "http"}, "host", ("a", "b")),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path[1:])
each_version = pytest.mark.parametrize("version", ["3.0", "3.3"])


def bulk(api: Api, kind: Kind, *actions: dict[str, Any]) -> Any:
    reply = api.call("PATCH", kind.path, {"actions": list(actions)})
    assert reply.status == 200, reply
    return reply.body


@each_version
@each_kind
def test_created_shown_listed_changed_and_deleted(kind: Kind, version: str) -> None:
    api = Api(version)
    made = api.call("POST", kind.path, kind.body("one"))
    assert made.status == 201
    assert api.call("POST", kind.path, kind.body("one")).status == 409
    assert api.get(f"{kind.path}/one") == made.body
    listed = api.get(f"{kind.path}?limit=100")
    assert made.body in listed[kind.path[1:]]
    changed = api.call("PATCH", f"{kind.path}/one", kind.body("one", kind.values[1], change=True))
    assert (changed.status, changed.body[kind.field]) == (200, kind.values[1])
    assert api.get(f"{kind.path}/one") == changed.body
    assert changed.body in api.get(kind.path)[kind.path[1:]]
    assert [api.call("DELETE", f"{kind.path}/one").status for _ in range(2)] == [204, 404]
    assert api.call("GET", f"{kind.path}/one").status == 404


@each_kind
def test_a_mask_names_what_is_changed(kind: Kind) -> None:
    api = Api()
    api.call("POST", kind.path, kind.body("one"))
    body = kind.body("one", kind.values[1], change=True)
    assert api.call("PATCH", f"{kind.path}/one?update_mask=zz", body).body[kind.field] == kind.values[0]
    assert api.call("PATCH", f"{kind.path}/one?update_mask={kind.field}", body).body[kind.field] == kind.values[1]


@each_kind
def test_what_is_not_sent_stays(kind: Kind) -> None:
    api = Api()
    api.call("POST", kind.path, kind.body("one"))
    body = {kind.named: "one", **kind.full}
    assert api.call("PATCH", f"{kind.path}/one", body).body[kind.field] == kind.values[0]


@each_kind
def test_another_key_in_the_body_is_refused(kind: Kind) -> None:
    api = Api()
    api.call("POST", kind.path, kind.body("one"))
    assert api.call("PATCH", f"{kind.path}/one", kind.body("two", change=True)).status == 400


@each_kind
def test_a_pattern_filters(kind: Kind) -> None:
    api = Api()
    for key in ("one", "two"):
        api.call("POST", kind.path, kind.body(key))
    name = {"/pools": "pool_name", "/variables": "variable_key", "/connections": "connection_id"}[kind.path]
    assert [one[kind.key] for one in api.get(f"{kind.path}?{name}_pattern=TW")[kind.path[1:]]] == ["two"]
    assert [one[kind.key] for one in api.get(f"{kind.path}?{name}_prefix_pattern=on")[kind.path[1:]]] == ["one"]


@each_version
@each_kind
def test_bulk_creates_all_or_none(kind: Kind, version: str) -> None:
    api = Api(version)
    bulk(api, kind, {"action": "create", "entities": [kind.body("one")]})
    both = {"action": "create", "entities": [kind.body("one", kind.values[1]), kind.body("two")]}
    outcome = bulk(api, kind, both)["create"]
    assert (outcome["success"], outcome["errors"][0]["status_code"]) == ([], 409)
    assert api.call("GET", f"{kind.path}/two").status == 404
    assert bulk(api, kind, {**both, "action_on_existence": "skip"})["create"]["success"] == ["two"]
    assert api.get(f"{kind.path}/one")[kind.field] == kind.values[0]
    assert bulk(api, kind, {**both, "action_on_existence": "overwrite"})["create"]["success"] == ["one", "two"]
    assert api.get(f"{kind.path}/one")[kind.field] == kind.values[1]


@each_kind
def test_bulk_changes_and_deletes_all_or_none(kind: Kind) -> None:
    api = Api()
    api.call("POST", kind.path, kind.body("one"))
    both = [kind.body("one", kind.values[1]), kind.body("two")]
    for action, entities in (("update", both), ("delete", ["one", "two"])):
        outcome = bulk(api, kind, {"action": action, "entities": entities})[action]
        assert (outcome["success"], outcome["errors"][0]["status_code"]) == ([], 404)
        assert api.get(f"{kind.path}/one")[kind.field] == kind.values[action == "delete"]
        skipping = {"action": action, "entities": entities, "action_on_non_existence": "skip"}
        assert bulk(api, kind, skipping)[action] == {"success": ["one"], "errors": []}
    assert api.call("GET", f"{kind.path}/one").status == 404


@each_kind
def test_bulk_goes_on_after_an_action_that_failed(kind: Kind) -> None:
    api = Api()
    actions = [
        {"action": "delete", "entities": ["nope"]},
        {"action": "create", "entities": [kind.body("one")]},
        {"action": "update", "entities": [kind.body("one", kind.values[1])]},
    ]
    body = bulk(api, kind, *actions)
    assert [body[name]["success"] for name in ("create", "update", "delete")] == [["one"], ["one"], []]
    assert api.get(f"{kind.path}/one")[kind.field] == kind.values[1]
    assert bulk(api, kind) == {"create": None, "update": None, "delete": None}


def test_bulk_that_is_refused_as_a_whole_changes_nothing() -> None:
    api, pools = Api(), KINDS[0]
    twins = {"action": "create", "entities": [pools.body("a"), pools.body("b"), pools.body("b")]}
    assert api.call("PATCH", "/pools", {"actions": [twins]}).status == 409
    assert api.call("GET", "/pools/a").status == 404


def test_the_default_pool_is_protected_but_not_from_bulk() -> None:
    api = Api()
    path, full = "/pools/default_pool", {"pool": "default_pool", "slots": 7, "include_deferred": True}
    assert api.call("DELETE", path).status == 400
    assert api.call("PATCH", path, full).status == 400
    assert api.call("PATCH", path + "?update_mask=description", {**full, "description": "x"}).status == 400
    assert api.call("PATCH", path + "?update_mask=slots", full).body["slots"] == 7
    bulk(api, KINDS[0], {"action": "delete", "entities": ["default_pool"]})
    assert api.call("GET", path).status == 404


@pytest.mark.parametrize(
    ("version", "query", "body", "missing"),
    [
        ("3.3", "", {}, ["pool", "slots", "include_deferred"]),
        ("3.3", "?update_mask=slots", {"slots": 1}, ["pool", "include_deferred"]),
        ("3.0", "", {"slots": 1}, ["pool", "description", "include_deferred"]),
        ("3.0", "?update_mask=slots", {"slots": 1}, []),
    ],
)
def test_a_change_of_a_pool_is_not_partial(version: str, query: str, body: dict[str, Any], missing: list[str]) -> None:
    """Measured on Airflow 3.3.2 and 3.0.6: the errors name the field only, and carry a URL."""
    api = Api(version)
    api.call("POST", "/pools", {"name": "p", "slots": 3})
    reply = api.call("PATCH", f"/pools/p{query}", body)
    assert reply.status == (422 if missing else 200)
    if missing:
        assert [error["loc"] for error in reply.body["detail"]] == [[name] for name in missing]
        assert all("url" in error for error in reply.body["detail"])


def test_a_pool_shows_how_its_slots_are_used() -> None:
    api = Api()
    assert api.get("/pools")["pools"][0]["open_slots"] == 128
    api.trigger("conformance_python")
    api.wait(0.4)
    pool = api.get("/pools")["pools"][0]
    assert (pool["running_slots"], pool["occupied_slots"], pool["open_slots"]) == (1, 1, 127)
    api.wait(5)
    assert api.get("/pools")["pools"][0] == {**pool, "running_slots": 0, "occupied_slots": 0, "open_slots": 128}
    assert api.call("POST", "/pools", {"name": "endless", "slots": -1}).body["open_slots"] == -1
    assert Api("3.0").call("POST", "/pools", {"name": "endless", "slots": -1}).status == 500


def test_values_of_variables_by_version() -> None:
    body = {"key": "v", "value": {"a": [1], "b": None}}
    assert Api().call("POST", "/variables", body).body["value"] == '{"a": [1], "b": null}'
    assert Api("3.0").call("POST", "/variables", body).body["value"] == "{'a': [1], 'b': None}"


def test_secrets_are_masked_and_survive_their_mask() -> None:
    api = Api()
    body = {"connection_id": "c", "conn_type": "x", "password": "p", "extra": '{"token":"t","x":1}'}
    made = api.call("POST", "/connections", body).body
    assert (made["password"], made["extra"]) == ("***", '{"token": "***", "x": 1}')
    api.call("PATCH", "/connections/c", {**made, "host": "h", "team_name": None})
    kept = api.mock.world.connections.get("c")
    assert kept is not None
    assert (kept.password, kept.extra, kept.host) == ("p", '{"token": "t", "x": 1}', "h")
    assert api.call("POST", "/variables", {"key": "my_password", "value": "p"}).body["value"] == "***"
    api.call("PATCH", "/variables/my_password", {"key": "my_password", "value": "***"})
    variable = api.mock.world.variables.get("my_password")
    assert variable is not None
    assert variable.value == "p"


@pytest.mark.parametrize(("extra", "status"), [("{bad", 422), ("[1]", 422), ("", 201), ('{"a": 1}', 201)])
def test_extra_must_be_the_text_of_an_object(extra: str, status: int) -> None:
    body = {"connection_id": "c", "conn_type": "x", "extra": extra}
    assert Api().call("POST", "/connections", body).status == status


@pytest.mark.parametrize(("version", "count"), [("3.0", 61), ("3.3", 62)])
def test_default_connections_are_created_once(version: str, count: int) -> None:
    api = Api(version)
    for _ in range(2):
        assert api.call("POST", "/connections/defaults").status == 204
        assert api.get("/connections")["total_entries"] == count


def test_connections_are_tested_only_where_that_is_enabled() -> None:
    body = {"connection_id": "c", "conn_type": "http"}
    assert Api().call("POST", "/connections/test", body).status == 403
    reply = Api(settings=("core.test_connection=Enabled",)).call("POST", "/connections/test", body)
    assert (reply.status, reply.body["status"]) == (200, False)


def test_a_connection_is_tested_by_and_by() -> None:
    api = Api("3.3", ("core.test_connection=Enabled",))
    body = {"connection_id": "c", "conn_type": "http"}
    asked = api.call("POST", "/connections/enqueue-test", body)
    assert (asked.status, asked.body["state"]) == (202, "pending")
    assert api.call("POST", "/connections/enqueue-test", body).status == 409
    api.wait(2)

    def seen_by(token: str) -> Reply:
        return api.call("GET", "/connections/enqueue-test", **{"airflow-connection-test-token": token})

    seen = seen_by(asked.body["token"])
    assert (seen.status, seen.body["state"], seen.body["connection_id"]) == (200, "failed", "c")
    assert api.call("POST", "/connections/enqueue-test", body).status == 202
    assert seen_by("none").status == 404
