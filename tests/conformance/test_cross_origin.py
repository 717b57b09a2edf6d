from __future__ import annotations

from conformance.browser import Policy
from conformance.credentials import Credentials
from conformance.cross_origin import (
    ANYBODY,
    actual,
    askable,
    errors,
    paths,
    preflight,
    refused,
    sample_origins,
    some_origins,
    somebody,
)
from conformance.target import Target
from conformance.transport import Transport
from profiles import load
from profiles.model import Cors

A = "https://a.example"


def unreachable(without: str = "", name: str = "airflow-3-all-admins") -> Target:
    """A target that no request gets to, nor needs to."""
    profile = load(name)
    profile = profile.without(without) if without else profile
    return Target(profile, Transport("http://127.0.0.1:9"), Credentials({}), prefix="conf_1_")


def test_preflight_is_as_a_browser_sends_it() -> None:
    request = preflight(unreachable(), A, "/api/v2/dags", method="PATCH", asked="x-a, x-b")
    assert (request.method, request.target, request.body) == ("OPTIONS", "/api/v2/dags", None)
    assert request.header("Origin") == A
    assert request.header("Access-Control-Request-Method") == "PATCH"
    assert request.header("Access-Control-Request-Headers") == "x-a, x-b"
    assert request.header("Authorization") is None


def test_actual_request_carries_the_origin() -> None:
    request = actual(unreachable(), A, query={"limit": 1})
    assert (request.method, request.query, request.header("Origin")) == ("GET", "limit=1", A)


def test_paths_have_no_braces_and_one_that_is_unknown() -> None:
    target = unreachable()
    found = paths(target, target.interface.operations.values(), "standard")
    assert len(found) > 80
    assert not any("{" in path for path in found)
    assert "/api/v2/conformance-has-no-such-path" in found
    assert "/auth/token" in found
    assert set(paths(target, target.interface.operations.values(), "smoke")) == set(
        target.api.data("cross_origin")["few"]
    )


def test_read_only_run_asks_about_reading() -> None:
    target = unreachable(without="writes")
    operations = list(target.interface.operations.values())
    assert {each.method for each in askable(target, operations)} == {"GET"}
    assert not any(path.endswith("/logout") for path in paths(target, operations, "standard"))
    assert {each.method for each in refused(target, A, operations)} == {"GET"}


def test_every_operation_is_refused_once() -> None:
    target = unreachable()
    requests = refused(target, A, target.interface.operations.values())
    assert [each.operation for each in requests] == list(target.interface.operations)
    assert {(each.header("Origin"), each.header("Authorization")) for each in requests} == {(A, "Bearer none")}


def test_origins_to_ask_for() -> None:
    assert sample_origins(Policy.of(Cors(None, None, f"{A} *"))) == [A, ANYBODY]
    assert some_origins(Policy.of(Cors("accept", None, None))) == [ANYBODY]


def test_where_nobody_is_let_in_nobody_asks() -> None:
    target = unreachable(name="airflow-2-deny-all")
    assert somebody(target) is None
    requests = errors(target, A)
    assert len(requests) > 5
    assert {each.header("Origin") for each in requests} == {A}
    assert all(each.path.startswith("/api/v1/") for each in requests)
    assert not any("no-such-path" in path for path in paths(target, target.interface.operations.values(), "standard"))
