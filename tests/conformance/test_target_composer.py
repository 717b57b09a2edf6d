"""What the suite makes of a profile of Cloud Composer; nothing is sent."""

from __future__ import annotations

import pytest

import profiles
from conformance.auth.base import NoWay
from conformance.auth.google import Google
from conformance.credentials import Credential, Credentials
from conformance.target import Target
from conformance.transport import Transport
from tests.conformance.targets import target_at

NOWHERE = "http://127.0.0.1:9"
GIVEN = Credentials({"admin": Credential("admin", "here", token="ya29.given-to-the-suite-itself")})


def target(profile: str, *settings: str) -> Target:
    return Target(profiles.load(profile, settings), Transport(NOWHERE), GIVEN, prefix="conf_1_")


@pytest.mark.parametrize(
    ("profile", "settings", "drivers"),
    [
        ("composer-2", (), ["composer_auth"]),
        ("composer-2-experimental", (), ["composer_auth"]),
        ("composer-2-deny-all", (), []),
        ("composer-2", ("web_server_allow_ip=192.0.2.0/24",), []),
    ],
)
def test_the_proxy_is_shown_the_same_whatever_airflow_asks(
    profile: str, settings: tuple[str, ...], drivers: list[str]
) -> None:
    made = target(profile, *settings)
    assert list(made.drivers) == drivers
    assert made.facts["admits"] == bool(drivers)
    sent = made.request("GET", "/api/v1/version")
    assert sent.header("Authorization") == "Bearer ya29.given-to-the-suite-itself"
    assert "given" not in made.redactor.request(sent).headers[0][1]


def test_behind_a_proxy_no_operation_is_open() -> None:
    version = target("composer-2").interface.operations["get_version"]
    assert version.open
    assert target("composer-2").asks(version)
    assert not target_at(NOWHERE, "airflow-2-basic").asks(version)


def test_an_airflow_without_a_platform_is_shown_nothing_of_google_s() -> None:
    made = target_at(NOWHERE, "airflow-1.10-deny-all")
    assert isinstance(made.driver, NoWay)
    assert not any(isinstance(each, Google) for each in target_at(NOWHERE, "airflow-2-chain").drivers.values())
