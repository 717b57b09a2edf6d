from __future__ import annotations

import json
import posixpath
import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conformance.body import words_after
from conformance.decision import rules
from conformance.exchange import SAFE, Request
from conformance.guard import Creation, Guard, GuardRefusal
from specs import contract
from specs.contract import Interface, Operation, Parameter

VERSIONS = ["1.10", "2.2", "2.6", "2.11", "3.0", "3.1", "3.3"]
APIS = {"1": "experimental", "2": "stable-v1", "3": "public-v2"}
PREFIX = "conf_0123abcd_"
OWN, ABSENT, FOREIGN, FIXTURE = f"{PREFIX}x", 2_147_483_000, "theirs", "conformance_empty"
UNDECIDED = {"create_default_connections"}


def api(version: str) -> str:
    return APIS[version[0]]


def interface(version: str = "3.3") -> Interface:
    return contract.load(api(version)).cut(version)


def guard(version: str = "3.3", **options: Any) -> Guard:
    made = Guard(interface(version), PREFIX, **options)
    made.lend("asset_id", 7)
    made.lend("file_token", "token-of-a-fixture")
    return made


def writes(version: str) -> list[Operation]:
    every = interface(version).operations.values()
    return [one for one in every if writes_something(version, one) and not one.path.startswith("/auth/token")]


def writes_something(version: str, operation: Operation) -> bool:
    return operation.method not in SAFE or operation.id in ("dag_paused",)


WRITES = [pytest.param(version, one, id=f"{version}-{one.id}") for version in VERSIONS for one in writes(version)]


def request(method: str, target: str, body: Any = None, *headers: tuple[str, str]) -> Request:
    return Request(
        method, target, headers, body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    )


def value(interface: Interface, schema: dict[str, Any], text: str, number: int, depth: int = 0) -> Any:
    """A value of a schema in which everything that can name something has this text or this number."""
    schema = interface.resolve(schema)
    if "allOf" in schema:
        parts = [value(interface, one, text, number, depth) for one in schema["allOf"]]
        return {name: one for part in parts for name, one in (part or {}).items()}
    options = [one for key in ("anyOf", "oneOf") for one in schema.get(key, ()) if one.get("type") != "null"]
    if options:
        return value(interface, options[0], text, number, depth)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {name: value(interface, one, text, number, depth + 1) for name, one in properties.items()}
        case "array":
            return [value(interface, schema.get("items", {}), text, number, depth + 1)]
        case "string":
            return "2025-01-01T00:00:00Z" if "format" in schema else text
        case "integer":
            return number
        case "boolean":
            return False
    return None


def filled(version: str, operation: Operation, text: str, number: int) -> Request:
    """A request of an operation that names the same thing everywhere."""

    def part(segment: str) -> str:
        if not segment.startswith("{"):
            return segment
        parameter = operation.parameter(segment[1:-1], "path")
        return str(number) if is_number(parameter) else text

    here = interface(version)
    body = value(here, operation.body, text, number) if operation.body else None
    query = f"?dag_id_pattern={text}" if operation.id == "patch_dags" else ""
    return request(operation.method, "/".join(map(part, operation.path.split("/"))) + query, body)


def is_number(parameter: Parameter | None) -> bool:
    assert parameter is not None
    return parameter.schema.get("type") == "integer"


def refused(guard: Guard, asked: Request) -> str:
    with pytest.raises(GuardRefusal) as caught:
        guard.check(asked)
    return str(caught.value)


# ---- every operation that writes ----


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_that_writes_has_a_rule(version: str) -> None:
    assert {one.id for one in writes(version)} <= rules(api(version)).keys()


