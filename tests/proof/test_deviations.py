"""The suite finds every fault that the mock can be told to have, and names a requirement that the fault breaks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import profiles
from mockserver.deviations import Deviation, catalogue
from mockserver.pytest_plugin import RunningMock
from specs import requirements
from tests.kerberos.credentials import options
from tests.kerberos.realm import Realm
from tests.suite import google_keys, run_suite

NO_CORS = [f"api.access_control_allow_{name}=null" for name in ("headers", "methods", "origins")]
CHAINED = ("session", "kerberos_auth")
SETUPS: list[tuple[str, list[str]]] = [
    *((name, []) for name in profiles.names()),
    ("airflow-3", ["airflow=3.0"]),
    ("airflow-3", ["api.maximum_page_limit=5"]),
    ("airflow-3", ["api.maximum_page_limit=null"]),
    ("airflow-3", NO_CORS),
    ("airflow-2-chain", ["api.maximum_page_limit=5"]),
    ("airflow-2-chain", ["api.maximum_page_limit=null"]),
    ("airflow-2-chain", NO_CORS),
    ("airflow-2-chain", ["webserver_config.AUTH_ROLE_PUBLIC=Viewer"]),
    ("composer-2", ["api.enable_experimental_api=True"]),
    ("composer-2", ["web_server_allow_ip=10.0.0.0/8"]),
    ("airflow-2-kerberos", [f"api.auth_backends={','.join(f'airflow.api.auth.backend.{x}' for x in CHAINED)}"]),
]
FOUND = {"MUST": "FAIL", "SHOULD": "WARN"}


def setup_for(deviation: Deviation) -> tuple[str, list[str]]:
    """The first profile, with overrides, under which the fault can show, and whose document has what it breaks."""
    about = {requirements.find(name).document for name in deviation.breaks}
    return next(
        (name, sets)
        for name, sets in SETUPS
        if deviation.applies(profile := profiles.load(name, sets)) and about.intersection(profile.documents)
    )


@pytest.fixture
def tickets(deviation: Deviation, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[list[str], list[str]]:
    """What mock and suite need of a realm, where the fault shows with Kerberos: settings, and options."""
    profile = profiles.load(*setup_for(deviation))
    if "kerberos" not in profile.asked_kinds:
        return [], []
    realm: Realm = request.getfixturevalue("in_realm")
    return [f"kerberos.keytab={realm.both_keytab}"], options(profile, realm, tmp_path)


def case(deviation: Deviation) -> Any:
    """A case of the proof. What breaks a law about every operation takes longer: those have a mark."""
    lawless = any(part in name for name in deviation.breaks for part in ("-API-", "-STATE-"))
    return pytest.param(deviation, id=deviation.name, marks=[pytest.mark.interface] if lawless else [])


@pytest.mark.parametrize("deviation", [case(each) for each in catalogue().values()])
def test_deviation_is_found(
    deviation: Deviation,
    airflow_mock: Callable[..., RunningMock],
    tickets: tuple[list[str], list[str]],
    tmp_path: Path,
) -> None:
    profile, settings = setup_for(deviation)
    keytab, credentials = tickets
    mock = airflow_mock(profile, settings=[*settings, *keytab], deviations=[deviation.name])
    credentials = [*credentials, *google_keys(mock, tmp_path)]
    only = [f"--only={name}" for name in deviation.breaks]
    for quick in (["--exitfirst"], []):  # the first check that fails may do so for another requirement
        words = [*quick, *only, *credentials]
        code, result = run_suite(mock.url, profile, tmp_path, settings=settings, options=words)
        verdicts = {each["id"]: each["verdict"] for each in result["requirements"]}
        found = [name for name in deviation.breaks if verdicts[name] == FOUND[requirements.find(name).level]]
        if found:
            break
    assert found, {name: verdicts[name] for name in deviation.breaks}
    assert code == (1 if "FAIL" in verdicts.values() else 3)  # a part of the requirements gives no verdict by itself
