from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from conformance.auth.base import NoCredential
from conformance.auth.jwt import bearer
from conformance.exchange import Exchange, Request
from conformance.guard import GuardRefusal
from conformance.meter import Meter, metering
from conformance.target import Target
from tests.conformance.targets import mock, mocked, target_at
from tests.kerberos.realm import Realm


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    with mocked() as made:
        yield made


@pytest.mark.parametrize(
    ("asked", "method", "expected"),
    [
        ({"method_or_operation": "get_dags"}, "GET", "/api/v2/dags"),
        ({"method_or_operation": "get_dag", "params": {"dag_id": "a/b c~é%"}},
         "GET", "/api/v2/dags/a%2Fb%20c~%C3%A9%25"),
        ({"method_or_operation": "get_dags", "query": {"limit": 1, "paused": True, "tags": ["a", "b&c"], "x": None}},
         "GET", "/api/v2/dags?limit=1&paused=true&tags=a&tags=b%26c"),
        ({"method_or_operation": "get_dags", "query": [("order_by", "-a"), ("order_by", "b")]},
         "GET", "/api/v2/dags?order_by=-a&order_by=b"),
        ({"method_or_operation": "BREW", "path": "/a/../%zz?b[]="}, "BREW", "/a/../%zz?b[]="),
        ({"method_or_operation": "GET", "path": "/a?b", "query": {"c": "d"}}, "GET", "/a?b&c=d"),
        ({"method_or_operation": "GET", "path": "/x/{a}", "params": {"a": "/"}}, "GET", "/x/%2F"),
    ],
)  # fmt: skip
def test_request_line(target: Target, asked: dict[str, Any], method: str, expected: str) -> None:
    request = target.request(**asked, role=None)
    assert (request.method, request.target, request.headers, request.body) == (method, expected, (), None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"method_or_operation": "get_dagz"}, "did you mean get_dag"),
        ({"method_or_operation": "GET"}, "a request by method needs a path"),
        ({"method_or_operation": "get_dag"}, r"has the parameters \['dag_id'\]; given were \[\]"),
        ({"method_or_operation": "get_dags", "params": {"x": 1}}, r"given were \['x'\]"),
        ({"method_or_operation": "POST", "path": "/", "json": {}, "body": b""}, "either json or a body"),
    ],
)
def test_a_request_that_cannot_be_built(target: Target, asked: dict[str, Any], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        target.request(**asked, role=None)


@pytest.mark.parametrize(
    ("how", "header", "role"),
    [
        ({}, "Bearer {op}", "op"),
        ({"role": "op"}, "Bearer {op}", "op"),
        ({"role": None}, None, None),
        ({"token": "x"}, "Bearer x", None),
        ({"token": None}, None, None),
        ({"authorization": "Basic y"}, "Basic y", None),
        ({"authorization": None}, None, None),
        ({"headers": [("authorization", "z")]}, "z", None),
    ],
)
def test_who_asks(target: Target, how: dict[str, Any], header: str | None, role: str | None) -> None:
    request = target.request("get_dags", **{"role": "op", **how})
    expected = header.format(op=target.token("op")) if header else None
    assert (request.header("Authorization"), request.role) == (expected, role)
    assert sum(name.lower() == "authorization" for name, _ in request.headers) == (header is not None)


def test_bodies(target: Target) -> None:
    made = target.request("post_pool", json={"a": "é", "b": [None]}, role=None)
    assert (made.body, made.headers) == ('{"a":"é","b":[null]}'.encode(), (("Content-Type", "application/json"),))
    other = target.request("post_pool", json=None, headers=[("content-type", "x/y")], role=None)
    assert (other.body, other.headers) == (b"null", (("content-type", "x/y"),))
    raw = target.request("post_pool", body=b"\x00", role=None)
    assert (raw.body, raw.headers) == (b"\x00", ())


def test_the_operation_of_a_raw_request_is_found(target: Target) -> None:
    assert target.request("GET", "/api/v2/pools/x?y", role=None).operation == "get_pool"
    assert target.request("GET", "/nowhere", role=None).operation is None


def test_every_exchange_is_told(target: Target) -> None:
    told: list[Exchange] = []
    target.transport.after.append(told.append)
    before = target.sent
    answers = target.all([target.request(name, role=None) for name in ("get_version", "get_health")])
    target.transport.after.remove(told.append)
    assert sorted(told, key=lambda each: each.number) == sorted(answers, key=lambda each: each.number)
    assert [each.status for each in answers] == [200, 200]
    assert target.sent == before + 2


def test_names_are_new_and_the_runs_own(target: Target) -> None:
    names = [target.new_name("pool"), target.new_name("pool"), target.new_name()]
    assert len(set(names)) == 3
    assert all(name.startswith(target.prefix) for name in names)
    assert not any(later.startswith(earlier) for earlier, later in pairwise(names[:2]))


def test_no_two_runs_share_a_prefix() -> None:
    prefixes = [target_at("http://localhost:1", worker="gw0").prefix for _ in range(3)]
    assert len(set(prefixes)) == 3
    assert all(prefix.endswith("_gw0_") for prefix in prefixes)


@pytest.mark.parametrize(
    ("profile", "settings", "expected"),
    [
        ("airflow-3", (), ["jwt"]),
        ("airflow-2-session", (), ["session"]),
        ("airflow-2-basic", (), ["session", "basic"]),
        ("airflow-2-chain", (), ["session", "basic"]),
        ("airflow-2-open", (), ["session"]),
        ("airflow-2-deny-all", (), ["session"]),
        ("airflow-2-custom", (), ["session", "custom"]),
        ("airflow-2.2-basic", (), ["basic"]),
        ("airflow-2.2-basic", ("api.auth_backend=airflow.api.auth.backend.deny_all",), []),
        ("airflow-1.10-open", (), ["open"]),
        ("airflow-1.10-deny-all", (), []),
        ("airflow-1.10-password", (), ["password"]),
        ("airflow-1.10-kerberos", (), ["kerberos"]),
        ("airflow-2-experimental", (), ["open"]),
        ("airflow-2-experimental", ("api.auth_backends=airflow.api.auth.backend.basic_auth",), ["basic"]),
        ("airflow-2-experimental", ("api.auth_backends=airflow.api.auth.backend.session",), ["session"]),
    ],
)
def test_drivers_are_those_of_the_backends_the_cheapest_first(
    profile: str, settings: tuple[str, ...], expected: list[str]
) -> None:
    target = target_at("http://localhost:1", profile, *settings)
    assert list(target.drivers) == expected
    assert target.driver in target.drivers.values() or not expected
    assert target.facts.get("admits", True) == bool(expected)


def test_nobody_gets_in_where_everything_is_denied() -> None:
    target = target_at("http://localhost:1", "airflow-2.2-basic", "api.auth_backend=airflow.api.auth.backend.deny_all")
    with pytest.raises(NoCredential, match="no configured backend"):
        target.request("get_dags")
    assert target.request("get_dags", role=None).headers == ()


def test_each_driver_can_be_chosen() -> None:
    with mock("airflow-2-chain") as url:
        target = target_at(url, "airflow-2-chain")
        ways = {via: target.request("get_dags", role="op", via=via) for via in (None, "session", "basic")}
        assert ways[None].headers == ways["session"].headers
        assert (ways["session"].header("Authorization"), ways["basic"].header("Cookie")) == (None, None)
        assert (ways["basic"].header("Authorization") or "").startswith("Basic ")
        assert {each.role for each in ways.values()} == {"op"}
        assert [each.status for each in target.all(ways.values())] == [200, 200, 200]
        assert target.call("get_variables", role="viewer", via="basic").status == 403
        assert target.call("get_dags", role=None).status == 401
        with pytest.raises(KeyError):
            target.request("get_dags", via="jwt")


def test_own_headers_are_sent() -> None:
    with mock("airflow-2-custom") as url:
        target = target_at(url, "airflow-2-custom")
        request = target.request("get_dags", role="viewer", via="custom")
        assert request.headers == (("X-Conformance-User", "viewer"), ("X-Conformance-Key", "viewer"))
        assert target.send(request).status == 200
        assert target.call("get_variables", role="viewer", via="custom").status == 403


def test_roles(target: Target) -> None:
    assert target.roles == ("admin", "op", "user", "viewer")
    assert target.call("get_variables", role="viewer").status == 403
    assert target.call("get_variables", role=None).status == 401
    with pytest.raises(NoCredential):
        target.request("get_dags", role="public")


def test_a_fresh_token_may_be_revoked(target: Target) -> None:
    kept, fresh = target.token(), target.token(fresh=True)
    assert fresh != kept
    assert target.call("logout", token=fresh).status == 307
    assert target.call("get_dags", token=fresh).status == 403
    assert target.call("get_dags").status == 200


@pytest.mark.parametrize("kind", ["pool", "variable", "connection"])
def test_create(target: Target, kind: str) -> None:
    made = target.create(kind)
    assert made.status == 201
    name = target.new_name()
    assert name in str(target.create(kind, name=name).json())
    names = [target.new_name() for _ in range(3)]
    assert [each.status for each in target.create_many(kind, names)] == [200]
    listed = str(target.call(f"get_{kind}s", query={"limit": 100}).json())
    assert all(each in listed for each in (name, *names))


def test_create_many_without_a_bulk_operation(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    real = target.send

    def without_bulk(request: Request) -> Exchange:
        return Exchange(request, error="no") if request.operation == "bulk_pools" else real(request)

    monkeypatch.setattr(target, "send", without_bulk)
    assert [each.status for each in target.create_many("pool", [target.new_name(), target.new_name()])] == [201, 201]


def test_create_what_belongs_to_something(target: Target) -> None:
    run = target.create("dag_run", dag_id="conformance_empty", note="n")
    assert (run.status, run.json()["note"]) == (200, "n")
    asset = target.fixture_asset("conformance_asset")
    assert asset is not None
    assert target.create("asset_state", asset_id=asset, value=1).status == 204


def test_parts_of_the_fixtures_are_lent_when_they_are_asked_for() -> None:
    with mocked() as target:
        asset = target.call("get_assets", query={"name_pattern": "conformance_asset"}).json()["assets"][0]["id"]
        event = target.request("create_asset_event", json={"asset_id": asset})
        with pytest.raises(GuardRefusal):
            target.send(event)
        assert target.fixture_asset("conformance_asset") == asset
        assert target.send(event).status == 200
        token = target.fixture_file_token("conformance_empty")
        assert target.call("reparse_dag_file", params={"file_token": token}).status == 201


@pytest.mark.parametrize(
    ("url", "how", "reason"),
    [
        ("http://10.0.0.1", {}, "10.0.0.1 is not this machine, and --allow-writes was not given"),
        ("http://127.0.0.1", {"read_only": True}, "the run is read-only"),
        ("http://127.0.0.1", {"without": ["writes"]}, "does not claim the capability writes"),
    ],
)
def test_who_must_not_write_does_not(url: str, how: dict[str, Any], reason: str) -> None:
    target = target_at(url, **how)
    with pytest.raises(GuardRefusal, match=reason):
        target.call("post_pool", json={"name": target.new_name(), "slots": 1}, role=None)
    assert target.sent == 0


def test_somebody_elses_is_held_back(target: Target) -> None:
    with pytest.raises(GuardRefusal, match="delete_pool"):
        target.call("delete_pool", params={"pool_name": "default_pool"})
    with pytest.raises(GuardRefusal):
        target.all([target.request("get_pools"), target.request("DELETE", "/api/v2/pools/default_pool")])
    assert target.call("get_pool", params={"pool_name": "default_pool"}).status == 200


@pytest.mark.parametrize("version", ["3.0", "3.3"])
def test_versions_have_their_own_operations(version: str) -> None:
    target = target_at("http://localhost:1", "airflow-3", f"airflow={version}")
    assert ("favorite_dag" in target.interface.operations) == (version == "3.3")
    assert target.facts["airflow"] == target.version == target.profile.airflow


def test_all_admins() -> None:
    with mock("airflow-3-all-admins") as url:
        target = target_at(url, "airflow-3-all-admins")
        assert target.create("pool").status == 201
        assert target.clean_up() == []


def test_dates_are_new_and_the_runs_own() -> None:
    target = target_at("http://localhost:1", "airflow-1.10-open")
    dates = [target.new_date(), target.new_date(), target.new_date(whole=True)]
    assert len({each[:19] for each in dates}) == 3
    assert ["." in each for each in dates] == [True, True, False]
    assert all(target.guard.owns("execution_date", each) for each in dates)


def test_a_spare_dag_is_one_of_the_many() -> None:
    target = target_at("http://localhost:1", "airflow-1.10-open")
    found = [target.spare_dag(), target.spare_dag(1), target.spare_dag(100)]
    assert all(name.startswith("conformance_page_") for name in found)
    assert found[0] == found[2] != found[1]


def test_each_check_has_spare_dags_of_its_own() -> None:
    target, checks = target_at("http://localhost:1", "airflow-1.10-open"), [Meter() for _ in range(8)]
    found: list[list[str]] = []
    for meter in checks * 2:
        with metering(meter):
            found.append([target.spare_dag(number) for number in range(12)])
    assert found[:8] == found[8:]
    assert len({name for names in found for name in names}) == 8 * 12


@pytest.mark.parametrize("asked", [("logout",), ("GET", "/api/v2/auth/logout")])
def test_who_logs_out_does_so_with_a_token_of_its_own(asked: tuple[str, ...]) -> None:
    with mocked() as target:
        assert target.call(*asked).status == 307
        shared = target.request("get_pools")
        ending = target.request(*asked)
        assert ending.header("Authorization") != shared.header("Authorization") == bearer(target.token())[0][1]
        assert target.send(ending).status == 307
        assert target.send(shared).status == 200


def test_where_everybody_is_let_in_nothing_is_sent_for_a_role() -> None:
    request = target_at("http://localhost:1", "airflow-1.10-open").request("get_pools", role="admin")
    assert request.header("Authorization") is None


@pytest.mark.parametrize(
    ("profile", "cache", "expected"),
    [
        ("airflow-1.10-kerberos", "admin", ["kerberos"]),
        ("airflow-1.10-kerberos", "expired", ["kerberos"]),
        ("airflow-2-kerberos", "admin", ["session", "kerberos"]),
        ("airflow-2-kerberos", "expired", ["session"]),
    ],
)
def test_ways_in_where_tickets_count(
    in_realm: Realm, monkeypatch: pytest.MonkeyPatch, profile: str, cache: str, expected: list[str]
) -> None:
    monkeypatch.setenv("KRB5CCNAME", in_realm.caches[cache])
    assert list(target_at("http://127.0.0.1:1", profile).drivers) == expected


def test_host_of_the_service_may_be_said() -> None:
    assert target_at("http://af.example.org", "airflow-1.10-kerberos").kerberos.host == "af.example.org"
    said = target_at("http://af.example.org", "airflow-1.10-kerberos", kerberos_hostname="inner.example.org")
    assert said.kerberos.host == "inner.example.org"