@pytest.mark.parametrize("version", ["1.10", "2.11", "3.3"])
def test_every_rule_is_of_an_operation_and_speaks_of_its_parameters(version: str) -> None:
    here = interface(version)
    assert rules(api(version)).keys() <= here.operations.keys()
    for name, rule in rules(api(version)).items():
        operation = here.operations[name]
        known = {parameter.name for parameter in operation.parameters} | set(fields(here, operation.body or {}))
        named = {
            *rule.also,
            *rule.renames,
            *rule.marked,
            *rule.unset,
            *rule.pattern,
            rule.body,
            rule.bulk,
            rule.list,
            *rule.period,
            "" if rule.pattern else rule.lent,
        }
        assert named - {"", "name"} <= known, name


def fields(interface: Interface, schema: dict[str, Any]) -> list[str]:
    schema = interface.resolve(schema)
    inner = [
        *schema.get("properties", {}).values(),
        schema.get("items", {}),
        *schema.get("anyOf", ()),
        *schema.get("oneOf", ()),
        *schema.get("allOf", ()),
    ]
    return [*schema.get("properties", {}), *(name for one in inner if one for name in fields(interface, one))]


@pytest.mark.parametrize(("version", "operation"), WRITES)
def test_what_is_somebody_elses_is_never_written(version: str, operation: Operation) -> None:
    asked = filled(version, operation, FOREIGN, 3)
    if rules(api(version))[operation.id].reads:
        assert guard(version).check(asked) == []
    else:
        local = operation.id not in UNDECIDED
        assert operation.id in refused(guard(version, local=local), asked)


@pytest.mark.parametrize(("version", "operation"), WRITES)
def test_what_nobody_has_may_be_written(version: str, operation: Operation) -> None:
    guard(version).check(filled(version, operation, OWN, ABSENT))


@pytest.mark.parametrize(("version", "operation"), WRITES)
def test_a_run_that_must_not_write_does_not(version: str, operation: Operation) -> None:
    reason = refused(guard(version, writes=False, why_not="because"), filled(version, operation, OWN, ABSENT))
    assert reason.endswith("is not sent: because")


@pytest.mark.parametrize(("version", "operation"), WRITES)
def test_everything_is_not_written(version: str, operation: Operation) -> None:
    if "{" in operation.path and not rules(api(version))[operation.id].reads:
        target = "/".join("~" if part.startswith("{") else part for part in operation.path.split("/"))
        assert "~" in refused(guard(version), request(operation.method, target, {}))


def test_an_operation_without_a_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: rule for name, rule in rules("public-v2").items() if name != "delete_pool"}
    monkeypatch.setattr("conformance.guard.rules", lambda _: left)
    assert "no rule" in refused(guard(), request("DELETE", f"/api/v2/pools/{OWN}"))


@pytest.mark.parametrize("version", VERSIONS)
def test_questions_and_logins_are_always_allowed(version: str) -> None:
    closed = guard(version, writes=False)
    for operation in interface(version).operations.values():
        if not writes_something(version, operation) and operation.id != "logout":
            assert closed.check(request(operation.method, operation.path.replace("{", "").replace("}", ""))) == []
    logins = {"public-v2": ("/auth/token", "/auth/token/cli", "//auth/token"), "stable-v1": ("/login/", "/login")}
    for path in logins.get(api(version), ()):
        assert closed.check(request("POST", path, {"username": "theirs"})) == []


# ---- what is created ----


