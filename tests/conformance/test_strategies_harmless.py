"""Every operation of every version has a harmless request: the guard lets it through, the contract allows it."""

from __future__ import annotations

import jsonschema_rs
import pytest

import profiles
from conformance.checks.every_api.refusals import LOGOUT, guarded
from conformance.credentials import Credentials
from conformance.strategies.harmless import Harmless, closed
from conformance.strategies.headers import NOTHING, Attempt
from conformance.strategies.minimal import minimal
from conformance.target import Target
from conformance.transport import Transport
from specs.contract import load

CUTS = [
    *((version, profile) for version in load().versions for profile in ("airflow-3", "airflow-3-fab")),
    *((version, "airflow-2-session") for version in load("stable-v1").versions if version >= (2, 2)),
    ("2.11", "airflow-2-experimental"),
    ("1.10", "airflow-1.10-open"),
]
#: How a run is read: the operation, the parameter that names it, and its path.
RUNS = {
    "public-v2": ("get_dag_run", "dag_run_id", "dagRuns"),
    "stable-v1": ("get_dag_run", "dag_run_id", "dagRuns"),
    "experimental": ("dag_run_status", "execution_date", "dag_runs"),
}


@pytest.fixture(params=CUTS, ids=lambda cut: f"{cut[1]}-{cut[0]}", scope="module")
def target(request: pytest.FixtureRequest) -> Target:
    """A target that nothing is sent to."""
    version, name = request.param
    profile = profiles.load(name, [f"airflow={version}"])
    return Target(profile, Transport("http://127.0.0.1:9"), Credentials({}), prefix="conf_1_")


def test_guard_lets_every_request_through(target: Target) -> None:
    harmless = Harmless(target, target.new_name("nothing"))
    for operation in target.interface.operations.values():
        if operation.id != LOGOUT:
            target.guard.check(harmless.request(operation, NOTHING))


def test_guard_of_another_machine_lets_every_guarded_request_through(target: Target) -> None:
    remote = Target(target.profile, Transport("https://airflow.example"), Credentials({}), prefix="conf_1_")
    harmless = Harmless(remote, remote.new_name("nothing"))
    for operation in guarded(remote, remote.interface.operations.values()):
        remote.guard.check(harmless.request(operation, NOTHING))


def test_request_is_for_its_operation(target: Target) -> None:
    harmless = Harmless(target, target.new_name("nothing"))
    for operation in target.interface.operations.values():
        request = harmless.request(operation, NOTHING)
        assert target.interface.find(request.method, request.target) is operation
        assert request.header("Authorization") is None


def test_body_is_what_the_contract_allows(target: Target) -> None:
    harmless = Harmless(target, target.new_name("nothing"))
    for operation in target.interface.operations.values():
        if operation.body is not None:
            schema = {**operation.body, "components": target.interface.document["components"]}
            jsonschema_rs.validate(schema, harmless.body(operation))
            jsonschema_rs.validate(schema, minimal(target.interface, operation.body))


def test_writes_are_about_nothing_that_is_there(target: Target) -> None:
    harmless = Harmless(target, "conf_1_nothing", there={RUNS[target.api.name][1]: "there"})
    for operation in target.interface.operations.values():
        request = harmless.request(operation, NOTHING)
        if target.guard.writes(operation):
            assert "conformance_" not in request.target
            assert "there" not in request.target


def test_reads_are_about_what_is_there(target: Target) -> None:
    name, parameter, segment = RUNS[target.api.name]
    harmless = Harmless(target, "conf_1_nothing", there={parameter: "there"})
    run = target.interface.operations[name]
    assert harmless.request(run, NOTHING).target == f"{target.api.prefix}/dags/conformance_empty/{segment}/there"
    pool = target.interface.operations["get_pool"]
    assert harmless.request(pool, NOTHING).target == f"{target.api.prefix}/pools/default_pool"


def test_attempt_goes_along(target: Target) -> None:
    attempt = Attempt("both", (("X-Token", "a"),), (("token", "b"),))
    operation = target.interface.operations[target.api.common]
    request = Harmless(target, "conf_1_x").request(operation, attempt)
    assert request.target == f"{operation.path}?token=b"
    assert request.header("X-Token") == "a"


def test_name_may_stand_within_a_text() -> None:
    target = Target(
        profiles.load("airflow-2-session"), Transport("http://127.0.0.1:9"), Credentials({}), prefix="conf_1_"
    )
    body = Harmless(target, "conf_1_x").body(target.interface.operations["post_user"])
    assert (body["username"], body["email"]) == ("conf_1_x", "conf_1_x@example.org")


def test_only_what_an_option_closes_is_closed(target: Target) -> None:
    shut = {name for name in target.interface.operations if closed(target, name)}
    may = {"get_config", "get_config_value", "get_value", "test_connection", "enqueue_connection_test"}
    assert may & {"get_config"} & target.interface.operations.keys() <= shut <= may
    assert ("get_value" in shut) == ("get_value" in target.interface.operations)


def test_option_opens_what_it_closed() -> None:
    profile = profiles.load("airflow-3", ["api.expose_config=True"])
    opened = Target(profile, Transport("http://127.0.0.1:9"), Credentials({}), prefix="conf_1_")
    assert not closed(opened, "get_config")
