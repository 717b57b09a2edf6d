"""What roles.yaml says of who may do what."""

from __future__ import annotations

from collections import Counter

import pytest

import profiles
from conformance.checks.every_api.roles import least, order
from conformance.credentials import Credentials
from conformance.target import Target
from conformance.transport import Transport
from specs.contract import load


def target(profile: str, version: object) -> Target:
    """A target that nothing is sent to."""
    found = profiles.load(profile, [f"airflow={version}"])
    return Target(found, Transport("http://127.0.0.1:9"), Credentials({}), prefix="conf_1_")


@pytest.mark.parametrize(
    ("profile", "api"), [("airflow-3", "public-v2"), ("airflow-3-fab", "public-v2"), ("airflow-2-session", "stable-v1")]
)
def test_operations_and_roles_are_known(profile: str, api: str) -> None:
    newest = target(profile, load(api).versions[-1])
    assert least(newest).keys() <= newest.interface.operations.keys()
    assert set(least(newest).values()) <= set(order(newest))
    named = [name for entry in newest.api.data("roles")["least"] for names in entry["may"].values() for name in names]
    assert set(named) <= load(api).cut(newest.version, newest.profile.auth_manager).operations.keys()
    assert max(Counter(named).values()) <= 2


def test_every_operation_of_the_stable_api_is_there_for_somebody() -> None:
    newest = target("airflow-2-session", "2.11")
    assert {one.id for one in newest.interface.operations.values() if not one.open} == least(newest).keys()


@pytest.mark.parametrize(("version", "role"), [("2.6", "op"), ("2.8", None), ("2.11", "viewer")])
def test_who_may_read_pools_depends_on_the_version(version: str, role: str | None) -> None:
    assert least(target("airflow-2-session", version)).get("get_pools") == role


def test_auth_managers_of_airflow_3_differ() -> None:
    assert least(target("airflow-3", "3.3"))["get_plugins"] == "viewer"
    assert least(target("airflow-3-fab", "3.3"))["get_plugins"] == "op"


def test_nobody_is_less_than_a_viewer_in_airflow_2() -> None:
    assert order(target("airflow-2-session", "2.11"))[:2] == ("public", "viewer")