@pytest.mark.parametrize(
    ("method", "target", "body", "kind", "ids"),
    [
        ("POST", "/api/v2/pools", {"name": OWN, "slots": 1}, "pool", {"name": OWN}),
        ("POST", "/api/v2/variables", {"key": OWN, "value": "theirs"}, "variable", {"key": OWN}),
        ("POST", "/api/v2/connections", {"connection_id": OWN, "host": "x"}, "connection", {"connection_id": OWN}),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns", {"dag_run_id": OWN, "note": "n"}, "dag_run",
         {"dag_id": FIXTURE, "dag_run_id": OWN}),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns", {"note": OWN}, "dag_run", {"dag_id": FIXTURE}),
        ("PUT", f"/api/v2/assets/7/state-store/{OWN}", {"value": 1}, "asset_state", {"asset_id": "7", "key": OWN}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}", {"is_paused": True}, "paused", {"dag_id": FIXTURE}),
        ("POST", f"/api/v2/dags/{FIXTURE}/favorite", None, "favorite", {"dag_id": FIXTURE}),
        ("POST", "/api/v2/backfills", {"dag_id": FIXTURE, "dag_run_conf": {"a": OWN}}, "backfill", {"dag_id": FIXTURE}),
        ("POST", "/api/v2/connections/defaults", None, "default_connections", {}),
        ("POST", "/api/v2/assets/events", {"asset_id": 7}, "asset_event", {"asset_id": "7"}),
        ("PATCH", f"/api/v2/dags?dag_id_pattern={FIXTURE}", {"is_paused": True}, "paused", {"dag_id": FIXTURE}),
    ],
)  # fmt: skip
def test_what_may_be_created_is_told(method: str, target: str, body: Any, kind: str, ids: dict[str, str]) -> None:
    assert guard().check(request(method, target, body)) == [Creation(kind, ids)]


def test_everything_that_a_bulk_request_may_create_is_told() -> None:
    actions = [
        {"action": "create", "entities": [{"key": OWN, "value": "a"}, {"key": OWN + "2", "value": "b"}]},
        {"action": "update", "entities": [{"key": OWN + "3", "value": "c"}]},
        {"action": "delete", "entities": [OWN + "4"]},
    ]
    created = guard().check(request("PATCH", "/api/v2/variables", {"actions": actions}))
    assert created == [Creation("variable", {"key": OWN}), Creation("variable", {"key": OWN + "2"})]


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("DELETE", f"/api/v2/dags/{FIXTURE}/dagRuns/{OWN}", None),
        ("DELETE", f"/api/v2/dags/~x/dagRuns/{OWN}", None),
        ("POST", f"/api/v2/dags/{FOREIGN}/dagRuns/{OWN}/clear", {"dry_run": False}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}/dagRuns", {"actions": [{"action": "delete", "entities": [OWN]}]}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearTaskInstances", {"dag_run_id": OWN, "dry_run": False}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearDagRuns", {"dag_runs": [{"dag_run_id": OWN}]}),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns/{OWN}/taskInstances/first/xcomEntries", {"key": "k", "value": 1}),
        ("PUT", f"/api/v2/dags/{FIXTURE}/dagRuns/{OWN}/taskInstances/first/state-store/k", {"value": 1}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}/dagRuns/theirs/taskInstances/first/dry_run", {"new_state": "failed"}),
        ("POST", "/api/v2/backfills/dry_run", {"dag_id": FIXTURE}),
        ("PUT", "/api/v2/parseDagFile/token-of-a-fixture", None),
        ("DELETE", "/api/v2/assets/7/queuedEvents", None),
        ("PATCH", f"/api/v2/dags?dag_id_pattern={OWN}", {"is_paused": True}),
        ("POST", "/api/v2/dags/~/dagRuns/list", {}),
        ("PUT", "/api/v2/version", None),
        ("DELETE", f"/api/v2/nothing/{OWN}", None),
        ("POST", "/api/v2/pools", {"slots": 3}),
        ("POST", "/api/v2/pools", {"name": None, "slots": 3, "description": "a text"}),
        ("POST", "/api/v2/pools", b"{not json"),
        ("POST", "/api/v2/pools", b""),
        ("POST", "/api/v2/pools", []),
        ("POST", "/api/v2/pools", {"name": [], "slots": 1}),
        ("PATCH", "/api/v2/pools", {}),
        ("PATCH", "/api/v2/pools", {"actions": []}),
        ("PATCH", "/api/v2/pools", {"actions": [{"action": "explode", "entities": [OWN]}]}),
        ("PATCH", f"/api/v2/pools/{OWN}", b"{not json"),
    ],
)
def test_harmless(method: str, target: str, body: Any) -> None:
    assert guard().check(request(method, target, body)) == []


# ---- what is refused ----


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("DELETE", f"/api/v2/dags/{FIXTURE}", None),
        ("PATCH", f"/api/v2/dags/{FIXTURE}", {"is_paused": True, "x": 1}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}", {"is_paused": "yes"}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}", b"{bad"),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns", {}),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns", {"dag_run_id": "manual__x", "note": OWN}),
        ("POST", f"/api/v2/dags/{FIXTURE}/dagRuns", b"junk"),
        ("POST", f"/api/v2/dags/{FOREIGN}/dagRuns", {"dag_run_id": OWN}),
        ("POST", "/api/v2/dags/~/dagRuns", {"dag_run_id": OWN}),
        ("DELETE", f"/api/v2/dags/~/dagRuns/{OWN}", None),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearTaskInstances", {"dry_run": False}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearTaskInstances", {"dag_run_id": OWN, "include_past": True}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearDagRuns", {"dag_runs": [{"dag_run_id": OWN}, {"dag_run_id": "theirs"}]}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearDagRuns", {"dag_runs": [{"dag_run_id": OWN}], "partition_key": "p"}),
        ("POST", f"/api/v2/dags/{FIXTURE}/clearDagRuns", {"dag_runs": ["theirs"]}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}/dagRuns/{OWN}/taskInstances/first", {"include_future": True}),
        ("PATCH", f"/api/v2/dags/{FIXTURE}/dagRuns/{OWN}/taskInstances",
         {"actions": [{"action": "update", "entities": [{"task_id": "first", "dag_run_id": "theirs"}]}]}),
        ("PUT", f"/api/v2/dags/{FOREIGN}/dagRuns/theirs/taskInstances/first/state-store/{OWN}", {"value": 1}),
        ("POST", "/api/v2/assets/events", {"asset_id": 8}),
        ("POST", "/api/v2/assets/events", {"asset_id": "8"}),
        ("POST", "/api/v2/assets/events", {"asset": 8}),
        ("POST", "/api/v2/assets/events", [8]),
        ("PUT", "/api/v2/assets/7/state-store/theirs", {"value": 1}),
        ("DELETE", "/api/v2/assets/8/state-store", None),
        ("POST", "/api/v2/backfills", {"dag_id": FIXTURE}),
        ("POST", "/api/v2/backfills/dry_run", {"dag_id": FOREIGN}),
        ("PUT", "/api/v2/backfills/3/cancel", None),
        ("PATCH", "/api/v2/dags", {"is_paused": True}),
        ("PATCH", "/api/v2/dags?dag_id_pattern=~", {"is_paused": True}),
        ("PATCH", f"/api/v2/dags?dag_id_pattern={OWN}|theirs", {"is_paused": True}),
        ("PATCH", f"/api/v2/dags?dag_id_pattern={OWN}&dag_id_pattern=theirs", {"is_paused": True}),
        ("DELETE", "/api/v2/pools", None),
        ("PUT", "/api/v2/pools", {"name": OWN}),
        ("POST", "/auth/fab/v1/users", {"username": OWN}),
        ("POST", "/execution/x", None),
        ("PATCH", f"/api/v2/pools/{OWN}", {"pool": "default_pool", "slots": 1}),
        ("POST", "/api/v2/pools", {"name": ""}),
        ("POST", "/api/v2/pools", {"name": 5}),
        ("POST", "/api/v2/pools", ["default_pool"]),
        ("POST", "/api/v2/pools", {"name": {"x": "default_pool"}}),
        ("POST", "/api/v2/pools", {"pool": "default_pool"}),
        ("POST", "/api/v2/pools", f'{{"name": "theirs", "name": "{OWN}"}}'.encode()),
        ("POST", "/api/v2/pools", f'{{"name": "{OWN}", "name": "theirs"}}'.encode()),
        ("POST", "/api/v2/pools", '{"name": "theirs"}'.encode("utf-16")),
        ("POST", "/api/v2/pools", b'{"name": "theirs", }'),
        ("POST", "/api/v2/pools", b"name=theirs&slots=1"),
        ("POST", "/api/v2/pools", b"<pool><name>theirs</name></pool>"),
        ("PATCH", "/api/v2/pools", {"actions": [{"action": "delete", "entities": [OWN, "default_pool"]}]}),
        ("PATCH", "/api/v2/pools", {"actions": [{"action": "delete", "entities": "default_pool"}]}),
        ("PATCH", "/api/v2/pools", {"actions": {"action": "delete", "entities": ["default_pool"]}}),
        ("PATCH", "/api/v2/pools", {"actions": [{"action": "create", "entities": [{"pool": "theirs"}]}]}),
        ("PATCH", "/api/v2/pools", b'{"actions": [{"action": "delete", "entities": ["default_pool"]}],}'),
    ],
)  # fmt: skip
def test_refused(method: str, target: str, body: Any) -> None:
    assert " is not sent: " in refused(guard(), request(method, target, body))


@pytest.mark.parametrize(
    "target",
    [
        "/api/v2/pools/default_pool/",
        "//api/v2//pools/default_pool",
        "/api/v2/pools/%64efault_pool",
        "/api/v2/pools%2Fdefault_pool",
        "/api%2Fv2%2Fpools%2Fdefault_pool",
        "/api/v2/pools%252Fdefault_pool",
        "/API/v2/pools/default_pool",
        f"/api/v2/pools/{OWN}/../default_pool",
        f"/api/v2/pools/{OWN}/%2e%2e/default_pool",
        f"/api/v2/pools/{OWN}%2F..%2Fdefault_pool",
        f"/api/v2/pools/{OWN}%252F..%252Fdefault_pool",
        f"/api/v2/pools/{OWN}\\..\\default_pool",
        f"/api/v2/pools/{OWN};/..;/default_pool",
        f"/api/v2/pools/default_pool?{OWN}",
        f"/api/v2/pools/default_pool%3F{OWN}",
        f"/api/v2/pools/default_pool%00{OWN}",
        f"/api/v2/pools/default_pool#/{OWN}",
        f"http://elsewhere/{OWN}",
        f"/api/v2/pools/x{OWN}",
        f"/api/v2/pools/{OWN.upper()}",
    ],
)
@pytest.mark.parametrize("method", ["DELETE", "delete"])
def test_no_trick_with_the_path_helps(method: str, target: str) -> None:
    refused(guard(), request(method, target))


@pytest.mark.parametrize(
    "asked",
    [
        request("POST", f"/api/v2/variables/{OWN}", b"12345", ("Content-Length", "2")),
        request("GET", "/api/v2/pools", b"12345", ("content-length", "0")),
        request("GET", "/api/v2/pools", b"12345", ("Content-Length", "5"), ("Content-Length", "1")),
        request("GET", "/api/v2/pools", b"0\r\n\r\nDELETE ...", ("Transfer-Encoding", "chunked")),
        request("POST", "/api/v2/pools", b"\x1f\x8b...", ("Content-Encoding", "gzip")),
        request("GET", "/api/v2/pools/default_pool", None, ("X-HTTP-Method-Override", "delete")),
        request("GET", "/api/v2/pools/default_pool?_method=DELETE"),
        request("POST", f"/api/v2/pools/default_pool/{OWN}?_method=DELETE", None, ("X-HTTP-Method", "PUT")),
    ],
)
def test_no_request_hides_in_another(asked: Request) -> None:
    if "default_pool/" in asked.target:
        assert guard().check(asked) == []  # there is no such pool, whatever the method
    else:
        refused(guard(), asked)


def test_a_token_that_was_given_is_not_revoked() -> None:
    kept = guard(kept=["given.to.us"])
    for path in ("/api/v2/auth/logout", "/api/v2/auth/Logout/", "/auth/logout", "/api/v2/auth%2Flogout"):
        assert "revoke" in refused(kept, request("GET", path, None, ("Cookie", "_token=given.to.us")))
        assert kept.check(request("GET", path, None, ("Authorization", "Bearer our.own.one"))) == []
        refused(guard(writes=False), request("GET", path))


def test_default_connections_only_on_this_machine() -> None:
    asked = request("POST", "/api/v2/connections/defaults")
    assert "not this machine" in refused(guard(local=False), asked)


def test_fixtures_are_lent_only_where_they_are_claimed() -> None:
    asked = request("PATCH", f"/api/v2/dags/{FIXTURE}", {"is_paused": True})
    refused(guard(lends=False), asked)


def test_what_the_target_named_itself_becomes_the_runs_own() -> None:
    asked = request("PUT", "/api/v2/backfills/12/cancel")
    ours = guard()
    refused(ours, asked)
    ours.own("backfill_id", 12)
    assert ours.check(asked) == []
    refused(ours, request("PUT", "/api/v2/backfills/13/cancel"))
    refused(ours, request("DELETE", "/api/v2/assets/12/queuedEvents"))


def test_a_refusal_names_the_operation_and_the_reason() -> None:
    assert refused(guard(), request("DELETE", "/api/v2/pools/default_pool")) == (
        "DELETE /api/v2/pools/default_pool (delete_pool) is not sent: "
        "pool_name 'default_pool': nothing of that is the run's"
    )


# ---- paths as a target may read them ----

SEGMENTS = st.sampled_from(
    ["..", OWN, "..;", "pools", "default_pool", "api", "v2", "dags", FIXTURE, "theirs", "", ".", "~", "x;"]
)
SEPARATORS = st.sampled_from(["/", "//", "%2F", "%2f", "%252F", "\\", "%5C", "/./", "/%2e%2E/"])
STARTS = ["/api/v2/pools/", f"/api/v2/pools/{OWN}", f"/api/v2/dags/{OWN}", f"/{OWN}", "/api/v2/"]
THEIRS = {"/api/v2/pools/default_pool", "/api/v2/dags/theirs", f"/api/v2/dags/{FIXTURE}", "/api/v2/pools"}


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path that leads somewhere else, one way or another."""
    start = draw(
        st.sampled_from(["/api/v2/pools/", f"/api/v2/pools/{OWN}", f"/api/v2/dags/{OWN}", f"/{OWN}", "/api/v2/"])
    )
    rest = "".join(draw(SEPARATORS) + draw(SEGMENTS) for _ in range(draw(st.integers(0, 4))))
    end = draw(st.sampled_from(["default_pool", "theirs", "pools/default_pool", "api/v2/pools", "?x", "#/" + OWN]))
    return start + rest + draw(SEPARATORS) + end


def read_by_a_target(target: str) -> set[str]:
    """The paths that servers and proxies of many kinds may take it for."""
    plain = target.partition("#")[0].partition("?")[0]
    found = {plain, unquote(plain), unquote(unquote(plain))}
    found |= {each.replace("\\", "/") for each in found}
    found |= {re.sub(r";[^/]*", "", each) for each in found}
    found |= {re.sub("/+", "/", each) for each in found}
    return {posixpath.normpath(re.sub("/+", "/", each)) for each in found}


@given(paths(), st.sampled_from(["DELETE", "PATCH", "PUT", "patch"]))
@settings(max_examples=300)
def test_whatever_a_target_makes_of_a_path_nothing_of_theirs_is_meant(target: str, method: str) -> None:
    try:
        guard().check(request(method, target, {"actions": [{"action": "delete", "entities": ["default_pool"]}]}))
    except GuardRefusal:
        return
    assert read_by_a_target(target) & THEIRS == set()


def test_a_token_in_a_form_names_nothing() -> None:
    token = "eyJhbGciOiJI.eyJzdWIi_idNaXA.sig-id-x"
    assert words_after(f"access_token={token}".encode(), "id") == []
    assert words_after(f"access_token={token}&id=theirs".encode(), "id") == ["theirs"]
